#pragma once
// The brackets that are open.

#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::json::repair {

/// How deep a text may nest. Deeper fails as `too_deep`.
inline constexpr std::size_t max_depth = 512;

enum class Shape : std::uint8_t {
  object,
  array,
  tuple,  ///< Python's (1, 2): an array
  set,    ///< Python's {1, 2}: an array
  group,  ///< (1) or ObjectId(1): nothing but what is inside
};

struct Frame {  // without initial values: there are many, and few are used
  Shape shape;
  bool members;  ///< there is one already
  char first;    ///< what its first element begins with
};

constexpr char closer(Shape shape) {
  constexpr char closers[] = {'}', ']', ')', '}', ')'};
  return closers[static_cast<std::size_t>(shape)];
}

class Frames {
 public:
  std::size_t depth() const { return depth_; }
  bool full() const { return depth_ == max_depth; }
  void push(Shape shape) { frames_[depth_++] = {shape, false, '\0'}; }
  void pop() { --depth_; }
  /// As it was when `depth` were open and `top` the innermost of them.
  void restore(std::size_t depth, const Frame& top) {
    depth_ = depth;
    frames_[depth - 1] = top;
  }
  Frame& top() { return frames_[depth_ - 1]; }
  const Frame& top() const { return frames_[depth_ - 1]; }
  /// The frame that is on top when `depth` are open.
  const Frame& at(std::size_t depth) const { return frames_[depth - 1]; }
  bool in_object(std::size_t depth) const { return depth > 0 && at(depth).shape == Shape::object; }
  bool in_object() const { return in_object(depth_); }
  /// What is left open if `bracket` closes the innermost frame of its kind among the `depth` outer ones; npos
  /// if there is none.
  std::size_t closed_by(char bracket, std::size_t depth) const {
    for (; depth > 0; --depth)
      if (closer(at(depth).shape) == bracket) return depth - 1;
    return npos;
  }
  static constexpr std::size_t npos = ~std::size_t{0};

 private:
  std::array<Frame, max_depth> frames_;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::size_t depth_ = 0;
};

}  // namespace sluice::json::repair
