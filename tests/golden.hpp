#pragma once
// Golden files: what a translation must give stands in a file beside what it is given.
//
// JSON is compared by meaning: the order of members and white space do not count, digits of numbers do. With
// SLUICE_UPDATE_GOLDEN=1 in the environment the files are written instead; read the diff before you commit
// it.

#include "json/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::golden {

namespace fs = std::filesystem;

inline std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Names of the cases in a folder: every NAME for which NAME.DIALECT.json is there.
inline std::vector<std::string> cases(const fs::path& folder, std::string_view dialect) {
  const std::string ending = "." + std::string(dialect) + ".json";
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending)) names.push_back(name.substr(0, name.size() - ending.size()));
  }
  std::ranges::sort(names);
  return names;
}

/// Spread over lines, two spaces a level.
inline std::string pretty(json::Value value, std::size_t depth = 0) {
  const std::string inner(2 * depth + 2, ' '), outer(2 * depth, ' ');
  std::string out;
  for (json::Value element : value.elements())
    out += (out.empty() ? "\n" : ",\n") + inner + pretty(element, depth + 1);
  for (const json::Member& member : value.members())
    out += (out.empty() ? "\n" : ",\n") + inner + "\"" + std::string(member.key.escaped()) +
           "\": " + pretty(member.value, depth + 1);
  if (value.is_array()) return out.empty() ? "[]" : "[" + out + "\n" + outer + "]";
  if (value.is_object()) return out.empty() ? "{}" : "{" + out + "\n" + outer + "}";
  return std::string(value.raw());
}

/// Where two values differ first, and how; empty if they mean the same.
inline std::string difference(json::Value expected, json::Value actual, const std::string& path = "$") {
  const auto told = [&](json::Value v) {
    return v.exists() ? std::string(v.raw().substr(0, 200)) : "nothing";
  };
  const std::string differs = path + ": expected " + told(expected) + ", got " + told(actual);
  if (expected.type() != actual.type()) return differs;
  if (expected.is_string()) return expected.string() == actual.string() ? "" : differs;
  if (expected.is_array()) {
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i)
      if (auto found = difference(expected[i], actual[i], path + "[" + std::to_string(i) + "]");
          !found.empty())
        return found;
    return "";
  }
  if (expected.is_object()) {
    std::map<std::string, int> keys;
    for (const json::Member& member : expected.members()) ++keys[member.key.decode()];
    for (const json::Member& member : actual.members()) --keys[member.key.decode()];
    for (const auto& [key, count] : keys) {
      if (count != 0 && expected[key].exists() && actual[key].exists()) return path + "." + key + " repeated";
      if (auto found = difference(expected[key], actual[key], path + "." + key); !found.empty()) return found;
    }
    return "";
  }
  return expected.raw() == actual.raw() ? "" : differs;
}

/// Whether `actual` is JSON that means what the file holds.
inline testing::AssertionResult matches(const fs::path& path, std::string_view actual) {
  json::Document actual_document, expected_document;
  const auto got = actual_document.parse(actual);
  if (!got) return testing::AssertionFailure() << got.error().message() << " in " << actual;
  if (const char* update = std::getenv("SLUICE_UPDATE_GOLDEN"); update && *update == '1') {
    std::ofstream(path, std::ios::binary) << pretty(*got) << '\n';
    return testing::AssertionSuccess();
  }
  const std::string text = read(path);
  const auto expected = expected_document.parse(text);
  if (!expected) return testing::AssertionFailure() << path << ": " << expected.error().message();
  const std::string found = difference(*expected, *got);
  if (found.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << path.filename().string() << " differs at " << found;
}

}  // namespace sluice::golden
