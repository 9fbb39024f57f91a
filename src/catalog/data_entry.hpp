#pragma once
// DataEntry: one object of a data file, read field by field.

#include "base/result.hpp"
#include "json/document.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::catalog {

/// The first thing that is wrong is remembered and returned by finish(); after that, reading gives defaults.
/// The document must outlive it.
class DataEntry {
 public:
  /// `place` opens every error: `models[3]`.
  DataEntry(json::Value object, std::string place);

  /// Adds to the place, once it is known which entry this is.
  void call(std::string_view name) { place_.append(" (").append(name).append(")"); }
  const std::string& place() const { return place_; }

  bool has(std::string_view field) const { return static_cast<bool>(object_[field]); }
  /// A member to be looked into by the caller; counts as known.
  json::Value member(std::string_view field);
  /// Not empty; required.
  std::string text(std::string_view field);
  /// One of `allowed`; empty if absent or null.
  std::string word(std::string_view field, std::span<const std::string_view> allowed);
  /// Texts; empty if absent.
  std::vector<std::string> texts(std::string_view field);
  /// Nothing if absent or null.
  std::optional<std::int64_t> count(std::string_view field);
  std::optional<double> amount(std::string_view field);
  std::optional<bool> flag(std::string_view field);

  void fail_at(std::string_view field, std::string_view what);
  /// The first error; an unknown field is one.
  Result<> finish();

 private:
  json::Value object_;
  std::string place_;
  std::vector<std::string_view> known_;
  std::string error_;
};

}  // namespace sluice::catalog
