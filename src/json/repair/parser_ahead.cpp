// The short way through what is right, or wrong in the commonest ways only.
//
// Most of a broken text is valid JSON, or differs by single quotes, bare keys and Python's words throughout.
// Here that is copied token by token without asking what might follow instead: a string counts as closed once
// what follows it shows that it is, and where nothing does, everything since the last certain place is taken
// back and read the careful way. What is certain here is what the careful way would decide.

#include "json/repair/parser.hpp"

namespace sluice::json::repair {
namespace {

constexpr bool space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Bytes that a quoted string may hold without a second look.
constexpr auto plain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\'' && c != '\\';
  return table;
}();

/// End of the number at `at` (RFC 8259 section 6); `at` if there is none.
std::size_t number_end(std::string_view text, std::size_t at) {
  std::size_t p = at;
  const auto here = [&] { return p < text.size() ? text[p] : '\0'; };
  const auto digits = [&] {
    const std::size_t first = p;
    while (is_digit(here())) ++p;
    return p > first;
  };
  if (here() == '-') ++p;
  if (here() == '0') {
    ++p;
  } else if (!digits()) {
    return at;
  }
  if (here() == '.') {
    ++p;
    if (!digits()) return at;
  }
  if (here() == 'e' || here() == 'E') {
    ++p;
    if (here() == '+' || here() == '-') ++p;
    if (!digits()) return at;
  }
  return p;
}

struct Word {
  std::string_view written, json;
};
constexpr Word words[] = {{"true", "true"}, {"false", "false"}, {"null", "null"},
                          {"True", "true"}, {"False", "false"}, {"None", "null"}};

}  // namespace

/// One run along the short way.
class Parser::Ahead {
 public:
  explicit Ahead(Parser& parser)
      : parser_(parser),
        text_(parser.text_.bytes),
        out_(*parser.out_),
        frames_(parser.frames_),
        at_(parser.at_) {
    sure(parser.state_);
  }

  void run() {
    while (go_on()) {
    }
    // Back to the last certain place.
    parser_.at_ = sure_.at;
    parser_.state_ = sure_.state;
    parser_.fixes_ = sure_.fixes;
    out_.resize(sure_.out);
    frames_.restore(sure_.depth, sure_.top);
  }

 private:
  struct Place {
    std::size_t at, out, depth;
    Frame top;
    Fixes fixes;
    State state;
  };

  Place place(State state) const {
    return {at_, out_.size(), frames_.depth(), frames_.top(), parser_.fixes_, state};
  }
  void sure(State state) {
    sure_ = place(state);
    state_ = state;
    string_open_to_doubt_ = false;
  }
  /// What ended at behind_ has turned out to be right.
  void confirm() {
    if (string_open_to_doubt_) sure_ = behind_;
    string_open_to_doubt_ = false;
  }

  bool go_on() {
    const std::size_t next = skip_space(at_);
    if (next >= text_.size()) return false;
    switch (state_) {
      case State::member:
        if (text_[next] == '}') return close(next);
        return member(next);
      case State::value:
        copy(next);
        return value(Role::value);
      case State::element:
        if (text_[next] == ']') return close(next);
        return element(next);
      case State::after:
        return after(next);
      default:
        return false;
    }
  }

  std::size_t skip_space(std::size_t p) const {
    while (p < text_.size() && space(text_[p])) ++p;
    return p;
  }
  void copy(std::size_t to) {
    out_.append(text_, at_, to - at_);
    at_ = to;
  }

  bool after(std::size_t next) {
    const char c = text_[next];
    if (c == closer(frames_.top().shape)) return close(next);
    if (c != ',') return false;
    const std::size_t begin = skip_space(next + 1);
    if (begin >= text_.size()) return false;
    return frames_.in_object() ? member(begin) : element(begin);
  }

  bool close(std::size_t next) {
    const Shape shape = frames_.top().shape;
    if (frames_.depth() == 1 || (shape != Shape::object && shape != Shape::array)) return false;
    if (shape == Shape::array && frames_.in_object(frames_.depth() - 1)) {
      std::size_t behind = skip_space(next + 1);
      if (behind < text_.size() && text_[behind] == ',') behind = skip_space(behind + 1);
      if (behind >= text_.size() || text_[behind] == '[') return false;
    }
    copy(next + 1);
    frames_.pop();
    if (string_open_to_doubt_) {
      behind_ = place(State::after);
      state_ = State::after;
    } else {
      sure(State::after);
    }
    return true;
  }

  /// A key and its colon; what is before it was right, then.
  bool member(std::size_t begin) {
    const std::size_t mark = out_.size();
    copy(begin);
    if (!key()) return false;
    const std::size_t colon = skip_space(at_);
    if (colon >= text_.size() || text_[colon] != ':') return false;
    if (colon + 1 >= text_.size() || text_[colon + 1] == '/') return false;
    copy(colon + 1);
    frames_.top().members = true;
    parser_.mark_ = mark;
    parser_.bare_keys_ = bare_key_;
    sure(State::value);
    return true;
  }

