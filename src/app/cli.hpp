#pragma once
// The command line: `sluice COMMAND ...`.
//
// To add a command: a function that adds it to the parser in cli.cpp, listed in parse_and_run().

#include "app/environment.hpp"
#include "app/repair.hpp"
#include "app/serve.hpp"
#include "app/simulate.hpp"
#include "app/terminal.hpp"
#include "app/translate.hpp"

#include <string>
#include <vector>

namespace sluice::app {

/// What a command does that the command line only starts. Returns the exit status.
struct Commands {
  int (*serve)(const ServeOptions& options);
  int (*simulate)(const SimulateOptions& options);
  int (*repair)(const RepairOptions& options, const Terminal& terminal);
  int (*translate)(const TranslateOptions& options, const Terminal& terminal);
};

enum ExitStatus : int { exit_ok = 0, exit_failed = 1, exit_usage = 2 };

/// Runs the command of `arguments` (without the program's name) and returns the exit status: 0, 1 if the
/// command failed, 2 if it makes no sense.
int run_command(const std::vector<std::string>& arguments, const Commands& commands,
                const Environment& environment, const Terminal& terminal);

}  // namespace sluice::app
