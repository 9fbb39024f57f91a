#include "json/schema/explain.hpp"

#include "json/text.hpp"

namespace sluice::json::schema {
namespace {

/// The path, its end where it is too long: that is nearest to what must change.
std::string place(const std::string& path) {
  constexpr std::size_t longest = 200;
  if (path.empty()) return "at the top level";
  if (path.size() <= longest) return "at " + escape(path);
  std::size_t begin = path.size() - longest;
  while (begin < path.size() && (static_cast<unsigned char>(path[begin]) & 0xc0) == 0x80) ++begin;
  return "at ..." + escape(std::string_view(path).substr(begin));
}

}  // namespace

std::string explain(const Outcome& outcome, const ExplainLimits& limits) {
  constexpr std::string_view more = "- and more\n";
  std::string out;
  std::size_t lines = 0;
  bool complete = !outcome.has_more;
  for (const Violation& violation : outcome.violations) {
    const std::string line = "- " + place(violation.instance_path) + ": " + violation.message + "\n";
    if (lines == limits.max_lines || out.size() + line.size() + more.size() > limits.max_bytes) {
      complete = false;
      break;
    }
    out.append(line);
    ++lines;
  }
  if (!complete) out.append(more);
  return out;
}

}  // namespace sluice::json::schema
