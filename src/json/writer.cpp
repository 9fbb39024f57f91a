#include "json/writer.hpp"

#include <charconv>
#include <cmath>

namespace sluice::json {

/// What stands before tells whether a comma is due: nothing after an opening bracket, a colon, or at the
/// start.
void Writer::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  // A value ends with one of these characters or with a letter or digit; none of the others ends a value.
  if (last == '"' || last == '}' || last == ']' || (last >= '0' && last <= '9') ||
      (last >= 'a' && last <= 'z'))
    out_.push_back(',');
}

Writer& Writer::open(char bracket) {
  separate();
  out_.push_back(bracket);
  return *this;
}

Writer& Writer::close(char bracket) {
  out_.push_back(bracket);
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  out_.push_back('"');
  out_.append(name);
  out_.append("\":");
  return *this;
}

Writer& Writer::key(Text name) {
  return key(name.escaped());
}

Writer& Writer::string(std::string_view plain) {
  separate();
  out_.push_back('"');
  append_escaped(out_, plain);
  out_.push_back('"');
  return *this;
}

Writer& Writer::text(Text text) {
  separate();
  out_.push_back('"');
  out_.append(text.escaped());
  out_.push_back('"');
  return *this;
}

Writer& Writer::raw(std::string_view value) {
  separate();
  out_.append(value);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  char digits[40];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

Writer& Writer::boolean(bool value) {
  return raw(value ? "true" : "false");
}

}  // namespace sluice::json
