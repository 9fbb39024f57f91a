#include "json/schema/findings.hpp"

#include "json/schema/location.hpp"
#include "json/schema/messages.hpp"
#include "json/schema/pointer.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::json::schema {

void Findings::add(Index subschema, Keyword keyword, Value value, std::string message) {
  if (found_.size() >= most_) {
    has_more_ = true;
    return;
  }
  std::string path = pointer_to(instance_, value.offset());
  const auto depth = static_cast<std::size_t>(std::ranges::count(path, '/'));
  found_.push_back({{std::move(path), std::string(name(keyword)), location(program_, subschema, keyword),
                     std::move(message)},
                    keyword,
                    value.offset(),
                    depth});
}

void Findings::add_forbidden(Index subschema, Value value) {
  const std::size_t before = found_.size();
  add(subschema, Keyword::none, value, say_forbidden(program_, subschema, value, instance_));
  if (found_.size() == before) return;
  const Keyword keyword = program_.subschemas[subschema].place.keyword;
  found_.back().keyword = keyword;
  found_.back().violation.keyword = name(keyword);
}

std::size_t Findings::weight(Value value) const {
  constexpr std::size_t wrong_type = 10'000, wrong_constant = 100, anything = 1;
  if (found_.empty()) return 0;
  const auto path = pointer_to(instance_, value.offset());
  const auto depth = static_cast<std::size_t>(std::ranges::count(path, '/'));
  std::size_t sum = 0;
  for (const Finding& finding : found_) {
    const bool constant = finding.keyword == Keyword::constant || finding.keyword == Keyword::enumeration;
    if (finding.keyword == Keyword::type && finding.offset == value.offset()) {
      sum += wrong_type;
    } else if (constant && finding.depth <= depth + 1) {
      sum += wrong_constant;
    } else {
      sum += anything;
    }
  }
  return sum;
}

void Findings::take(Findings&& other) {
  for (Finding& finding : other.found_) {
    if (found_.size() >= most_) {
      has_more_ = true;
      return;
    }
    found_.push_back(std::move(finding));
  }
  has_more_ |= other.has_more_;
}

void Findings::move_forward(std::size_t first, std::size_t before) {
  const auto at = [&](std::size_t index) { return found_.begin() + static_cast<std::ptrdiff_t>(index); };
  std::rotate(at(first), at(before), found_.end());
}

std::vector<Violation> Findings::violations() && {
  std::vector<Violation> all;
  all.reserve(found_.size());
  for (Finding& finding : found_) all.push_back(std::move(finding.violation));
  return all;
}

}  // namespace sluice::json::schema