  bool key() {
    const char c = text_[at_];
    bare_key_ = c != '"' && c != '\'';
    if (!bare_key_) {
      constexpr std::string_view not_first = ",;:)}] \t\"'`";
      if (at_ + 1 >= text_.size() || not_first.find(text_[at_ + 1]) != std::string_view::npos) return false;
      constexpr std::size_t longest = 128;
      const std::size_t end = string_end(false);
      return end != 0 && end - at_ < longest && write_string(end);
    }
    if (!is_letter(c)) return false;
    constexpr std::size_t longest = 48;
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    if (end - at_ > longest) return false;
    parser_.fix(Fix::bare_text);
    out_ += '"';
    copy(end);
    out_ += '"';
    return true;
  }

  bool element(std::size_t begin) {
    const char c = text_[begin];
    const bool bracket = c == '{' || c == '[';
    if (bracket) confirm();
    Frame& frame = frames_.top();
    if (!frame.members) frame.first = c;
    frame.members = true;
    copy(begin);
    return value(Role::element);
  }

  bool value(Role role) {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return string_value(role);
    if (c == '{' || c == '[') return open(c);
    return is_letter(c) ? word() : number(role);
  }

  bool open(char bracket) {
    if (frames_.full()) return false;
    copy(at_ + 1);
    frames_.push(bracket == '{' ? Shape::object : Shape::array);
    if (bracket == '{') {
      state_ = State::member;  // or a Python set: its first key will tell
    } else {
      sure(State::element);
    }
    return true;
  }

  bool string_value(Role role) {
    const std::size_t end = string_end(true);
    if (end == 0 || !write_string(end)) return false;
    if (role == Role::element) {
      const std::size_t next = skip_space(at_);
      if (next >= text_.size() || (text_[next] != ',' && text_[next] != ']')) return false;  // a key, perhaps
      confirm();
    }
    string_open_to_doubt_ = true;
    behind_ = place(State::after);
    state_ = State::after;
    return true;
  }

  bool number(Role role) {
    const std::size_t end = number_end(text_, at_);
    if (end == at_ || !ends_value(end)) return false;
    // 12,345
    if (role == Role::value && text_[end] == ',' && (end + 1 >= text_.size() || is_digit(text_[end + 1])))
      return false;
    copy(end);
    sure(State::after);
    return true;
  }

  bool word() {
    for (const Word& word : words) {
      if (!text_.substr(at_).starts_with(word.written)) continue;
      const std::size_t end = at_ + word.written.size();
      if (!ends_value(end)) return false;
      if (word.written != word.json) parser_.fix(Fix::literal);
      out_ += word.json;
      at_ = end;
      sure(State::after);
      return true;
    }
    return false;
  }

  bool ends_value(std::size_t end) const {
    const std::size_t next = skip_space(end);
    return next < text_.size() && (text_[next] == ',' || text_[next] == '}' || text_[next] == ']');
  }

  /// Behind the string that begins here; 0 if it has anything unusual in it.
  std::size_t string_end(bool escapes) const {
    const char mark = text_[at_];
    for (std::size_t p = at_ + 1; p < text_.size();) {
      const char c = text_[p];
      if (plain[static_cast<unsigned char>(c)]) {
        ++p;
      } else if (c == mark) {
        return p + 1;
      } else if (c == '\'') {
        ++p;
      } else {
        const std::size_t length = static_cast<unsigned char>(c) >= 0x80 ? foreign_length(p)
                                   : c == '\\' && escapes && mark == '"' ? escape_length(p)
                                                                         : 0;
        if (length == 0) return 0;
        p += length;
      }
    }
    return 0;
  }

  std::size_t foreign_length(std::size_t p) const {
    bool cut = false;
    const std::string_view left = text_.substr(p);
    const std::size_t length = sequence_length(left, cut);
    return cut || foreign_glyph(left, cut).quote() || cut ? 0 : length;
  }

  std::size_t escape_length(std::size_t p) const {
    if (p + 5 >= text_.size()) return 0;
    constexpr std::string_view known = "\"\\/bfnrt";
    if (known.find(text_[p + 1]) != std::string_view::npos) return 2;
    if (text_[p + 1] != 'u' || (lower(text_[p + 2]) == 'd' && hex_digit(text_[p + 3]) >= 8)) return 0;
    for (std::size_t i = p + 2; i < p + 6; ++i)
      if (hex_digit(text_[i]) < 0) return 0;
    return 6;
  }

  bool write_string(std::size_t end) {
    if (text_[at_] == '"') {
      copy(end);
      return true;
    }
    parser_.fix(Fix::quote);
    out_ += '"';
    out_.append(text_, at_ + 1, end - at_ - 2);
    out_ += '"';
    at_ = end;
    return true;
  }

  Parser& parser_;
  std::string_view text_;
  std::string& out_;
  Frames& frames_;
  std::size_t at_;
  State state_ = State::after;
  Place sure_{}, behind_{};
  bool bare_key_ = false;
  bool string_open_to_doubt_ = false;  ///< the last value was a string that is not confirmed
};

/// Goes the short way as far as it leads.
void Parser::run_ahead() {
  if (frames_.depth() == 0 || !gap_.empty() || comma_ || begun_ || in_comment_) return;
  const bool first = state_ == State::member || state_ == State::element;
  if (first ? frames_.top().members : state_ != State::after && state_ != State::value) return;
  if (at_ >= text_.bytes.size()) return;
  Ahead(*this).run();
}

}  // namespace sluice::json::repair
