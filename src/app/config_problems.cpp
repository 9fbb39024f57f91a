#include "app/config_problems.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sluice::app {

void ConfigProblems::add(int line, std::string what) {
  Problem problem{.line = line, .what = std::move(what)};
  if (std::ranges::find(problems_, problem) == problems_.end()) problems_.push_back(std::move(problem));
}

Error ConfigProblems::error() const {
  std::vector<Problem> sorted = problems_;
  std::ranges::stable_sort(sorted, {}, &Problem::line);
  std::string text;
  for (const Problem& problem : sorted)
    text += fmt::format("{}{}:{}: {}", text.empty() ? "" : "\n", file_, problem.line, problem.what);
  return {ErrorCode::invalid_request, std::move(text)};
}

std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& allowed,
                       std::string_view word) {
  const auto near = nearest(wrong, allowed, 1);
  std::string out = near.empty() ? "" : fmt::format("; did you mean '{}'?", near[0]);
  if (!allowed.empty())
    out += fmt::format("{} {} {}", near.empty() ? ";" : "", word, fmt::join(allowed, ", "));
  return out;
}

}  // namespace sluice::app
