#pragma once
// Tool call ids as the API takes them: ^[a-zA-Z0-9_-]+$, and each only once in a conversation.

#include "json/text.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sluice::dialect::anthropic {

/// Ask once per call; its result is sent under the same id. The same calls get the same ids in every request
/// of a conversation.
class CallIds {
 public:
  /// The id itself where it fits and is new, else one made from it. Valid as long as this object and `id`.
  std::string_view wire_id(json::Text id);

 private:
  std::unordered_map<std::string_view, std::size_t>
      used_;  ///< and the number to try next where it comes again
  std::deque<std::string> made_;
};

}  // namespace sluice::dialect::anthropic
