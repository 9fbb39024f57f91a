#pragma once
// YamlValue and YamlMap: values of a YAML file, read into types. What is wrong goes to the list of problems,
// and reading goes on.

#include "app/config_problems.hpp"
#include "app/env_references.hpp"
#include "app/environment.hpp"
#include "base/secret.hpp"
#include "catalog/region.hpp"

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::app {

/// What every value needs to be read. Must outlive the values.
struct YamlSource {
  const EnvReferences& references;
  const Environment& environment;
  ConfigProblems& problems;
};

/// A value and where it stands. Each conversion gives nothing, and reports, if the value is not of its kind.
class YamlValue {
 public:
  /// `place` is the path to it: `models[0].targets`. `line` counts from 1.
  YamlValue(const YamlSource& source, const YAML::Node& node, std::string place, int line);

  const YamlSource& source() const { return source_; }
  const YAML::Node& node() const { return node_; }
  const std::string& place() const { return place_; }
  int line() const { return line_; }
  bool is_list() const { return node_.IsSequence(); }
  bool is_map() const { return node_.IsMap(); }

  /// Not empty, without control characters.
  std::optional<std::string> text() const;
  /// The same, but no report shows it.
  std::optional<Secret> secret() const;
  std::optional<std::int64_t> whole(std::int64_t least, std::int64_t most) const;
  /// 0 or more.
  std::optional<double> amount() const;
  std::optional<bool> flag() const;
  /// More than nothing, at most a day: 500ms, 30s, 5m, 1h.
  std::optional<std::chrono::milliseconds> duration() const;
  /// 1 to 1 TiB: bytes, or with KB, MB, GB (thousands) or KiB, MiB, GiB (1024s).
  std::optional<std::size_t> bytes() const;
  /// One of `allowed`.
  std::optional<std::string> word(const std::vector<std::string_view>& allowed) const;
  /// A region or a list of some.
  std::optional<catalog::Regions> regions() const;
  /// The elements of a list.
  std::vector<YamlValue> items() const;
  /// The same; what is no list is its only element.
  std::vector<YamlValue> item_or_items() const;

  /// Reports `place: what`.
  void wrong(std::string_view what) const;

 private:
  std::optional<std::string> scalar() const;
  std::optional<std::string> clean_scalar() const;

  YamlSource source_;
  YAML::Node node_;
  std::string place_;
  int line_;
};

/// The members of a mapping. Reports what is no mapping, keys that are there twice, and on finish() keys that
/// nobody asked for.
class YamlMap {
 public:
  explicit YamlMap(const YamlValue& value);

  /// Nothing if the key is absent. A key without a value is reported.
  std::optional<YamlValue> find(std::string_view key);
  /// The same, but reports an absent key; `why` says what it is for.
  std::optional<YamlValue> require(std::string_view key, std::string_view why);
  /// `out` keeps its value where the key is absent or wrong.
  template <class T, class Out>
  void read(std::string_view key, Out& out, std::optional<T> (YamlValue::*convert)() const) {
    if (const auto value = find(key))
      if (auto converted = ((*value).*convert)()) out = std::move(*converted);
  }
  template <class Out>
  void read_whole(std::string_view key, Out& out, std::int64_t least, std::int64_t most) {
    if (const auto value = find(key))
      if (const auto number = value->whole(least, most)) out = static_cast<Out>(*number);
  }
  /// All members, for mappings whose keys are names.
  const std::vector<std::pair<std::string, YamlValue>>& entries() const { return entries_; }
  void finish() const;

 private:
  YamlValue value_;
  std::vector<std::pair<std::string, YamlValue>> entries_;
  std::vector<std::string_view> known_;
};

}  // namespace sluice::app
