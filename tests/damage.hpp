#pragma once
// Hostile input: JSON in which one value has been replaced by another.

#include "json/document.hpp"

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::damage {

inline constexpr std::array<std::string_view, 14> replacements{
    "null",       "true",           "0",  "-1", "1e300",  "4294967296",
    "\"\"",       "\"x\"",          "[]", "{}", "[null]", "[[{\"text\":1}]]",
    "{\"a\":{}}", "\"\\ud83d\\\"\""};

inline void collect(json::Value value, std::vector<json::Value>& values) {
  values.push_back(value);
  for (json::Value element : value.elements()) collect(element, values);
  for (const json::Member& member : value.members()) collect(member.value, values);
}

/// Copies of a JSON text, each with one value replaced; the same in every run.
inline std::vector<std::string> damaged(const std::string& text, std::size_t copies, std::mt19937& random) {
  json::Document document;
  const auto root = document.parse(text);
  if (!root) return {};
  std::vector<json::Value> values;
  collect(*root, values);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < copies; ++i) {
    const json::Value value = values[random() % values.size()];
    out.push_back(text);
    out.back().replace(value.offset(), value.raw().size(), replacements[random() % replacements.size()]);
  }
  return out;
}

}  // namespace sluice::damage
