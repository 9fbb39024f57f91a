#include "json/document.hpp"

#include <charconv>
#include <cmath>

namespace sluice::json {

std::string_view name(Type type) {
  switch (type) {
    case Type::missing:
      return "nothing";
    case Type::null:
      return "null";
    case Type::boolean:
      return "a boolean";
    case Type::number:
      return "a number";
    case Type::string:
      return "a string";
    case Type::array:
      return "an array";
    case Type::object:
      return "an object";
  }
  return "nothing";
}

Value Value::operator[](std::string_view key) const {
  if (!is_object()) return {};
  const Document::Node* const nodes = document_->nodes_;
  const std::uint32_t last = nodes[node_].next;
  for (std::uint32_t at = node_ + 1; at < last; at = nodes[at + 1].next) {
    const Document::Node& name = nodes[at];
    const char* const first = document_->text_.data() + name.begin + 1;
    const std::size_t size = name.end - name.begin - 2;
    const bool found = name.has_escapes ? Text({first, size}).equals(key)
                                        : size == key.size() && std::string_view(first, size) == key;
    if (found) return {document_, at + 1};
  }
  return {};
}

Value Value::operator[](std::size_t index) const {
  for (Value element : elements())
    if (index-- == 0) return element;
  return {};
}

std::size_t Value::size() const {
  std::size_t count = 0;
  if (is_array())
    for (auto it = elements().begin(), end = elements().end(); !(it == end); ++it) ++count;
  else
    for (auto it = members().begin(), end = members().end(); !(it == end); ++it) ++count;
  return count;
}

std::optional<bool> Value::boolean() const {
  if (!is_boolean()) return std::nullopt;
  return raw() == "true";
}

std::optional<std::int64_t> Value::integer() const {
  if (!is_number()) return std::nullopt;
  const std::string_view digits = raw();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc() && end == digits.data() + digits.size()) return value;
  const auto real = number();
  if (!real || std::trunc(*real) != *real || std::abs(*real) > 9007199254740992.0) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<double> Value::number() const {
  if (!is_number()) return std::nullopt;
  const std::string_view digits = raw();
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace sluice::json
