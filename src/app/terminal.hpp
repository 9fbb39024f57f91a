#pragma once
// Where a command's words go, and how they may look there.

#include <cstddef>
#include <ostream>

namespace sluice::app {

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  std::size_t width = 0;  ///< of `out` in characters; 0 if it is no terminal
  bool colours = false;   ///< of `out`
};

/// Standard output and error. Colours on a terminal, unless NO_COLOR is set (no-color.org) or TERM is `dumb`.
Terminal standard_terminal();

}  // namespace sluice::app
