#pragma once
// One schema on its way into a subset. fit.cpp walks; fit_keywords.cpp has a function for each Rule.

#include "dialect/schema/fit.hpp"
#include "dialect/schema/references.hpp"
#include "json/writer.hpp"

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::schema {

inline constexpr std::size_t max_depth = 64;

class Fitter {
 public:
  Fitter(std::string& out, json::Value root, const FitOptions& options)
      : out_(out),
        writer_(out),
        references_(root),
        options_(options),
        traits_(traits(options.subset)),
        max_size_(out.size() + 4 * root.raw().size() + (64U << 10)),
        enclosing_(root) {}

  Fit write() {
    node(references_.root(), 0);
    return fit_;
  }

 private:
  /// A schema being written: the object itself, and those that allOf and references add to it, which count
  /// where the earlier ones say nothing.
  struct Node {
    std::vector<json::Value> layers;
    std::size_t depth;
    std::string notes;  ///< escaped
    std::bitset<keyword_count> written;
    bool has_choice = false, has_definitions = false, has_items = false;

    json::Value operator[](std::string_view keyword) const {
      for (json::Value layer : layers)
        if (const json::Value value = layer[keyword]; value.exists()) return value;
      return {};
    }
  };

  void node(json::Value schema, std::size_t depth);
  void anything(json::Value schema);
  bool reference(json::Value schema);
  void gather(json::Value schema, Node& node);
  void say_type(const Node& node);
  void close(const Node& node);
  void write_member(const json::Member& member, const Keyword& keyword, Node& node);
  void describe(const Node& node);
  /// A strict subset cannot say what was not written.
  void lose();
  bool is_root_of_parameters(const Node& node) const { return node.depth == 0 && options_.is_parameters; }

  // One for each Rule.
  void keep(const json::Member& member, Node& node);
  void skip(const json::Member& member, Node& node);
  void definitions(const json::Member& member, Node& node);
  void properties(const json::Member& member, Node& node);
  void required(const json::Member& member, Node& node);
  void type(const json::Member& member, Node& node);
  void one_schema(const json::Member& member, Node& node);
  void closed(const json::Member& member, Node& node);
  void items(const json::Member& member, Node& node);
  void schemas(const json::Member& member, Node& node);
  void tuple(const json::Member& member, Node& node);
  void choice(const json::Member& member, Node& node);
  void constant(const json::Member& member, Node& node);
  void enumeration(const json::Member& member, Node& node);
  void scalars(const json::Member& member, Node& node);
  void at_most_one(const json::Member& member, Node& node);
  void format(const json::Member& member, Node& node);
  void note(const json::Member& member, Node& node);
  void not_held(const json::Member& member, Node& node);

  void list(std::string_view key, json::Value schemas, std::size_t depth);

  std::string& out_;
  json::Writer writer_;
  SchemaReferences references_;
  const FitOptions& options_;
  const Traits& traits_;
  std::size_t max_size_;              ///< beyond it nothing more is put in the place of references
  std::size_t told_ = 0;              ///< bytes of notes; beyond max_size_ nothing more is told
  std::vector<std::size_t> inlined_;  ///< offsets of the references' targets that are being written
  json::Value enclosing_;             ///< the definition that is being written, or the root
  Fit fit_;
};

}  // namespace sluice::dialect::schema
