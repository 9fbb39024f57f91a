#include "json/schema/findings.hpp"

#include "json/schema/location.hpp"
#include "json/schema/messages.hpp"
#include "json/schema/pointer.hpp"

#include <algorithm>

namespace sluice::json::schema {

void Findings::add(Index subschema, Keyword keyword, Value value, std::string message) {
  violations_.push_back({pointer_to(instance_, value.offset()), std::string(name(keyword)),
                         location(program_, subschema, keyword), std::move(message)});
}

void Findings::add_forbidden(Index subschema, Value value) {
  const Keyword keyword = program_.subschemas[subschema].place.keyword;
  std::string path = pointer_to(instance_, value.offset());
  std::string message = say_forbidden(program_, subschema, path);
  violations_.push_back(
      {std::move(path), std::string(name(keyword)), location(program_, subschema), std::move(message)});
}

void Findings::move_forward(std::size_t first, std::size_t before) {
  const auto at = [&](std::size_t index) { return violations_.begin() + static_cast<std::ptrdiff_t>(index); };
  std::rotate(at(first), at(before), violations_.end());
}

void Weight::add(Keyword keyword, Value value) {
  const bool constant = keyword == Keyword::constant || keyword == Keyword::enumeration;
  if (keyword == Keyword::type && value.offset() == about_.offset()) {
    sum_ += wrong_type;
  } else {
    sum_ += constant && is_near(value) ? wrong_constant : 1;
  }
}

/// The value itself or one of its first members: what tells alternatives apart is not written late.
bool Weight::is_near(Value value) const {
  if (value.offset() == about_.offset()) return true;
  int left = 64;
  for (const Member& member : about_.members()) {
    if (member.value.offset() == value.offset()) return true;
    if (--left == 0) return false;
  }
  return false;
}

}  // namespace sluice::json::schema
