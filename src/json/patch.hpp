#pragma once
// json::Patch: a text with a few places changed, as a list of slices, so that the rest is never copied.

#include "json/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::json {

/// Edits of one text. Edits must not overlap; they may be added in any order. The text and its Document must
/// outlive the slices.
class Patch {
 public:
  explicit Patch(Value object) : object_(object) {}

  /// Puts `value` (JSON) in the place of an existing value.
  void replace(Value value, std::string_view json);
  /// Sets a member of the root object: replaces the value if the member exists, else appends the member.
  void set(std::string_view key, std::string_view json);
  /// Takes a member of the root object away, with every repetition of it.
  void remove(std::string_view key);
  /// Takes a member of any object away.
  void remove(Value object, std::string_view key);
  /// Inserts text at an offset, commas and all.
  void insert(std::size_t offset, std::string text);

  bool empty() const { return edits_.empty() && removals_.empty() && appended_.empty(); }
  /// The slices in order; they view the original text and this patch.
  std::vector<std::string_view> slices();
  /// The same, joined behind what `out` holds.
  void append_to(std::string& out);

 private:
  struct Edit {
    std::size_t begin, end;
    std::string text;
  };

  struct Removal {
    Value object;
    std::string key;
  };

  bool removes(Value object, Text key) const;
  void cut_removals(Value object);

  Value object_;
  std::vector<Edit> edits_;
  std::vector<Removal> removals_;
  std::string appended_;
};

}  // namespace sluice::json
