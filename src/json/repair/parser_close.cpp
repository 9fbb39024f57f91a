// Closing brackets, and the end of the text.

#include "json/repair/parser.hpp"

namespace sluice::json::repair {

bool Parser::close(char bracket) {
  if (!comma_) write_gap();
  const std::size_t left = left_open_by(bracket, here(1));
  const bool surplus = left == frames_.depth();
  const bool rows = surplus && bracket == ']' && frames_.top().shape == Shape::array && frames_.depth() > 1;
  const std::size_t next = rows ? behind_row_bracket(here(1)) : at_ + 1;
  if (starved()) return false;
  if (next > at_ + 1) {
    comma_ = true;
    comma_at_ = gap_.size();
  }
  at_ = next;
  const bool right = !surplus && left + 1 == frames_.depth() && closer(frames_.top().shape) == bracket;
  if (!right) fix(Fix::bracket);
  if (surplus) {
    state_ = State::after;
    return true;
  }
  if (comma_) fix(Fix::comma);
  comma_ = false;
  write_gap();
  while (frames_.depth() > left) pop();
  return true;
}

/// How many frames `bracket` leaves open, judging by what is `behind` it: it may stand for another one, or be
/// one too many.
std::size_t Parser::left_open_by(char bracket, Look behind) const {
  const std::size_t depth = frames_.depth();
  const Shape shape = frames_.top().shape;
  if (closer(shape) == bracket) {
    if (depth == 1 && shape == Shape::object && more_members(behind)) return depth;
    if (depth == 1 && shape == Shape::array && more_elements(behind)) return depth;
    if (shape == Shape::array && rows_go_on(behind, frames_, depth - 1)) return depth;
    return depth - 1;
  }
  behind.relax();
  const std::size_t outer = frames_.closed_by(bracket, depth);
  const bool has_outer = outer != Frames::npos;
  Look next = behind;
  next.skip_gap();
  const Glyph next_glyph = next.peek();
  bool other_member = outer == 0 && next_glyph.is(Kind::comma);  // of what would be closed as well
  if (other_member && bracket == ']') {
    next.pass(next.peek());
    next.skip_gap();
    other_member = !next.peek().is('[');
  }
  if (has_outer && !other_member && fits_behind(behind, frames_, outer)) return outer;
  const bool typo = fits_behind(behind, frames_, depth - 1);
  const bool surplus = fits_behind(behind, frames_, depth);
  const bool goes_on = next_glyph.is(Kind::comma) || next_glyph.is(Kind::close);
  if (bracket == '}' && !has_outer && surplus && !(typo && (!goes_on || sibling_of_top(behind))))
    return depth;
  if (typo) return depth - 1;
  if (surplus) return depth;
  return has_outer ? outer : depth;
}

/// `[[1], [2]], [3]]`: elements of the same kind go on behind the root.
bool Parser::more_elements(Look behind) const {
  const char first = frames_.top().first;
  if (first != '{' && first != '[' && !is_digit(first)) return false;
  behind.skip_gap();
  if (!behind.peek().is(',')) return false;
  behind.relax();
  behind.skip(1);
  behind.skip_gap();
  return behind.byte() == first || (is_digit(first) && is_digit(behind.byte()) && plain_value(behind));
}

/// `[[1, 2}, [3]]`: what follows looks like the innermost array and not like its elements.
bool Parser::sibling_of_top(Look behind) const {
  behind.skip_gap();
  if (frames_.depth() < 2 || !behind.peek().is(',')) return false;
  behind.skip(1);
  behind.skip_gap();
  const int next = behind.byte();
  return next == frames_.at(frames_.depth() - 1).first && next != frames_.top().first;
}

/// The array was closed too early, and another goes on where a member must stand: its elements are more
/// elements, or it is one itself if the others are arrays. Says where to read on, from `behind`, the bracket
/// to be left out.
std::size_t Parser::behind_row_bracket(Look behind) const {
  const std::size_t bracket = behind.at();
  behind.skip_gap();
  behind.skip(1);
  behind.skip_gap();
  behind.skip(1);
  const std::size_t elements = behind.at();
  behind.skip_gap();
  return frames_.top().first == '[' && behind.byte() != '[' ? bracket : elements;
}

void Parser::pop() {
  const Frame frame = frames_.top();
  frames_.pop();
  if (frame.shape == Shape::group) {
    if (!frame.members) out() += "null";
  } else {
    out() += frame.shape == Shape::object ? '}' : ']';
  }
  state_ = frames_.depth() == 0 ? State::done : State::after;
}

/// The text ends here: closes what is open.
void Parser::finish() {
  if (comma_) fix(Fix::comma);
  comma_ = false;
  gap_.clear();
  if (frames_.depth() > 0) fix(Fix::cut);
  while (frames_.depth() > 0) pop();
  state_ = State::done;
}

/// The text ends behind a key: the member is left out, or null where it can no longer be.
void Parser::drop_member() {
  fix(Fix::cut);
  if (!options_.streaming) {
    out().resize(mark_);
  } else {
    out() += state_ == State::colon ? ":null" : "null";
  }
  finish();
}

}  // namespace sluice::json::repair
