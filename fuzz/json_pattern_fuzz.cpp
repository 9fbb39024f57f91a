// An expression on the first line, a text behind it: RE2 takes whatever the translation lets through, or says
// why not, and matching ends.

#include "fuzz/check.hpp"
#include "json/schema/pattern.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::vector<char> exact(data, data + size);
  const std::string_view text(exact.data(), exact.size());
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view source = text.substr(0, line);
  const auto pattern = json::schema::Pattern::compile(source);
  if (!pattern) {
    check(!pattern.error().message().empty(), "a refusal that says nothing");
    return 0;
  }
  const std::string_view rest = text.substr(std::min(line + 1, text.size()));
  const bool matches = pattern->matches(rest);
  // What matches without an anchor matches as one of two alternatives, too.
  const auto either = json::schema::Pattern::compile("(?:" + std::string(source) + ")|[]");
  if (either)
    check(either->matches(rest) == matches, "an expression means something else in a group", source);
  return 0;
}
