#include "catalog/data_entry.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace sluice::catalog {

DataEntry::DataEntry(json::Value object, std::string place) : object_(object), place_(std::move(place)) {
  if (!object.is_object())
    error_ = fmt::format("{}: must be an object, not {}", place_, json::name(object.type()));
}

json::Value DataEntry::member(std::string_view field) {
  known_.push_back(field);
  return object_[field];
}

std::string DataEntry::text(std::string_view field) {
  const std::string text = member(field).string();
  if (text.empty()) fail_at(field, "must be a text that is not empty");
  return text;
}

std::string DataEntry::word(std::string_view field, std::span<const std::string_view> allowed) {
  const json::Value value = member(field);
  if (!value) return {};
  std::string text = value.string();
  if (std::ranges::find(allowed, text) == allowed.end())
    fail_at(field, fmt::format("must be one of {}", fmt::join(allowed, ", ")));
  return text;
}

std::vector<std::string> DataEntry::texts(std::string_view field) {
  const json::Value list = member(field);
  std::vector<std::string> out;
  if (list && !list.is_array()) fail_at(field, "must be a list of texts");
  for (json::Value value : list.elements()) {
    if (!value.is_string()) fail_at(field, "must be a list of texts");
    out.push_back(value.string());
  }
  return out;
}

std::optional<std::int64_t> DataEntry::count(std::string_view field) {
  const json::Value value = member(field);
  if (!value) return std::nullopt;
  const auto number = value.integer();
  if (!number || *number < 0) fail_at(field, "must be a whole number of 0 or more, or null");
  return number;
}

std::optional<double> DataEntry::amount(std::string_view field) {
  const json::Value value = member(field);
  if (!value) return std::nullopt;
  const auto number = value.number();
  if (!number || !std::isfinite(*number) || *number < 0)
    fail_at(field, "must be a number of 0 or more, or null");
  return number;
}

std::optional<bool> DataEntry::flag(std::string_view field) {
  const json::Value value = member(field);
  if (!value) return std::nullopt;
  if (!value.is_boolean()) fail_at(field, "must be true, false or null");
  return value.boolean();
}

void DataEntry::fail_at(std::string_view field, std::string_view what) {
  if (error_.empty()) error_ = fmt::format("{}: {}: {}", place_, field, what);
}

Result<> DataEntry::finish() {
  for (const json::Member& member : object_.members()) {
    const std::string field = member.key.decode();
    if (std::ranges::find(known_, field) != known_.end()) continue;
    const auto near = nearest(field, known_, 1);
    fail_at(field, near.empty() ? "unknown field" : fmt::format("unknown field; did you mean {}?", near[0]));
  }
  if (!error_.empty()) return fail(ErrorCode::internal, error_);
  return {};
}

}  // namespace sluice::catalog
