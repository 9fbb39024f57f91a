#pragma once
// Compiler: walks a schema once, fills the tables of a Program, and resolves references at the end.
//
// Every subschema that stands under a keyword is compiled, whether it is referred to or not; what else a JSON
// Pointer leads to is compiled when the reference is resolved.

#include "json/schema/program.hpp"
#include "json/schema/references.hpp"
#include "json/schema/schema.hpp"

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sluice::json::schema {

/// The keywords of one schema object.
using Keywords = std::array<Value, keyword_count>;

/// A subschema while it is read.
struct Frame {
  Index self;
  std::uint32_t depth;
  const Keywords& keywords;
  Index resource = 0;
  Dialect dialect;
  TypeSet types = every_type;
  std::vector<Rule> rules;
  std::vector<NumberBound> bounds;
  std::vector<Property> properties;
  std::vector<Dependent> dependents;
  Range required;  ///< of names
  TextRules text;
  ArrayRules array;
  ObjectRules object;
  bool has_text = false, has_array = false, has_object = false;

  Value operator[](Keyword keyword) const { return keywords[static_cast<std::size_t>(keyword)]; }
};

class Compiler {
 public:
  Compiler(const CompileOptions& options, Program& program) : options_(options), program_(program) {}

  Result<> compile(Value schema);

 private:
  friend struct Readers;
  using Reader = Result<> (Compiler::*)(Frame&, Keyword, Value);

  // compiler.cpp
  Result<Index> compile_document(Value root, std::string address, Dialect dialect);
  Result<Index> subschema(Value schema, Place place, Index resource, std::uint32_t depth);
  Result<> schema_object(Value schema, Index self, Index resource, std::uint32_t depth);
  Result<> collect(Value schema, Index self, Keywords& keywords);
  Result<> read(Frame& frame);
  void store(Frame& frame);
  Result<Index> child(const Frame& frame, Keyword keyword, Value schema);
  Result<Index> child(const Frame& frame, Keyword keyword, std::string_view token, Value schema);

  // compile_identity.cpp
  Result<> identify(Frame& frame, Value schema);
  Result<> name_document(Frame& frame, const std::string& address);
  Result<> open_resource(Frame& frame, Value schema, const std::string& address);
  Result<Dialect> dialect_of(Value schema, Index self, Dialect otherwise);
  Result<Dialect> custom_dialect(std::string_view address, Index self);
  Result<> read_anchor(Frame& frame, Keyword keyword, Value name);
  Result<> read_reference(Frame& frame, Keyword keyword, Value reference);
  Result<> read_definitions(Frame& frame, Keyword keyword, Value schemas);
  Index dynamic_name(std::string_view name);

  // compile_assertions.cpp
  Result<> read_type(Frame& frame, Keyword keyword, Value types);
  Result<> read_constant(Frame& frame, Keyword keyword, Value value);
  Result<> read_enumeration(Frame& frame, Keyword keyword, Value values);
  Result<> read_bound(Frame& frame, Keyword keyword, Value bound);
  Result<> read_count(Frame& frame, Keyword keyword, Value count);
  Result<> read_pattern(Frame& frame, Keyword keyword, Value pattern);
  Result<> read_format(Frame& frame, Keyword keyword, Value format);
  Result<> read_unique(Frame& frame, Keyword keyword, Value unique);
  void add_choice(Frame& frame, Keyword keyword, const std::vector<Value>& values, Value written);
  Constant constant(Value value);
  Result<Index> pattern(std::string_view source, Index self, Keyword keyword, std::string_view token);

  // compile_applicators.cpp
  Result<> read_alternatives(Frame& frame, Keyword keyword, Value schemas);
  Result<> read_negation(Frame& frame, Keyword keyword, Value schema);
  Result<> read_condition(Frame& frame, Keyword keyword, Value schema);
  Result<> read_branch(Frame& frame, Keyword keyword, Value schema);
  Result<> read_prefix(Frame& frame, Keyword keyword, Value schemas);
  Result<> read_items(Frame& frame, Keyword keyword, Value schema);
  Result<> read_additional_items(Frame& frame, Keyword keyword, Value schema);
  Result<> read_array_schema(Frame& frame, Keyword keyword, Value schema);
  Result<Range> children(Frame& frame, Keyword keyword, Value schemas);

  // compile_objects.cpp
  Result<> read_object_schema(Frame& frame, Keyword keyword, Value schema);
  Result<> read_required(Frame& frame, Keyword keyword, Value names);
  Result<> read_properties(Frame& frame, Keyword keyword, Value schemas);
  Result<> read_pattern_properties(Frame& frame, Keyword keyword, Value schemas);
  Result<> read_dependents(Frame& frame, Keyword keyword, Value dependents);
  Result<Range> names(const Frame& frame, Keyword keyword, Value names, std::string_view token);
  Result<> add_properties(Frame& frame);

  // compile_references.cpp
  Result<> resolve_references();
  Result<Target> resolve(const Reference& reference);
  Result<Index> find_resource(const Reference& reference, const std::string& address);
  Result<Index> load(const Reference& reference, const std::string& address);
  Result<Target> find_in_resource(const Reference& reference, Index resource, std::string_view fragment);
  Result<Index> follow_pointer(const Reference& reference, Index resource, std::string_view pointer);
  Result<> refuse_cycles();

  Slice keep(std::string_view text);
  Failure wrong(Index self, Keyword keyword, std::string_view what, std::string_view token = {}) const;
  Failure unsupported(Index self, Keyword keyword, std::string_view what, std::string_view token = {}) const;
  Failure expected(Index self, Keyword keyword, std::string_view what, Value found) const;

  const CompileOptions& options_;
  Program& program_;
  References references_;
  std::vector<Origin> origins_;  ///< of program_.subschemas, row by row
  std::vector<std::unique_ptr<Document>> documents_;
  std::uint32_t document_ = 0;  ///< the one that is being read
  std::unordered_map<std::string, Index> patterns_;
  std::size_t pattern_size_ = 0;
  std::uint32_t properties_ = 0;
  Index compounds_ = 0;
  std::vector<std::string> dynamic_names_;
};

}  // namespace sluice::json::schema
