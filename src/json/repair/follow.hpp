#pragma once
// What may follow, and whether it does: the judgement at the heart of the repair.
//
// A quote closes its string if what follows fits the place, else it belongs to the text. These functions say
// whether it fits. They only look; where they cannot see far enough, a text without a fault so far is
// trusted.

#include "json/repair/frames.hpp"
#include "json/repair/look.hpp"

namespace sluice::json::repair {

/// Whose string it is.
enum class Role : std::uint8_t { key, value, element, root };

/// What is known of the string that a quote may close.
struct StringFacts {
  Role role;
  bool odd = false;    ///< an odd number of inner quotes so far: one of them is still open
  bool inner = false;  ///< there are inner quotes
};

enum class Answer : std::uint8_t { no, yes, unseen, cut };

enum class KeyQuotes : std::uint8_t {
  both,
  one_may_miss,  ///< also `"name: 1`
};
/// Whether a quoted key and its colon are at `look`. `unseen` if that lies beyond the reach, `cut` if the
/// text ends inside the key.
Answer quoted_key(Look look, KeyQuotes quotes = KeyQuotes::both);
enum class ColonStyle : std::uint8_t {
  any,
  apart,  ///< not `word:word`
};
/// Whether a key without its first quote, or without any, and its colon are at `look`.
bool bare_key(Look look, ColonStyle style = ColonStyle::any);
/// Whether a quoted string that ends before a comma, a bracket or the end is at `look`.
Answer quoted_item(Look look);
/// Whether a value that is no bare text begins at `look`: a quote, bracket, number or literal.
bool plain_value(Look look);
/// Whether the word at `look` is a JSON or Python constant that ends before a delimiter.
bool constant(Look look);

/// Passes the quoted string at `look`; false if it does not end in sight.
bool pass_string(Look& look);
/// Whether a quoted key and its value are at `look`, without the colon between them.
bool colonless_member(Look look);

/// Whether one of the frames up to `depth` is an object.
bool inside_object(const Frames& frames, std::size_t depth);
/// Whether `, [` is at `look`, behind the array that was the value of a member of the frame at `depth`: the
/// array was closed too early.
bool rows_go_on(Look look, const Frames& frames, std::size_t depth);
/// Whether `look`, behind a closing bracket, fits the frame that is then on top, `depth` being open.
bool fits_behind(Look look, const Frames& frames, std::size_t depth);
/// Whether members go on at `look`, behind the bracket that seems to close the root: it is one too many.
bool more_members(Look look);
/// Whether the brackets at `look` may be structure, given what comes behind them.
bool brackets_fit(Look look, const Frames& frames);
/// Whether the quote just before `look` may close its string.
bool closes_string(Look look, const Frames& frames, const StringFacts& facts);
/// Whether the structure goes on at `look`, which is inside a string: its closing quote was lost. At a comma,
/// line break or bracket.
bool lost_quote(Look look, const Frames& frames, const StringFacts& facts);
/// Whether a bare text of `role` ends at `look`, a comma or line break.
bool ends_bare_text(Look look, Role role);

}  // namespace sluice::json::repair
