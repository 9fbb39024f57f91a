#pragma once
// The `cache_control` markers of a request: the API takes four.

#include "chat/change.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sluice::dialect::anthropic {

/// Writes markers into blocks of `body` and takes the surplus out again. The last ones stay: each of them
/// covers all that stands before it.
class CacheMarkers {
 public:
  explicit CacheMarkers(std::string& body) : body_(body) {}

  /// Puts the marker into the object that ends the body, which must have a member already. Nothing if
  /// `marker` is missing.
  void mark_last_object(json::Value marker);
  /// Removes and reports what is too many. `reserved` markers stand elsewhere and stay.
  void trim(std::size_t reserved, chat::Changes& changes);

 private:
  struct Range {
    std::size_t begin, size;
  };
  std::string& body_;
  std::vector<Range> ranges_;
};

}  // namespace sluice::dialect::anthropic
