#include "json/repair/parser.hpp"

#include "json/text.hpp"

namespace sluice::json::repair {
namespace {

/// A stream holds back 16 bytes while everything is right (one for the quote or comma before the look), and
/// 512 afterwards. A whole text is looked at farther, until that becomes too much work.
constexpr std::size_t near = 16, far = 480, whole_reach = 1024, tired_reach = 32;
constexpr std::size_t work_per_byte = 24, free_work = 1 << 16;

/// White space beyond this is not worth keeping as it was.
constexpr std::size_t longest_gap = 4096;

/// Tokens that no gap can begin with.
constexpr bool plain_token(char c) {
  return c == '"' || c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']' || c == '\'' ||
         is_digit(c) || is_letter(c);
}

constexpr bool json_space(const Glyph& glyph) {
  return glyph.is(' ') || glyph.is('\n') || glyph.is('\r') || glyph.is('\t');
}

/// A Markdown fence or an end tag: the JSON ends here, complete or not.
bool end_mark(const Look& look) {
  if (look.byte() == '`') return look.starts_with("```");
  return look.byte() == '<' && (look.byte(1) == '|' || look.byte(1) == '/');
}

}  // namespace

Reach Parser::reach() const {
  if (!options_.streaming) {
    const bool tired = text_.looked_at > free_work + work_per_byte * text_.bytes.size();
    const std::size_t reach = tired ? tired_reach : whole_reach;
    return {reach, reach, false};
  }
  if (!fixes_.empty()) return {far, far, false};
  const std::size_t waiting = gap_.size() + (comma_ ? 1 : 0);
  return {waiting < near ? near - waiting : 1, far, true};
}

void Parser::start(Start start) {
  state_ = start == Start::members ? State::missing_brace : State::root;
}

std::size_t Parser::read(std::string_view text, bool whole, std::string& out) {
  text_.bytes = text;
  text_.whole = whole;
  at_ = 0;
  out_ = &out;
  do {
    text_.starved = false;
    run_ahead();
  } while (state_ < State::done && step());
  base_ += at_;
  return at_;
}

bool Parser::step() {
  switch (state_) {
    case State::member:
      return member();
    case State::colon:
      return colon();
    case State::value:
      return value();
    case State::element:
      return element();
    case State::after:
      return after();
    case State::string:
      return string();
    case State::number:
      return number();
    case State::root:
      return root();
    case State::missing_brace:
      fix(Fix::bracket);
      push(Shape::object);
      return true;
    default:
      return false;
  }
}

bool Parser::root() {
  const Glyph glyph = here().peek();
  if (starved()) return false;
  mark_ = out().size();
  return open_value(Role::root, glyph);
}

bool Parser::member() {
  if (!skip_gap()) return false;
  const Look look = here();
  const Glyph glyph = look.peek();
  const bool ends = glyph.is(Kind::end) || end_mark(look);
  if (starved()) return false;
  if (ends) {
    finish();
  } else if (glyph.is(Kind::comma)) {
    take_comma(glyph);
  } else if (glyph.is(Kind::close)) {
    return close(glyph.byte);
  } else if (glyph.quote()) {
    return open_string(Role::key, glyph);
  } else if (glyph.is('{')) {
    return brace_for_key();
  } else if (glyph.is(Kind::colon)) {
    return skip_value();
  } else {
    return bare_key_here();
  }
  return true;
}

bool Parser::colon() {
  if (!skip_gap()) return false;
  const Look look = here();
  const Glyph glyph = look.peek();
  const bool arrow = (glyph.is('=') || glyph.is('-')) && look.byte(1) == '>';
  const bool sign = glyph.is('|') || glyph.is('~') || glyph.is('>');  // for a colon
  const bool ends = glyph.is(Kind::end) || end_mark(look);
  if (starved()) return false;
  if (ends) {
    drop_member();
    return true;
  }
  if (glyph.is(Kind::comma) || glyph.is(Kind::close)) {
    out() += ':';
    missing_value();
    return true;
  }
  write_gap();
  out() += ':';
  if (!glyph.is(':')) fix(Fix::colon);
  if (glyph.colon_like() || arrow || sign) at_ += arrow ? 2 : glyph.length;
  state_ = State::value;
  return true;
}

bool Parser::value() {
  if (!skip_gap()) return false;
  const Look look = here();
  const Glyph glyph = look.peek();
  const bool ends = glyph.is(Kind::end) || (glyph.is('<') && end_mark(look));
  if (starved()) return false;
  if (ends) {
    drop_member();
  } else if (glyph.is(Kind::comma) || glyph.is(Kind::close)) {
    missing_value();
  } else if (glyph.colon_like()) {
    fix(Fix::colon);
    at_ += glyph.length;
  } else {
    write_gap();
    return open_value(Role::value, glyph);
  }
  return true;
}

bool Parser::element() {
  if (!skip_gap()) return false;
  const Look look = here();
  const Glyph glyph = look.peek();
  const bool last_line = glyph.is('`') && (look.byte(3) == '\n' || look.byte(3) == Look::at_end);
  const bool ends = glyph.is(Kind::end) || (end_mark(look) && (frames_.top().members || last_line));
  if (starved()) return false;
  if (ends) {
    finish();
    return true;
  }
  if (glyph.is(Kind::comma)) {
    take_comma(glyph);
    return true;
  }
  if (glyph.is(Kind::close)) return close(glyph.byte);
  if (glyph.is(Kind::colon)) return skip_stray();
  if (begun_) return open_value(Role::element, glyph);
  const bool array = frames_.top().shape == Shape::array;
  if (array && glyph.quote() && quoted_key(look) == Answer::yes) return !starved() && key_in_array();
  const bool early = comma_ && !frames_.top().members;  // a comma in an empty array
  const bool member = bare_keys_ && glyph.is(Kind::letter) && bare_member(look);
  if (array && glyph.is(Kind::letter) &&
      (member || bare_key(look, early ? ColonStyle::any : ColonStyle::apart)))
    return !starved() && key_in_array();
  if (starved()) return false;
  if (!frames_.top().members) frames_.top().first = glyph.byte;
  // A sign alone is left out, everything else begins an element for certain.
  if (!glyph.is('-') && !glyph.is('+') && !glyph.is('.')) begin_member();
  return open_value(Role::element, glyph);
}

bool Parser::after() {
  if (!skip_gap()) return false;
  const Look look = here();
  const Glyph glyph = look.peek();
  const bool ends = glyph.is(Kind::end) || end_mark(look);
  if (starved()) return false;
  if (ends) {
    finish();
    return true;
  }
  if (glyph.is(Kind::comma)) {
    take_comma(glyph);
    state_ = frames_.in_object() ? State::member : State::element;
    return true;
  }
  if (glyph.is(Kind::close)) return close(glyph.byte);
  const Shape shape = frames_.top().shape;
  bool goes_on = false;  // without a comma
  if (shape == Shape::object) {
    Look key = look;
    key.relax();
    goes_on = glyph.quote() || glyph.is('{') || bare_key(key);
  } else {
    goes_on = shape != Shape::group && !glyph.is('(') && !glyph.is(Kind::other) && !glyph.is(Kind::colon);
    goes_on = goes_on || (shape != Shape::group && (glyph.is('-') || glyph.is('.')));
  }
  if (starved()) return false;
  if (!goes_on) return skip_stray();
  state_ = shape == Shape::object ? State::member : State::element;
  return true;
}

bool Parser::skip_gap() {
  for (;;) {
    if (in_comment_ && !skip_open_comment()) return false;
    take_plain_space();
    if (at_ < text_.bytes.size() && plain_token(text_.bytes[at_])) return true;
    const Look look = here();
    const Glyph glyph = look.peek();
    const std::size_t dots = glyph.blank() ? 0 : ellipsis_at(look);
    const bool comment = !glyph.blank() && comment_here(look);
    if (starved()) return false;
    if (glyph.blank()) {
      take_space(glyph);
    } else if (dots > 0) {
      fix(Fix::ellipsis);
      at_ += dots;
    } else if (!comment) {
      return true;
    } else if (!skip_comment()) {
      return false;
    }
  }
}

bool Parser::comment_here(const Look& look) const {
  if (comment_at(look).opening == 0) return false;
  // A colour is no comment where a value must stand.
  return look.byte() != '#' || state_ != State::value || look.byte(1) == ' ';
}

bool Parser::skip_comment() {
  const Look look = here();
  const Comment comment = comment_at(look);
  if (comment.closing.empty()) {  // perhaps all of the text is one line: then it ends before a bracket
    Look end = look;
    end.relax();
    std::size_t bracket = 0;
    while (end.byte() >= 0 && end.byte() != '\n' && end.byte() != '\r') {
      if (bracket == 0 && frames_.depth() > 0 && end.byte() == closer(frames_.top().shape))
        bracket = end.at() - look.at();
      end.skip(1);
    }
    const bool last_line = end.byte() == Look::at_end;
    if (starved()) return false;
    if (last_line) {
      fix(Fix::comment);
      at_ += bracket > 0 ? bracket : end.at() - look.at();
      return true;
    }
  }
  fix(Fix::comment);
  at_ += comment.opening;
  in_comment_ = true;
  comment_end_ = comment.closing;
  return true;
}

bool Parser::skip_open_comment() {
  const std::string_view left = rest();
  if (comment_end_.empty()) {
    const std::size_t end = left.find_first_of("\r\n");
    at_ += std::min(end, left.size());
    if (end == std::string_view::npos && !text_.whole) return false;
    in_comment_ = false;
    return true;
  }
  const std::size_t end = left.find(comment_end_);
  if (end != std::string_view::npos) {
    at_ += end + comment_end_.size();
    in_comment_ = false;
    return true;
  }
  const std::size_t kept = text_.whole ? 0 : std::min(left.size(), comment_end_.size() - 1);
  at_ += left.size() - kept;
  in_comment_ = !text_.whole;
  return text_.whole;
}

void Parser::take_plain_space() {
  const std::string_view left = rest();
  std::size_t run = 0;
  while (run < left.size() &&
         (left[run] == ' ' || left[run] == '\n' || left[run] == '\r' || left[run] == '\t'))
    ++run;
  if (run == 0) return;
  gap_ += left.substr(0, std::min(run, longest_gap - std::min(gap_.size(), longest_gap)));
  at_ += run;
}

void Parser::take_space(const Glyph& glyph) {
  if (!json_space(glyph)) {
    fix(Fix::white_space);
  } else if (gap_.size() < longest_gap) {
    gap_ += glyph.byte;
  }
  at_ += glyph.length;
}

void Parser::take_comma(const Glyph& glyph) {
  if (comma_ || !glyph.is(',')) fix(Fix::comma);
  if (!comma_) comma_at_ = gap_.size();
  comma_ = true;
  at_ += glyph.length;
}

void Parser::write_gap() {
  out() += gap_;
  gap_.clear();
}

void Parser::begin_member() {
  if (begun_) return;
  begun_ = true;
  mark_ = out().size();
  Frame& frame = frames_.top();
  if (frame.members) {
    if (!comma_) {
      fix(Fix::comma);
      comma_at_ = 0;
    }
    out().append(gap_, 0, comma_at_);
    out() += ',';
    out().append(gap_, comma_at_);
    gap_.clear();
  } else {
    if (comma_) fix(Fix::comma);
    write_gap();
  }
  comma_ = false;
  frame.members = true;
}

/// A colon and its value, without a key.
bool Parser::skip_value() {
  Look look = here(1);
  look.relax();
  look.skip_space();
  if (look.peek().quote()) {
    pass_string(look);
  } else {
    for (Glyph glyph = look.peek(); !glyph.ends() && !glyph.is(Kind::comma) && !glyph.is(Kind::close) &&
                                    !glyph.is(Kind::newline) && !glyph.is(Kind::open);
         glyph = look.peek())
      look.pass(glyph);
  }
  if (starved()) return false;
  fix(Fix::missing_key);
  at_ = std::min(look.at(), text_.bytes.size());
  return true;
}

/// A word, remark or sign that belongs to nothing.
bool Parser::skip_stray() {
  Look look = here();
  look.relax();
  Glyph glyph = look.peek();
  const bool word = glyph.is(Kind::letter) || glyph.is(Kind::digit);
  if (glyph.is('(')) {
    Look end = look;
    while (end.byte() >= 0 && end.byte() != ')' && end.byte() != '\n') end.skip(1);
    if (end.byte() == ')') look = end;
  }
  look.skip(1);
  for (glyph = look.peek(); word && (glyph.is(Kind::letter) || glyph.is(Kind::digit)); glyph = look.peek())
    look.pass(glyph);
  if (starved()) return false;
  fix(Fix::stray_text);
  at_ = std::min(look.at(), text_.bytes.size());
  return true;
}

}  // namespace sluice::json::repair
