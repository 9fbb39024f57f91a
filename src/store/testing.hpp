#pragma once
// What several tests of the store need.

#include "store/records.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unistd.h>

namespace sluice::store {

/// A folder that is gone when the test is over.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-store-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(path_);
  }
  std::string file(std::string_view name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string numbered_id(int number) {
  std::string digits = std::to_string(number);
  return "0193571e-7c8b-7f00-8a3b-" + std::string(12 - digits.size(), '0') + digits;
}

inline RequestRow numbered_row(int number) {
  RequestRow row;
  row.id = numbered_id(number);
  row.started_ms = 1'760'000'000'000 + number;
  row.model = "claude-sonnet-4-6";
  row.http_status = 200;
  row.total_us = number;
  return row;
}

/// A row in which every member has a value of its own.
inline RequestRow full_row() {
  RequestRow row;
  int next = 1;
  visit_members(row, [&next](std::string_view name, auto& value) {
    ++next;
    if constexpr (std::is_same_v<decltype(value), std::string&>)
      value = std::string(name) + " \"ü\n" + std::to_string(next);
    else if constexpr (std::is_same_v<decltype(value), bool&>)
      value = true;
    else
      value = next;
  });
  row.bytes_out = 0x7fff'ffff'ffff'ffff;
  row.started_ms = 1'760'000'000'123;
  row.attempts = R"([{"provider":"a"}])";
  row.changes = R"([{"kind":"dropped"}])";
  return row;
}

inline std::string describe(const std::string& value) {
  return value;
}
inline std::string describe(std::integral auto value) {
  return std::to_string(value);
}
template <class T>
std::string describe(const std::optional<T>& value) {
  return value ? std::to_string(*value) : "none";
}

/// All members as one text, to compare rows by.
inline std::string describe(const RequestRow& row) {
  std::string out;
  visit_members(row, [&out](std::string_view name, const auto& value) {
    out.append(name).append("=").append(describe(value)).append("\n");
  });
  return out;
}

}  // namespace sluice::store
