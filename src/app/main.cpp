#include "app/cli.hpp"

int main(int argc, char** argv) {
  using namespace sluice::app;
  const Commands commands{.serve = serve,
                          .simulate = simulate,
                          .repair = repair_standard_input,
                          .translate = translate_standard_input};
  return run_command({argv + 1, argv + argc}, commands, process_environment(), standard_terminal());
}
