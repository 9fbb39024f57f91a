#pragma once
// Where in a request something stands, and how to say what is wrong there.

#include "base/result.hpp"
#include "chat/request.hpp"
#include "json/document.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dialect::openai {

/// A path such as `messages[0].content[1].type`, linked outwards and spelled only when it is needed. The
/// outer place must outlive the inner one.
class Place {
 public:
  constexpr explicit Place(std::string_view member) : member_(member) {}
  constexpr Place member(std::string_view name) const { return {this, name, no_index}; }
  constexpr Place at(std::size_t index) const { return {this, {}, index}; }
  std::string text() const;

 private:
  static constexpr std::size_t no_index = static_cast<std::size_t>(-1);
  constexpr Place(const Place* outer, std::string_view member, std::size_t index)
      : outer_(outer), member_(member), index_(index) {}

  const Place* outer_ = nullptr;
  std::string_view member_;
  std::size_t index_ = no_index;
};

// Refusals are invalid_request with the place as param. Words and codes are OpenAI's, which users of its SDKs
// know.

/// "Invalid '<place>': it <complaint>.", `invalid_value`.
Failure refuse(const Place& at, std::string_view complaint);
/// `expected` as "a string"; `invalid_type`, or `missing_required_parameter` where there is no value.
Failure refuse_type(const Place& at, json::Value value, std::string_view expected);
/// A string other than `words`, `invalid_value`; for anything else as refuse_type().
Failure refuse_word(const Place& at, json::Value value, std::initializer_list<std::string_view> words);
/// `empty_array`.
Failure refuse_empty_array(const Place& at);
/// A number beyond a limit. `kind` is `integer` or `decimal`: `decimal_above_max_value`.
Failure refuse_above(const Place& at, json::Value value, std::string_view kind, std::int64_t highest);
Failure refuse_below(const Place& at, json::Value value, std::string_view kind, std::int64_t lowest);

/// For what only OpenAI is known to refuse: becomes chat::Request::doubt, if it is the first.
Result<> leave_to_provider(chat::Request& request, Failure doubt);

/// Members that must be there. Strings must not be empty.
Result<json::Text> required_text(json::Value value, const Place& at);
Result<json::Value> required_object(json::Value value, const Place& at);
/// Members that may be missing or null.
Result<json::Text> optional_text(json::Value value, const Place& at);
Result<std::optional<bool>> optional_boolean(json::Value value, const Place& at);
Result<json::Value> optional_object(json::Value value, const Place& at);

}  // namespace sluice::dialect::openai
