#pragma once
// What a compiler knows about where its subschemas stand, to find what references mean.

#include "json/schema/program.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice::json::schema {

/// Where a subschema was read: in which document, at which byte.
struct Origin {
  std::uint32_t document;
  std::size_t offset;
};

/// A `$ref` or one of its kin, as written.
struct Reference {
  Index from;  ///< the subschema that it stands in
  Keyword keyword;
  std::string text;
};

/// What a reference means. With a dynamic name it means the outermost anchor of that name, where one is on
/// the way.
struct Target {
  Index subschema = no_index;
  Index dynamic_name = no_index;
};

struct Anchor {
  Index subschema;
  bool dynamic;
};

/// A schema with an address of its own: a document, or a part with `$id`.
struct Resource {
  std::string address;  ///< without fragment; empty for a document that has none
  Value root;
  std::uint32_t document;
  Dialect dialect;
  Index subschema = no_index;
};

struct References {
  std::vector<Reference> pending;
  std::vector<Resource> resources;  ///< row by row those of Program::resources
  std::unordered_map<std::string, Index> by_address;
  std::map<std::pair<Index, std::string>, Anchor> anchors;  ///< by resource and name
  std::unordered_map<std::string, Target> resolved;         ///< by resource and text

  /// The member or element that `token` of a JSON Pointer means; missing if there is none.
  Value step(Value container, std::uint32_t document, const std::string& token);

  /// The subschema that was read at `origin`; no_index if none was. `origins` may have grown since.
  Index locate(const std::vector<Origin>& origins, Origin origin) {
    for (; located_ < origins.size(); ++located_)
      by_origin_.emplace(key(origins[located_]), static_cast<Index>(located_));
    const auto found = by_origin_.find(key(origin));
    return found == by_origin_.end() ? no_index : found->second;
  }

 private:
  using Children = std::unordered_map<std::string, Value>;
  static std::uint64_t key(Origin origin) { return (std::uint64_t{origin.document} << 40) | origin.offset; }

  std::unordered_map<std::uint64_t, Index> by_origin_;
  std::unordered_map<std::uint64_t, Children> children_;  ///< of containers that were looked into
  std::size_t located_ = 0;                               ///< how many of the origins are in by_origin_
};

}  // namespace sluice::json::schema
