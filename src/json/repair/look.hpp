#pragma once
// Looking ahead without going there.
//
// A decision may need to see what follows. On a stream that may not be here yet: then the look says so
// (Window::starved), whatever was decided is forgotten, and the same question is asked again when there is
// more. So a decision depends on the text alone and never on how it was cut.

#include "json/repair/glyph.hpp"

#include <cstddef>
#include <string_view>

namespace sluice::json::repair {

/// The part of a text that is here and not yet consumed.
struct Window {
  std::string_view bytes;
  bool whole = true;                  ///< nothing will follow
  mutable bool starved = false;       ///< somebody looked for bytes that are not here yet
  mutable std::size_t looked_at = 0;  ///< bytes, for the work limit
};

/// How far one may look.
struct Reach {
  std::size_t near;  ///< while everything so far is valid JSON
  std::size_t far;   ///< once something is wrong
  bool clean;        ///< nothing was wrong so far: what cannot be seen is taken for right
};

class Look {
 public:
  static constexpr int at_end = -1, too_far = -2;

  Look(const Window& text, std::size_t at, const Reach& reach)
      : text_(&text),
        at_(at),
        limit_(at + reach.near),
        far_(at + reach.far),
        reach_(limit_),
        clean_(reach.clean) {}

  std::size_t at() const { return at_; }
  /// Whether what is beyond the reach is to be taken for right.
  bool clean() const { return clean_; }
  /// White space inside a string is text: it costs reach like everything else.
  void count_space() { free_space_ = 0; }
  /// What was seen is no valid JSON, so one may look farther.
  void relax() {
    limit_ = reach_ = far_;
    clean_ = false;
  }

  /// The byte `ahead` of here; at_end, or too_far.
  int byte(std::size_t ahead = 0) const {
    const std::size_t p = at_ + ahead;
    if (p >= limit_) return too_far;
    if (p < text_->bytes.size()) return static_cast<unsigned char>(text_->bytes[p]);
    if (!text_->whole) text_->starved = true;
    return at_end;
  }
  Glyph peek() const {
    if (at_ >= limit_) return {.kind = Kind::beyond};
    if (at_ >= text_->bytes.size()) {
      if (!text_->whole) text_->starved = true;
      return {.kind = Kind::end};
    }
    const char c = text_->bytes[at_];
    if (static_cast<unsigned char>(c) < 0x80) return {ascii_kinds[static_cast<unsigned char>(c)], 1, c};
    bool cut = false;
    const Glyph glyph = foreign_glyph(text_->bytes.substr(at_), cut);
    if (cut && !text_->whole) text_->starved = true;
    return glyph;
  }
  /// Counts the bytes that `look` passes from here on as work.
  class Work {
   public:
    explicit Work(const Look& look) : look_(look), from_(look.at_) {}
    ~Work() { look_.text_->looked_at += look_.at_ - from_; }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    const Look& look_;
    std::size_t from_;
  };
  void pass(const Glyph& glyph) { at_ += glyph.length; }
  void skip(std::size_t bytes) { at_ += bytes; }
  bool starts_with(std::string_view wanted) const {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (byte(i) != static_cast<unsigned char>(wanted[i])) return false;
    return true;
  }

  /// Behind white space, which may be longer than the reach, the next byte can be seen. Whether there was a
  /// line break.
  bool skip_space() {
    bool newline = false;
    const bool free = at_ < reach_;
    for (;;) {
      const Glyph glyph = peek();
      if (!glyph.blank()) return newline;
      newline = newline || glyph.is(Kind::newline);
      pass(glyph);
      if (!free || free_space_ == 0) continue;
      --free_space_;
      see_next();
    }
  }
  /// White space, comments and ellipses. Whether there was a line break.
  bool skip_gap();

 private:
  bool skip_comment(bool& newline);
  void see_next() {
    if (limit_ <= at_) limit_ = at_ + 1;
    if (far_ <= at_) far_ = at_ + 1;
  }

  const Window* text_;
  std::size_t at_, limit_, far_;
  std::size_t reach_;  ///< limit_ before white space moved it
  std::size_t free_space_ = 256;
  bool clean_;
};

/// How a comment begins, and what ends it.
struct Comment {
  std::size_t opening = 0;   ///< bytes; 0 if there is no comment here
  std::string_view closing;  ///< empty: the end of the line
};
/// The comment that begins at `look`.
Comment comment_at(const Look& look);
/// Bytes of the `...` at `look`, 0 if there is none.
std::size_t ellipsis_at(const Look& look);

}  // namespace sluice::json::repair
