#pragma once
// Tool call ids as APIs with strict rules take them: ^[a-zA-Z0-9_-]+$, and each only once in a conversation.

#include "json/text.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sluice::dialect::anthropic {

/// Ask once per call; its result is sent under the same id. The same calls get the same ids in every request
/// of a conversation.
class CallIds {
 public:
  enum class Rule : std::uint8_t {
    any_length,
    most_64,    ///< at most so many characters
    exactly_9,  ///< letters and digits
  };
  explicit CallIds(Rule rule = Rule::any_length) : rule_(rule) {}

  /// The id itself where it fits and is new, else one made from it. Valid as long as this object and `id`.
  std::string_view wire_id(json::Text id);

 private:
  bool fits(std::string_view id) const;
  std::string made_from(json::Text id) const;

  Rule rule_;
  std::unordered_map<std::string_view, std::size_t>
      used_;  ///< and the number to try next where it comes again
  std::deque<std::string> made_;
};

}  // namespace sluice::dialect::anthropic
