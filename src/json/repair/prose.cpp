#include "json/repair/prose.hpp"

#include "json/repair/decoder.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::json::repair {
namespace {

struct Tag {
  std::string_view begins, ends;
};

/// How models set their thinking apart.
constexpr Tag thinking_tags[] = {
    {"<think>", "</think>"},
    {"<thinking>", "</thinking>"},
    {"<thought>", "</thought>"},
    {"<thoughts>", "</thoughts>"},
    {"<reasoning>", "</reasoning>"},
    {"<reflection>", "</reflection>"},
    {"<scratchpad>", "</scratchpad>"},
    {"<analysis>", "</analysis>"},
    {"[think]", "[/think]"},
    {"\u25c1think\u25b7", "\u25c1/think\u25b7"},
    {"<|channel|>analysis", "<|channel|>final<|message|>"},
    {"<|channel|>commentary", "<|channel|>final<|message|>"},
    {"<|begin_of_thought|>", "<|end_of_thought|>"},
};

/// Languages of a fence that holds JSON.
constexpr std::string_view json_languages[] = {"",   "json",       "json5", "jsonc", "jsonl",    "ndjson",
                                               "js", "javascript", "text",  "txt",   "plaintext"};

/// Words with which one takes back what one said.
constexpr std::string_view corrections[] = {"correction", "corrected", "actually", "wait",    "sorry",
                                            "oops",       "revised",   "instead",  "mistake", "updated"};

constexpr std::size_t longest_info = 32, longest_word = 16;

bool same_in_any_case(const Look& look, std::string_view wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const int c = look.byte(i);
    if (c < 0 || lower(static_cast<char>(c)) != wanted[i]) return false;
  }
  return true;
}

/// A quoted key, its colon and a value at `look`.
bool whole_member(Look look) {
  if (quoted_key(look) != Answer::yes || !pass_string(look)) return false;
  look.skip_gap();
  look.pass(look.peek());
  look.skip_gap();
  const Glyph value = look.peek();
  if (!value.quote()) return value.ends() || value.is(Kind::digit) || value.is('-') || plain_value(look);
  if (!pass_string(look)) return true;
  const bool newline = look.skip_space();
  const Glyph behind = look.peek();
  return newline || behind.ends() || behind.is(Kind::comma) || behind.is(Kind::close);
}

/// A key of unusual characters, or the beginning of one, at `look`.
bool odd_key(Look look) {
  for (std::size_t length = 0; length < 64; ++length) {
    const Glyph glyph = look.peek();
    if (glyph.is(Kind::end)) return length > 0;
    if (glyph.colon_like()) return length > 0;
    if (glyph.ends() || glyph.is(Kind::newline) || glyph.is(Kind::close) || glyph.is(Kind::comma))
      return false;
    look.pass(glyph);
  }
  return false;
}

bool digit_list(Look look) {
  while (is_digit(look.byte()) || look.byte() == '.') look.skip(1);
  look.skip_space();
  return look.peek().is(Kind::comma);
}

/// Bare words in brackets that are a list: separated, or all there is.
bool word_list(Look look) {
  bool separated = false;
  for (;;) {
    const Glyph glyph = look.peek();
    if (glyph.is(Kind::end)) return true;
    if (glyph.is(Kind::beyond) || glyph.is(Kind::open)) return separated;
    look.pass(glyph);
    separated = separated || glyph.is(Kind::comma) || glyph.is(Kind::newline);
    if (glyph.is(']')) break;
  }
  look.skip_gap();
  const Glyph behind = look.peek();
  return behind.is(Kind::end) || behind.is(Kind::comma) || (separated && !behind.is(Kind::letter));
}

/// `[1] Smith`: a reference.
bool reference(Look look) {
  while (is_digit(look.byte())) look.skip(1);
  if (look.byte() != ']') return false;
  look.skip(1);
  while (look.byte() == ' ') look.skip(1);
  return look.peek().is(Kind::letter) || look.peek().is(':') || look.peek().is('(');
}

/// A parenthesis that is a Python tuple, and nothing behind it.
bool tuple_at(Look look) {
  look.skip(1);
  Look first = look;
  first.skip_gap();
  if (!first.peek().is('(') && !plain_value(first)) return false;
  bool closed = false;
  return several_arguments(look, closed) && closed;
}

