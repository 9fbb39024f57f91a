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
  /// More looks at members on the way along JSON Pointers than any honest schema needs.
  static constexpr std::uint64_t max_steps = 4'000'000;

  std::vector<Reference> pending;
  std::vector<Resource> resources;  ///< row by row those of Program::resources
  std::unordered_map<std::string, Index> by_address;
  std::map<std::pair<Index, std::string>, Anchor> anchors;  ///< by resource and name
  std::unordered_map<std::string, Target> resolved;         ///< by resource and text
  std::uint64_t steps = 0;

  /// The subschema that was read at `origin`; no_index if none was. `origins` may have grown since.
  Index locate(const std::vector<Origin>& origins, Origin origin) {
    for (; located_ < origins.size(); ++located_)
      by_origin_.emplace(key(origins[located_]), static_cast<Index>(located_));
    const auto found = by_origin_.find(key(origin));
    return found == by_origin_.end() ? no_index : found->second;
  }

 private:
  static std::uint64_t key(Origin origin) { return (std::uint64_t{origin.document} << 40) | origin.offset; }

  std::unordered_map<std::uint64_t, Index> by_origin_;
  std::size_t located_ = 0;  ///< how many of the origins are in by_origin_
};

}  // namespace sluice::json::schema
