#include "json/repair/look.hpp"

namespace sluice::json::repair {

Comment comment_at(const Look& look) {
  switch (look.byte()) {
    case '/':
      if (look.byte(1) == '/') return {2, {}};
      if (look.byte(1) == '*') return {2, "*/"};
      return {};
    case '#':
      return {1, {}};
    case '-':
      if (look.byte(1) == '-' && look.byte(2) == ' ') return {3, {}};
      return {};
    case '<':
      if (look.starts_with("<!--")) return {4, "-->"};
      if (look.starts_with("<-")) return {2, {}};
      return {};
    default:
      return {};
  }
}

std::size_t ellipsis_at(const Look& look) {
  if (look.byte() == '.' && look.byte(1) == '.' && look.byte(2) == '.') {
    std::size_t dots = 3;
    while (dots < 16 && look.byte(dots) == '.') ++dots;
    return dots;
  }
  return look.byte() == 0xe2 && look.starts_with("\u2026") ? 3 : 0;
}

bool Look::skip_comment(bool& newline) {
  const Comment comment = comment_at(*this);
  if (comment.opening == 0) return false;
  Look inside = *this;
  const Work work(inside);
  inside.relax();
  inside.skip(comment.opening);
  for (;; inside.skip(1)) {
    const int c = inside.byte();
    if (c == too_far) return false;
    const bool line_end = comment.closing.empty() && (c == '\n' || c == '\r');
    if (c == at_end || line_end) break;
    if (!comment.closing.empty() && inside.starts_with(comment.closing)) {
      inside.skip(comment.closing.size());
      break;
    }
  }
  newline = newline || comment.closing.empty();
  *this = inside;
  return true;
}

bool Look::skip_gap() {
  bool newline = skip_space();
  for (;;) {
    const int c = byte();
    const std::size_t dots = c == '.' || c == 0xe2 ? ellipsis_at(*this) : 0;
    if (dots > 0) {
      relax();
      skip(dots);
    } else if (!(c == '/' || c == '#' || c == '-' || c == '<') || !skip_comment(newline)) {
      return newline;
    }
    newline = skip_space() || newline;
  }
}

}  // namespace sluice::json::repair
