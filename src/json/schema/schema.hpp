#pragma once
// JSON Schema, drafts 2020-12 and 7: a schema is compiled once and then checks any number of documents.
//
//   json::Value ──Schema::compile──▶ Schema ──check(json::Value)──▶ Outcome ──explain()──▶ text for a model
//
// It works over the index of a json::Document and builds no tree of its own. It refuses to know where schemas
// and documents come from: nothing is fetched, ever; what a schema may refer to outside of itself is handed
// in as KnownDocuments. A new keyword is one row of keyword_table, one reader (compile_*.cpp) and its place
// in validate_*.cpp.
//
// Schemas and documents are hostile input. Compiling is limited in size, checking in steps; expressions run
// in linear time.

#include "base/result.hpp"
#include "json/document.hpp"
#include "json/schema/keyword.hpp"
#include "json/schema/known_documents.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::schema {

struct Program;

struct CompileLimits {
  std::size_t max_bytes = std::size_t{256} << 10;  ///< of the schema as written
  std::uint32_t max_depth = 64;                    ///< of subschemas in each other
  std::uint32_t max_subschemas = 20'000;           ///< with those of the documents referred to
  std::uint32_t max_properties = 5'000;
  std::size_t max_pattern_size = 100'000;  ///< instructions of all compiled expressions together
};

struct CompileOptions {
  /// The dialect of a schema without `$schema`.
  Draft draft = Draft::draft2020_12;
  /// Whether `format` asserts; it annotates otherwise. Formats without a check here are ignored either way.
  bool assert_formats = false;
  /// What the schema may refer to beside the standard metaschemas. Only read while compiling.
  const KnownDocuments* known = nullptr;
  CompileLimits limits;
};

struct CheckLimits {
  std::uint64_t max_steps = 4'000'000;  ///< one is about the look at one value by one subschema
  std::uint32_t max_depth =
      1'000;  ///< of subschemas applied in each other; each takes about 500 bytes of stack
  std::size_t max_violations = 16;
};

/// One way in which a document does not fit.
struct Violation {
  std::string instance_path;  ///< JSON Pointer to the place in the document; empty for all of it
  std::string keyword;        ///< as `required`; empty where no keyword of the schema is the reason
  std::string schema_path;    ///< the keyword's place in the schema, as `#/properties/age/type`
  std::string message;  ///< says what to change; holds names of members, never other text of the document
};

enum class Verdict : std::uint8_t {
  valid,
  invalid,
  gave_up,  ///< a limit was reached before it was known
};

struct Outcome {
  Verdict verdict = Verdict::valid;
  /// Those of an object itself come before those of its members. An alternative of anyOf that nearly fits is
  /// told behind the anyOf. Where it gave up, one that says so.
  std::vector<Violation> violations;
  bool has_more = false;  ///< whether there are more than CheckLimits let in

  bool valid() const { return verdict == Verdict::valid; }
};

/// Immutable. Copies share what was compiled, and may be used by several threads at once.
class Schema {
 public:
  /// `schema` and its Document are not needed afterwards. Fails with invalid_request where it is no schema,
  /// and with unsupported_schema where it is one that is too large, needs documents that are not known or
  /// expressions that cannot be run; the message begins with the place, as `#/properties/age`.
  static Result<Schema> compile(Value schema, const CompileOptions& options = {});
  /// As above, from JSON text. Fails with invalid_json too.
  static Result<Schema> compile(std::string_view text, const CompileOptions& options = {});

  /// Whether `instance` fits, and if not, why. Finding that it does takes no allocation, save for texts with
  /// escapes and for large arrays with `uniqueItems`.
  Outcome check(Value instance, const CheckLimits& limits = {}) const;
  /// As check(), without the reasons.
  Verdict judge(Value instance, const CheckLimits& limits = {}) const;

 private:
  explicit Schema(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

}  // namespace sluice::json::schema
