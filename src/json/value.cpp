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

Type Value::type() const {
  return document_ ? (*document_->nodes_)[node_].type : Type::missing;
}

std::string_view Value::raw() const {
  return document_ ? document_->slice((*document_->nodes_)[node_]) : std::string_view();
}

std::size_t Value::offset() const {
  return document_ ? (*document_->nodes_)[node_].begin : 0;
}

Value Value::operator[](std::string_view key) const {
  for (const Member& member : members())
    if (member.key.equals(key)) return member.value;
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

Elements Value::elements() const {
  if (!is_array()) return {document_, 0, 0};
  return {document_, node_ + 1, (*document_->nodes_)[node_].next};
}

Members Value::members() const {
  if (!is_object()) return {document_, 0, 0};
  return {document_, node_ + 1, (*document_->nodes_)[node_].next};
}

Text Value::text() const {
  if (!is_string()) return {};
  const std::string_view quoted = raw();
  return Text(quoted.substr(1, quoted.size() - 2));
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

Elements::Iterator& Elements::Iterator::operator++() {
  at_ = (*document_->nodes_)[at_].next;
  return *this;
}

Member Members::Iterator::operator*() const {
  const Value key(document_, at_);
  const Value value(document_, at_ + 1);
  const auto& nodes = *document_->nodes_;
  return {key.text(), value, nodes[at_].begin, nodes[at_ + 1].end};
}

Members::Iterator& Members::Iterator::operator++() {
  at_ = (*document_->nodes_)[at_ + 1].next;
  return *this;
}

}  // namespace sluice::json
