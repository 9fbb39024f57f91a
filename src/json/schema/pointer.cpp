#include "json/schema/pointer.hpp"

#include <charconv>

namespace sluice::json::schema {
namespace {

bool holds(Value value, std::size_t offset) {
  return offset >= value.offset() && offset < value.offset() + value.raw().size();
}

/// Steps into the child of `value` that holds `offset` and appends its token; missing if none does.
Value step(Value value, std::size_t offset, std::string& pointer) {
  std::size_t index = 0;
  for (const Value element : value.elements()) {
    if (holds(element, offset)) {
      append_token(pointer, std::to_string(index));
      return element;
    }
    ++index;
  }
  for (const Member& member : value.members()) {
    if (holds(member.value, offset)) {
      append_token(pointer, member.key.decode());
      return member.value;
    }
  }
  return {};
}

}  // namespace

void append_token(std::string& pointer, std::string_view token) {
  pointer.push_back('/');
  for (const char c : token) {
    if (c == '~') {
      pointer.append("~0");
    } else if (c == '/') {
      pointer.append("~1");
    } else {
      pointer.push_back(c);
    }
  }
}

std::string take_token(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::string_view escaped = pointer.substr(0, pointer.find('/'));
  pointer.remove_prefix(escaped.size());
  std::string token;
  for (std::size_t at = 0; at < escaped.size(); ++at) {
    const char follower = escaped[at] == '~' && at + 1 < escaped.size() ? escaped[at + 1] : '\0';
    if (follower == '0' || follower == '1') {
      token.push_back(follower == '0' ? '~' : '/');
      ++at;
    } else {
      token.push_back(escaped[at]);
    }
  }
  return token;
}

std::optional<std::size_t> index_of(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return index;
}

std::string pointer_to(Value root, std::size_t offset) {
  std::string pointer;
  for (Value at = root; at.exists() && at.offset() != offset;) at = step(at, offset, pointer);
  return pointer;
}

}  // namespace sluice::json::schema
