#include "app/yaml_value.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sluice::app {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> time_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
constexpr std::array<std::pair<std::string_view, std::int64_t>, 8> size_units{{{"", 1},
                                                                               {"b", 1},
                                                                               {"kb", 1000},
                                                                               {"mb", 1'000'000},
                                                                               {"gb", 1'000'000'000},
                                                                               {"kib", 1 << 10},
                                                                               {"mib", 1 << 20},
                                                                               {"gib", 1 << 30}}};

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// `30s` times what an `s` is worth; nothing if it is not so formed or beyond `most`.
template <std::size_t N>
std::optional<std::int64_t> parse_with_unit(
    std::string_view text, const std::array<std::pair<std::string_view, std::int64_t>, N>& units,
    std::int64_t most) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse<std::int64_t>(text.substr(0, digits));
  const std::string unit = ascii_lower(trim(text.substr(digits)));
  for (const auto& [word, factor] : units)
    if (number && word == unit && *number <= most / factor) return *number * factor;
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

}  // namespace

YamlValue::YamlValue(const YamlSource& source, const YAML::Node& node, std::string place, int line)
    : source_(source), node_(node), place_(std::move(place)), line_(line) {}

void YamlValue::wrong(std::string_view what) const {
  source_.problems.add(line_, place_.empty() ? std::string(what) : fmt::format("{}: {}", place_, what));
}

std::optional<std::string> YamlValue::scalar() const {
  if (node_.IsScalar())
    return source_.references.expand(node_.Scalar(), line_, source_.environment, source_.problems);
  wrong(fmt::format("must be a single value, not a {}", is_map() ? "mapping" : "list"));
  return std::nullopt;
}

std::optional<std::string> YamlValue::clean_scalar() const {
  auto value = scalar();
  if (!value) return std::nullopt;
  if (value->empty()) {
    wrong("is empty; give a value");
    return std::nullopt;
  }
  if (!has_control_character(*value)) return value;
  wrong("holds a line break or another control character; put it on one line");
  return std::nullopt;
}

std::optional<std::string> YamlValue::text() const {
  return clean_scalar();
}

std::optional<Secret> YamlValue::secret() const {
  auto value = clean_scalar();
  return value ? std::optional<Secret>(std::in_place, std::move(*value)) : std::nullopt;
}

std::optional<std::int64_t> YamlValue::whole(std::int64_t least, std::int64_t most) const {
  const auto value = scalar();
  if (!value) return std::nullopt;
  const auto number = parse<std::int64_t>(*value);
  if (number && *number >= least && *number <= most) return number;
  wrong(fmt::format("'{}' is not allowed; give a whole number from {} to {}", *value, least, most));
  return std::nullopt;
}

std::optional<double> YamlValue::amount() const {
  const auto value = scalar();
  if (!value) return std::nullopt;
  const auto number = parse<double>(*value);
  if (number && std::isfinite(*number) && *number >= 0) return number;
  wrong(fmt::format("'{}' is not allowed; give a number of 0 or more", *value));
  return std::nullopt;
}

std::optional<bool> YamlValue::flag() const {
  const auto value = scalar();
  if (!value) return std::nullopt;
  if (*value == "true" || *value == "false") return *value == "true";
  wrong(fmt::format("'{}' is not allowed; give true or false", *value));
  return std::nullopt;
}

std::optional<milliseconds> YamlValue::duration() const {
  const auto value = scalar();
  if (!value) return std::nullopt;
  const auto number = parse_with_unit(*value, time_units, 24 * 3'600'000);
  if (number && *number > 0) return milliseconds(*number);
  wrong(fmt::format("'{}' is no duration; give 1ms to 24h, as 500ms, 30s, 5m or 1h", *value));
  return std::nullopt;
}

std::optional<std::size_t> YamlValue::bytes() const {
  const auto value = scalar();
  if (!value) return std::nullopt;
  const auto number = parse_with_unit(*value, size_units, std::int64_t{1} << 40);
  if (number && *number > 0) return static_cast<std::size_t>(*number);
  wrong(fmt::format("'{}' is no size; give bytes as 1000000, or 500KB, 32MiB, 1GiB", *value));
  return std::nullopt;
}

std::optional<std::string> YamlValue::word(const std::vector<std::string_view>& allowed) const {
  auto value = scalar();
  if (!value || std::ranges::find(allowed, *value) != allowed.end()) return value;
  wrong(fmt::format("'{}' is not allowed{}", *value, suggestion(*value, allowed, "use one of")));
  return std::nullopt;
}

std::optional<catalog::Regions> YamlValue::regions() const {
  std::vector<std::string_view> names;
  for (const auto& row : catalog::region_table) names.push_back(row.second);
  catalog::Regions regions;
  for (const YamlValue& item : item_or_items()) {
    const auto name = item.word(names);
    if (!name) return std::nullopt;
    regions.add(*catalog::region_named(*name));
  }
  if (!regions.empty()) return regions;
  wrong("is empty; use some of us, eu, global");
  return std::nullopt;
}

std::vector<YamlValue> YamlValue::items() const {
  std::vector<YamlValue> out;
  if (!is_list()) {
    wrong("must be a list");
    return out;
  }
  for (const YAML::Node& node : node_) {
    const YamlValue item(source_, node, fmt::format("{}[{}]", place_, out.size()), node.Mark().line + 1);
    out.push_back(item);
  }
  return out;
}

std::vector<YamlValue> YamlValue::item_or_items() const {
  return is_list() ? items() : std::vector<YamlValue>{*this};
}

YamlMap::YamlMap(const YamlValue& value) : value_(value) {
  if (!value.is_map()) {
    value.wrong("must be a mapping of keys to values");
    return;
  }
  for (const auto& member : value.node()) {
    const int line = member.first.Mark().line + 1;
    if (!member.first.IsScalar()) {
      value.source().problems.add(line, "a key must be a single word");
      continue;
    }
    const std::string key = value.source().references.original(member.first.Scalar());
    const std::string place = value.place().empty() ? key : value.place() + "." + key;
    if (std::ranges::find(entries_, key, &std::pair<std::string, YamlValue>::first) != entries_.end()) {
      value.source().problems.add(line, fmt::format("{}: is there twice", place));
      continue;
    }
    entries_.emplace_back(key, YamlValue(value.source(), member.second, place, line));
  }
}

std::optional<YamlValue> YamlMap::find(std::string_view key) {
  known_.push_back(key);
  const auto entry = std::ranges::find(entries_, key, &std::pair<std::string, YamlValue>::first);
  if (entry == entries_.end()) return std::nullopt;
  if (!entry->second.node().IsNull()) return entry->second;
  entry->second.wrong("has no value; give one, or leave the key out");
  return std::nullopt;
}

std::optional<YamlValue> YamlMap::require(std::string_view key, std::string_view why) {
  const bool there =
      std::ranges::find(entries_, key, &std::pair<std::string, YamlValue>::first) != entries_.end();
  if (!there && value_.is_map()) value_.wrong(fmt::format("'{}' is missing: {}", key, why));
  return find(key);
}

void YamlMap::finish() const {
  for (const auto& [key, value] : entries_) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const std::string hint = suggestion(key, known_, "known here:");
    value_.source().problems.add(value.line(),
                                 value_.place().empty()
                                     ? fmt::format("unknown key '{}'{}", key, hint)
                                     : fmt::format("{}: unknown key '{}'{}", value_.place(), key, hint));
  }
}

}  // namespace sluice::app
