#pragma once
// json::repair: text that was meant to be JSON, made JSON.
//
// Language models write JSON with trailing commas, single quotes, comments and Python words, put it into
// fences and prose, and stop in the middle. whole() repairs a complete text, Stream (stream.hpp) repairs one
// while it arrives. Both leave valid JSON as it is, byte for byte, and take linear time. What they return is
// one value of strict JSON; what holds no JSON fails.
//
//   text -> valid? ------------------------------------------------> the very text
//        -> undo_layer() -> Prose -> Parser -> ... -> choose() -> verified JSON
//
// Where a fault can be read in several ways the reading wins that keeps the most of what was said and invents
// nothing: null for a missing value, the rest of a cut `tru`, but no 0, no "" and no key.

#include "json/repair/fixes.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sluice::json::repair {

inline constexpr std::size_t max_bytes = std::size_t{8} << 20;  ///< of a text; more fails as `too_large`

enum class Reason : std::uint8_t {
  empty,           ///< there is no text
  no_json,         ///< there is no JSON in the text
  only_reasoning,  ///< there is only thinking in the text
  not_an_object,   ///< there is JSON, but an object is wanted
  too_large,
  too_deep,  ///< nested deeper than 512 levels
};
/// As `no_json`.
std::string_view name(Reason reason);
/// A sentence for people, without any of the text.
std::string_view message(Reason reason);

/// Tells which of several readings is meant, from the schema that was asked for.
class Judge {
 public:
  /// `json` is one strictly valid value. Called from the thread of the repair, for a few readings at most.
  virtual bool accepts(std::string_view json) const = 0;

 protected:
  ~Judge() = default;
};

struct Options {
  /// The value must be an object. One in an array of its own, or in a string, is taken out.
  bool object = false;
  /// No text at all means an object without members: a call of a function without parameters.
  bool empty_is_object = false;
  /// A last string or number that was cut is left out: half a path must not be acted on.
  bool drop_cut_scalar = false;
  /// Not owned; asked only where there is a choice.
  const Judge* judge = nullptr;
};

struct Repaired {
  std::string_view json;  ///< a slice of the text, or stands in the buffer
  Fixes fixes;            ///< what was wrong; empty if nothing was changed

  bool changed() const { return !fixes.empty(); }
};

/// Repairs a whole text. `buffer` holds the result unless that is a slice of `text`. Safe to call from many
/// threads at once.
std::expected<Repaired, Reason> whole(std::string_view text, std::string& buffer,
                                      const Options& options = {});

}  // namespace sluice::json::repair