template <std::size_t n>
bool contains(const std::string_view (&words)[n], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

Prose::Found Prose::scan(std::string_view text, bool whole, std::size_t& consumed) {
  text_.bytes = text;
  text_.whole = whole;
  at_ = 0;
  found_ = Found::nothing;
  do {
    text_.starved = false;
  } while (at_ < text.size() && step() && found_ == Found::nothing);
  consumed = at_;
  return found_;
}

void Prose::value_ended() {
  start_ = words_ = correction_ = thought_ = false;
  before_ = adjacent_ = '\n';
  word_.clear();
}

bool Prose::step() {
  switch (state_) {
    case State::prose:
      return prose();
    case State::thinking:
      return thinking_step();
    case State::comment:
      return comment_step();
    case State::fence_line:
      return fence_line();
  }
  return false;
}

bool Prose::prose() {
  const Look look = here();
  switch (look.byte()) {
    case '<':
    case 0xe2:
      return angle(look);
    case '`':
    case '~':
      return fence_mark(look);
    case '{':
    case '[':
      return bracket(look);
    case '/':
      if (look.byte(1) == '*' || (look.byte(1) == '/' && adjacent_ == '\n')) {
        fixes_.add(Fix::comment);
        end_mark_ = look.byte(1) == '*' ? "*/" : "\n";
        at_ += 2;
        state_ = State::comment;
        return true;
      }
      if (starved()) return false;
      [[fallthrough]];
    default:
      return other(look);
  }
}

/// Takes `length` bytes for words.
void Prose::word(std::size_t length) {
  for (const char c : text_.bytes.substr(at_, length)) {
    adjacent_ = c == '\r' ? '\n' : c;
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') before_ = c;
  }
  at_ += length;
  start_ = pass_over_ = false;
  words_ = ever_words_ = true;
  fixes_.add(Fix::prose);
}

bool Prose::other(const Look& look) {
  const Glyph glyph = look.peek();
  if (starved()) return false;
  if (glyph.blank() || glyph.is(Kind::comma)) {
    if (!word_.empty()) last_word_ = word_;
    if (contains(corrections, last_word_)) correction_ = true;
    word_.clear();
    if (!glyph.is(' ') && !glyph.is(Kind::newline) && !glyph.is('\t')) fixes_.add(Fix::white_space);
    adjacent_ = glyph.is(Kind::newline) ? '\n' : ' ';
    at_ += glyph.length;
    return true;
  }
  if (start_ && glyph.quote() && !pass_over_) {
    const bool key = whole_member(look);
    if (starved()) return false;
    found_ = key ? Found::members : Found::string;
    return false;
  }
  if (start_ && glyph.is('(') && tuple_at(look)) {
    if (starved()) return false;
    found_ = Found::value;
    return false;
  }
  if (starved()) return false;
  if (glyph.is(Kind::letter) && static_cast<unsigned char>(glyph.byte) < 0x80) {
    if (word_.size() < longest_word) word_ += lower(glyph.byte);
    last_word_.clear();
  } else {
    if (contains(corrections, word_)) correction_ = true;
    word_.clear();
    last_word_.clear();
  }
  word(glyph.length);
  return true;
}

/// `<think>` and its like, `<!--`.
bool Prose::angle(const Look& look) {
  if (look.starts_with("<!--")) {
    fixes_.add(Fix::comment);
    end_mark_ = "-->";
    at_ += 4;
    state_ = State::comment;
    return true;
  }
  for (const Tag& tag : thinking_tags) {
    if (same_in_any_case(look, tag.begins)) {
      fixes_.add(Fix::reasoning);
      reasoned_ = true;
      end_mark_ = tag.ends;
      at_ += tag.begins.size();
      state_ = State::thinking;
      return true;
    }
    if (same_in_any_case(look, tag.ends)) {
      fixes_.add(Fix::reasoning);
      reasoned_ = thought_ = start_ = true;
      words_ = ever_words_ = false;
      at_ += tag.ends.size();
      return true;
    }
    if (starved()) return false;
  }
  return other(look);
}

bool Prose::thinking_step() {
  const char first = end_mark_.front();
  const std::size_t next = text_.bytes.find(first, at_);
  at_ = std::min(next, text_.bytes.size());
  if (next == std::string_view::npos) return false;
  const Look look = here();
  if (same_in_any_case(look, end_mark_)) {
    at_ += end_mark_.size();
    state_ = State::prose;
    adjacent_ = before_ = '\n';
    return true;
  }
  if (starved()) return false;
  ++at_;
  return true;
}

bool Prose::comment_step() {
  const std::size_t next = text_.bytes.find(end_mark_.front(), at_);
  at_ = std::min(next, text_.bytes.size());
  if (next == std::string_view::npos) return false;
  const bool ends = here().starts_with(end_mark_);
  if (starved()) return false;
  at_ += ends ? end_mark_.size() : 1;
  if (ends) {
    state_ = State::prose;
    adjacent_ = '\n';
  }
  return true;
}

bool Prose::fence_mark(const Look& look) {
  const int mark = look.byte();
  if (look.byte(1) == mark && look.byte(2) == mark) {
    fixes_.add(Fix::fence);
    at_ += 3;
    adjacent_ = before_ = '\n';
    if (fence_ != Fence::none) {
      fence_ = Fence::none;
    } else {
      info_.clear();
      state_ = State::fence_line;
    }
    return true;
  }
  if (starved()) return false;
  if (!start_) return other(look);
  fixes_.add(Fix::fence);
  at_ += 1;
  return true;
}

/// Behind an opening fence: its language, up to the first thing that cannot belong to one.
bool Prose::fence_line() {
  const int c = static_cast<unsigned char>(text_.bytes[at_]);
  if ((c == ' ' && info_.empty()) || c == '`' || c == '~') {
    ++at_;
    return true;
  }
  if ((is_letter(c) || is_digit(c) || c == '+' || c == '-') && info_.size() < longest_info) {
    info_ += lower(static_cast<char>(c));
    ++at_;
    return true;
  }
  state_ = State::prose;
  fence_ = contains(json_languages, info_) ? Fence::json : Fence::other;
  start_ = fence_ == Fence::json;
  words_ = true;
  return true;
}

/// Whether a colon, equals sign, opening parenthesis or nothing stands right before.
bool Prose::announced() const {
  constexpr std::string_view marks = ":=>(\n";
  return start_ || last_word_ == "return" || last_word_ == "json" ||
         marks.find(before_) != std::string_view::npos || adjacent_ == '\n';
}

bool Prose::bracket(const Look& look) {
  if (look.byte() == '[' && (same_in_any_case(look, "[think]") || same_in_any_case(look, "[/think]")))
    return angle(look);
  if (starved()) return false;
  const bool object = look.byte() == '{';
  Look inside = look;
  inside.skip(1);
  const bool found = object ? starts_object(inside, start_) : starts_array(inside, start_, 0);
  if (starved()) return false;
  if (!found || pass_over_) {
    word_.clear();
    word(1);
    return true;
  }
  if (contains(corrections, word_)) correction_ = true;
  found_ = Found::value;
  return false;
}

/// Whether an object begins before `look`. `bold`: where nothing else can, much is taken for one.
bool Prose::starts_object(Look look, bool bold) const {
  if (encoding_at(look) != Encoding::plain) return true;
  const bool newline = look.skip_gap();
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::end)) return bold;
  if (bold && glyph.quote()) return true;
  if (glyph.quote()) return quoted_key(look, KeyQuotes::one_may_miss) != Answer::no || colonless_member(look);
  if (bare_key(look)) return true;
  if (glyph.is('}')) {
    look.pass(glyph);
    if (bold || announced()) return true;
    return newline && look.peek().ends();
  }
  if (!bold) return false;
  return glyph.is(Kind::comma) || odd_key(look) || (glyph.is(Kind::digit) && digit_list(look));
}

