#pragma once
// What may follow, and whether it does: the judgement at the heart of the repair.
//
// A quote closes its string if what follows fits the place, else it belongs to the text. These functions say
// whether it fits. They only look; where they cannot see far enough, a text without a fault so far is
// trusted.

#include "json/repair/frames.hpp"
#include "json/repair/shapes.hpp"

namespace sluice::json::repair {

/// Whose string it is.
enum class Role : std::uint8_t { key, value, element, root };

/// What is known of the string that a quote may close.
struct StringFacts {
  Role role;
  Kind family = Kind::double_quote;  ///< of its quotes
  bool odd = false;                  ///< an odd number of inner quotes so far: one of them is still open
  bool inner = false;                ///< there are inner quotes
  bool bare_keys = false;            ///< the keys around it have no quotes
};

/// Whether one of the frames up to `depth` is an object.
bool inside_object(const Frames& frames, std::size_t depth);
/// Whether `, [` is at `look`, behind the array that was the value of a member of the frame at `depth`: the
/// array was closed too early.
bool rows_go_on(Look look, const Frames& frames, std::size_t depth);
/// Whether `look`, behind a closing bracket, fits the frame that is then on top, `depth` being open.
bool fits_behind(Look look, const Frames& frames, std::size_t depth, Kind family = Kind::double_quote);
/// Whether members go on at `look`, behind the bracket that seems to close the root: it is one too many.
bool more_members(Look look);
/// Whether the brackets at `look` may be structure, given what comes behind them.
bool brackets_fit(Look look, const Frames& frames, Kind family = Kind::double_quote);
/// Whether the quote just before `look` may close its string.
bool closes_string(Look look, const Frames& frames, const StringFacts& facts);
/// Whether the structure goes on at `look`, which is inside a string: its closing quote was lost. At a comma,
/// line break or bracket.
bool lost_quote(Look look, const Frames& frames, const StringFacts& facts);
/// Whether a bare text of `role` ends at `look`, a comma or line break.
bool ends_bare_text(Look look, Role role);

}  // namespace sluice::json::repair
