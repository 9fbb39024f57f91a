#pragma once
// Ids of tool calls as the API takes them: at most 64 characters, and each only once in a conversation, which
// some hosts number anew in every answer.

#include "json/text.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sluice::dialect::responses {

/// Ask once per call; its result is sent under the same id. The same calls get the same ids in every request
/// of a conversation.
class CallIds {
 public:
  /// The id itself where it fits and is new, else one made from it. Valid as long as this object and `id`.
  json::Text sent(json::Text id);

 private:
  std::unordered_map<std::string, std::size_t> used_;  ///< decoded, and how often
  std::deque<std::string> made_;
};

}  // namespace sluice::dialect::responses
