#pragma once
// ConfigProblems: all that is wrong with a configuration, so that it can be put right in one go.

#include "base/error.hpp"

#include <string>
#include <vector>

namespace sluice::app {

class ConfigProblems {
 public:
  explicit ConfigProblems(std::string file) : file_(std::move(file)) {}

  /// `line` counts from 1. The same problem of the same line is reported once.
  void add(int line, std::string what);
  bool empty() const { return problems_.empty(); }
  /// `file:line: what is wrong, what is allowed`, one per line, in the order of the file.
  Error error() const;

 private:
  struct Problem {
    int line;
    std::string what;
    bool operator==(const Problem&) const = default;
  };

  std::string file_;
  std::vector<Problem> problems_;
};

/// `; did you mean 'x'?` with the nearest of `allowed`, or nothing; then `; WORD x, y, z`.
std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& allowed,
                       std::string_view word);

}  // namespace sluice::app
