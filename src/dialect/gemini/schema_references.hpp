#pragma once
// Where `$ref` leads inside one schema document.

#include "json/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sluice::dialect::gemini {

class SchemaReferences {
 public:
  explicit SchemaReferences(json::Value root);

  json::Value root() const { return root_; }
  /// What a JSON pointer (`#`, `#/$defs/Node`) names; missing if it is none or leads nowhere.
  json::Value find(json::Text reference) const;
  /// The same reference as Gemini takes it: to the root or to an entry of `$defs`; nothing if it leads
  /// elsewhere.
  std::optional<std::string> canonical(json::Text reference) const;
  /// Whether `schema` refers to `target`, directly or through what it refers to. Gives up on documents with
  /// an unreasonable number of references, and says no.
  bool leads_to(json::Value schema, json::Value target);

 private:
  bool search(json::Value schema, json::Value target);

  json::Value root_;
  bool has_references_;
  std::size_t budget_;
  std::vector<std::size_t> visited_;  ///< offsets of what leads_to() has been through
};

}  // namespace sluice::dialect::gemini
