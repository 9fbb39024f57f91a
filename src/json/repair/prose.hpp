#pragma once
// Finding the JSON in what a model said: behind preambles, Markdown fences, comments and thinking.

#include "json/repair/fixes.hpp"
#include "json/repair/look.hpp"
#include "json/repair/parser.hpp"

#include <string_view>

namespace sluice::json::repair {

/// Reads over what is no JSON, in one piece or several, up to where a value begins.
class Prose {
 public:
  enum class Found : std::uint8_t {
    nothing,  ///< so far
    value,    ///< an object or array begins
    members,  ///< an object begins whose opening brace is missing
    string,   ///< the text begins with a quote: perhaps it is all one string
  };

  explicit Prose(std::size_t reach) : reach_(reach) {}

  /// Reads on at the beginning of `text`; `consumed` is how much of it was passed. The value that was found
  /// is not passed; call value_ended() behind it.
  Found scan(std::string_view text, bool whole, std::size_t& consumed);
  /// What follows is the text behind a value.
  void value_ended();
  /// What was found is none: it is words like others.
  void pass_over() { pass_over_ = true; }

  /// Whether the value that was found stands in a fence that may hold JSON.
  bool fenced() const { return fence_ == Fence::json; }
  /// Since the last value, or the beginning: was there other text than white space and commas?
  bool words() const { return words_; }
  /// Since the last value: did the text take back what it said?
  bool correction() const { return correction_; }
  /// Since the last value: did thinking end that nobody saw begin? Then what was found before it was
  /// thinking.
  bool thought() const { return thought_; }
  /// Inside thinking that has not ended.
  bool thinking() const { return state_ == State::thinking; }
  /// Whether there was nothing but thinking.
  bool only_reasoning() const { return reasoned_ && !ever_words_; }
  const Fixes& fixes() const { return fixes_; }

 private:
  enum class State : std::uint8_t { prose, thinking, comment, fence_line };
  enum class Fence : std::uint8_t { none, json, other };

  bool step();
  bool prose();
  bool thinking_step();
  bool comment_step();
  bool fence_line();
  bool angle(const Look& look);
  bool fence_mark(const Look& look);
  bool bracket(const Look& look);
  bool other(const Look& look);
  void word(std::size_t length);
  bool starts_object(Look look, bool bold) const;
  bool starts_array(Look look, bool bold, int nesting) const;
  bool announced() const;
  Look here() const { return {text_, at_, {reach_, reach_, false}}; }
  bool starved() const { return text_.starved; }

  std::size_t reach_;
  Window text_;
  std::size_t at_ = 0;
  State state_ = State::prose;
  Fence fence_ = Fence::none;
  Found found_ = Found::nothing;
  Fixes fixes_;
  std::string_view end_mark_;  ///< what ends the thinking or comment
  std::string info_;           ///< behind the opening fence: its language
  std::string last_word_;      ///< the one before, if only white space follows it
  std::string word_;           ///< the word that is being read, in lower case
  char before_ = '\n';         ///< the last byte that is no space
  char adjacent_ = '\n';       ///< the last byte
  bool pass_over_ = false;
  bool start_ = true;  ///< nothing but white space, fences, comments and thinking so far
  bool words_ = false, ever_words_ = false, correction_ = false, thought_ = false, reasoned_ = false;
};

}  // namespace sluice::json::repair
