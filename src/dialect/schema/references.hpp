#pragma once
// Where `$ref` leads inside one schema document.

#include "json/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace sluice::dialect::schema {

class SchemaReferences {
 public:
  explicit SchemaReferences(json::Value root);

  json::Value root() const { return root_; }
  /// What a JSON pointer (`#`, `#/$defs/Node`) names; missing if it is none or leads nowhere, or if an
  /// unreasonable number of pointers has been followed.
  json::Value find(json::Text reference);
  /// The same reference as today's drafts write it: to the root or to an entry of `$defs`; nothing if it
  /// leads elsewhere.
  std::optional<std::string> canonical(json::Text reference);
  /// Whether `schema` refers to `target`, directly or through what it refers to. Gives up on documents with
  /// an unreasonable number of references, and says no.
  bool leads_to(json::Value schema, json::Value target);

 private:
  bool search(json::Value schema, json::Value target);
  /// The entry of `$defs` or `definitions` that `path` names, if it is such a path.
  std::optional<std::string> definition_name(std::string_view path) const;

  json::Value root_;
  std::unordered_map<std::string, json::Value> definitions_;
  bool has_references_;
  std::size_t search_budget_, follow_budget_;
  std::unordered_set<std::size_t> visited_;  ///< offsets of what leads_to() has been through
};

}  // namespace sluice::dialect::schema
