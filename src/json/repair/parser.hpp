#pragma once
// The tolerant parser: a pushdown automaton over broken JSON that writes valid JSON as it goes.
//
// Clean slices are copied verbatim, only the faults are rewritten. What was written is never taken back,
// unless the caller says that it may be (a whole text), so the same parser serves streams: it consumes what
// can be decided and leaves the rest to the next call. One value per parser.

#include "json/repair/fixes.hpp"
#include "json/repair/follow.hpp"
#include "json/repair/scalar.hpp"

#include <string>
#include <string_view>

namespace sluice::json::repair {

struct ParserOptions {
  bool streaming = false;                  ///< the output is gone once written, and little may be held back
  bool drop_cut_scalar = false;            ///< a last string or number that was cut is left out
  bool leading_zeros_are_numbers = false;  ///< 007 is 7 and not "007"
};

class Parser {
 public:
  enum class Start : std::uint8_t {
    value,    ///< at a bracket
    scalar,   ///< at something else
    members,  ///< at the first key: the opening brace is missing
  };

  explicit Parser(const ParserOptions& options) : options_(options) {}
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// What `text` begins with. Call it before the first read().
  void start(Start start);
  /// Reads on at the beginning of `text`, appends to `out` what is certain, and returns the bytes consumed;
  /// the caller passes the others again, with what follows them. `whole`: nothing follows.
  std::size_t read(std::string_view text, bool whole, std::string& out);

  /// The value is complete.
  bool done() const { return state_ == State::done; }
  bool too_deep() const { return state_ == State::too_deep; }
  /// A scalar() start found no scalar.
  bool failed() const { return state_ == State::failed; }
  const Fixes& fixes() const { return fixes_; }
  std::size_t depth() const { return frames_.depth(); }

 private:
  enum class State : std::uint8_t {
    member,
    colon,
    value,
    element,
    after,
    string,
    number,
    root,
    missing_brace,
    done,
    too_deep,
    failed
  };

  struct String {
    Role role = Role::value;
    Kind family = Kind::double_quote;  ///< of its quotes
    char mark = '"';                   ///< the last byte of the opening quote
    bool bare = false;
    bool triple = false;
    bool raw = false;          ///< its backslashes are meant as such
    bool path = false;         ///< it looks like a Windows path
    bool odd = false;          ///< an inner quote is open
    bool inner = false;        ///< it has inner quotes
    char last = '\0';          ///< the last byte of its text that is no space
    std::size_t brackets = 0;  ///< open in its text
    std::size_t embedded =
        0;               ///< up to here (from the start of all) it holds JSON whose quotes are inner ones
    std::string spaces;  ///< of a bare text, not yet written: they may be its last
  };

  enum class NumberPart : std::uint8_t { integer, fraction, exponent };

  class Ahead;
  void run_ahead();

  // Each of these does one step. False: it must see more of the text.
  bool step();
  bool member();
  bool colon();
  bool value();
  bool element();
  bool after();
  bool string();
  bool number();
  bool root();

  // The gap between tokens: white space, commas, comments.
  bool skip_gap();
  bool comment_here(const Look& look) const;
  bool skip_comment();
  bool skip_open_comment();
  void take_plain_space();
  void take_space(const Glyph& glyph);
  void take_comma(const Glyph& glyph);
  void write_gap();
  void begin_member();
  bool skip_stray();
  bool skip_value();

  // Keys and values.
  bool bare_key_here();
  void write_bare_key(std::string_view key);
  bool brace_for_key();
  bool key_in_array();
  bool open_value(Role role, const Glyph& glyph);
  bool open_bracket(const Glyph& glyph);
  std::size_t string_prefix() const;
  Shape shape_of(const Glyph& glyph);
  bool scalar(Role role);
  void write_scalar(const Scalar& scalar, Role role);
  void missing_value();
  void push(Shape shape);
  void scalar_done(Role role);

  // Brackets and the end.
  bool close(char bracket);
  std::size_t left_open_by(char bracket, Look behind) const;
  bool more_elements(Look behind) const;
  bool sibling_of_top(Look behind) const;
  std::size_t behind_row_bracket(Look behind) const;
  void pop();
  void finish();
  void drop_member();

  // Inside strings.
  bool open_string(Role role, const Glyph& quote);
  void open_bare(Role role);
  void close_string(std::size_t quote_length);
  void cut_string();
  bool special(unsigned char c);
  bool quote();
  bool triple_quote();
  bool ends_before_comment(const Look& next);
  bool closes(const Glyph& quote, Look behind) const;
  std::size_t embedded_end(Look look) const;
  bool join(Look behind);
  bool escape();
  bool unicode_escape();
  bool code_point_escape();
  bool code_escape(int code, std::size_t length);
  bool raw_letter(char letter) const;
  bool backslash();
  bool raw_ahead() const;
  bool foreign();
  bool control(unsigned char c);
  bool sign_of_structure();
  bool colon_in_key();
  bool bare_special(unsigned char c);
  bool bare_quote(const Glyph& quote);
  bool end_bare();
  void content(std::string_view bytes);
  void content(char byte);
  StringFacts facts() const { return {string_.role, string_.family, string_.odd, string_.inner, bare_keys_}; }

  Reach reach() const;
  Look here(std::size_t ahead = 0) const { return {text_, at_ + ahead, reach()}; }
  bool starved() const { return text_.starved; }
  std::string_view rest() const { return text_.bytes.substr(at_); }
  std::string& out() { return *out_; }
  void fix(Fix fix) { fixes_.add(fix); }
  bool embedded() const { return base_ + at_ < string_.embedded; }

  ParserOptions options_;
  Window text_;
  std::size_t at_ = 0;    ///< in text_
  std::size_t base_ = 0;  ///< where text_ begins, from the start of all
  std::string* out_ = nullptr;
  Frames frames_;
  State state_ = State::root;
  Fixes fixes_;

  std::string gap_;           ///< white space seen since the last token, not yet written
  std::size_t comma_at_ = 0;  ///< where in it the comma belongs
  bool comma_ = false;        ///< there was one
  bool begun_ = false;        ///< comma and gap of the member are written, its first byte is not
  bool bare_keys_ = false;    ///< the last key had no quotes
  bool in_comment_ = false;
  std::string_view comment_end_;  ///< what ends the open comment; empty: the end of the line
  std::size_t mark_ = 0;          ///< where in the output the last member begins, its comma included
  String string_;
  NumberPart number_part_ = NumberPart::integer;
};

}  // namespace sluice::json::repair
