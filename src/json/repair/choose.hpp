#pragma once
// Which of several values is the answer.

#include "json/repair/repair.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::repair {

/// One value that was found in a text.
struct Candidate {
  std::size_t begin = 0, end = 0;  ///< in Values::text
  Fixes fixes;
  bool fenced = false;      ///< it stood in a fence for JSON
  bool apart = false;       ///< words stand between it and the one before
  bool correction = false;  ///< the words take back what was said before
};

struct Values {
  std::string text;  ///< of all of them
  std::vector<Candidate> values;

  std::string_view json(const Candidate& value) const {
    return std::string_view(text).substr(value.begin, value.end - value.begin);
  }
};

struct Wanted {
  bool object = false;
  const Judge* judge = nullptr;
};

/// Puts the answer of `found`, which is not empty, into `out` and what was fixed in it into `fixes`.
void choose(Values& found, const Wanted& wanted, std::string& out, Fixes& fixes);

}  // namespace sluice::json::repair
