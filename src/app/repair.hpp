#pragma once
// `sluice repair`: JSON repair as a filter.

#include "app/terminal.hpp"

#include <istream>

namespace sluice::app {

struct RepairOptions {
  bool lines = false;   ///< JSON Lines: one text in each line
  bool object = false;  ///< the result must be an object
};

/// Repairs what `in` has. The JSON goes to the terminal's out, what was fixed and what cannot be repaired to
/// its err. Returns the exit status: 1 if a plain text cannot be repaired or a line of JSON Lines is none.
int repair(const RepairOptions& options, std::istream& in, const Terminal& terminal);

/// As repair(), from standard input.
int repair_standard_input(const RepairOptions& options, const Terminal& terminal);

}  // namespace sluice::app