/// Whether an array begins before `look`.
bool Prose::starts_array(Look look, bool bold, int nesting) const {
  constexpr int deepest = 8;
  const char adjacent = nesting == 0 ? adjacent_ : ' ';
  const bool index = is_letter(adjacent) || is_digit(adjacent) || adjacent == ']' || adjacent == ')';
  if (encoding_at(look) != Encoding::plain) return true;
  const bool newline = look.skip_gap();
  const Glyph glyph = look.peek();
  if (glyph.is(Kind::end)) return bold;
  const bool expected = bold || (announced() && !index);
  Look inside = look;
  inside.skip(1);
  if (glyph.is('{')) return starts_object(inside, expected);
  if (glyph.is('[')) return expected && nesting >= deepest ? true : starts_array(inside, bold, nesting + 1);
  if (bold && glyph.quote()) return true;
  if (glyph.quote()) return (!index && quoted_item(look) != Answer::no) || quoted_key(look) == Answer::yes;
  if (glyph.is(Kind::close)) return expected;
  if (glyph.is(Kind::digit) && reference(look)) return false;
  if (glyph.is(Kind::digit) && nesting > 0) return true;
  if (glyph.is(Kind::digit) || glyph.is('-') || glyph.is('.')) return expected;
  if (glyph.is(Kind::letter) && constant(look)) return expected;
  if (!bold) return newline && adjacent == '\n' && word_list(look);  // brackets on lines of their own
  if (glyph.is('(') || glyph.is(Kind::comma)) return true;
  return word_list(look);
}

}  // namespace sluice::json::repair
