#pragma once
// What a place in the text looks like: a key, an item, a value. Only looking, no judgement.

#include "json/repair/look.hpp"

namespace sluice::json::repair {

enum class Answer : std::uint8_t {
  no,
  yes,
  unseen,  ///< that lies beyond the reach
  cut,     ///< the text ends before
};

enum class KeyQuotes : std::uint8_t {
  both,
  one_may_miss,  ///< also `"name: 1`
};
/// Whether a quoted key and its colon are at `look`.
Answer quoted_key(Look look, KeyQuotes quotes = KeyQuotes::both);

enum class ColonStyle : std::uint8_t {
  any,
  apart,  ///< not `word:word`
};
/// Whether a key without its first quote, or without any, and its colon are at `look`.
bool bare_key(Look look, ColonStyle style = ColonStyle::any);
/// Whether a key of one word without quotes, its colon and a value that is no bare text are at `look`.
bool bare_member(Look look);
/// Whether a quoted key and its value are at `look`, without the colon between them.
bool colonless_member(Look look);
/// Whether a word is at `look` and a quoted key behind it: `COMMENT "key":`.
bool word_before_key(Look look);

/// Whether a quoted string that ends before a comma, a bracket or the end is at `look`.
Answer quoted_item(Look look);
/// Passes the quoted string at `look`; false if it does not end in sight.
bool pass_string(Look& look);
/// Whether a value that is no bare text begins at `look`: a quote, bracket, number, constant or call.
bool plain_value(Look look);
/// Whether the word at `look` is a JSON or Python constant that ends before a delimiter.
bool constant(Look look);

/// Passes commas and what else may lie between members. False if there is no comma. `newline` is set if there
/// is a line break.
bool skip_commas(Look& look, bool* newline = nullptr);
/// A Markdown fence.
bool fence(const Look& look);
/// `<|im_end|>`, `</answer>`.
bool end_tag(const Look& look);

}  // namespace sluice::json::repair
