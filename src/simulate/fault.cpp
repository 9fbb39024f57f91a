#include "simulate/fault.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::simulate {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view suffix = "+fault:";
constexpr std::int64_t longest_wait = 3'600'000;
constexpr std::int64_t most_events = 1'000'000;

/// How each kind is read. `set` gets 0 where no value is taken.
struct Kind {
  std::string_view name;
  std::int64_t least, most;  ///< of the value; both 0: it takes none
  void (*set)(Fault& fault, std::int64_t value);
};
constexpr std::array kinds{
    Kind{"status", 400, 599, [](Fault& f, std::int64_t v) { f.status = static_cast<int>(v); }},
    Kind{"retry-after", 0, 86'400, [](Fault& f, std::int64_t v) { f.retry_after = std::to_string(v); }},
    Kind{"stall-before", 0, longest_wait, [](Fault& f, std::int64_t v) { f.stall_before = milliseconds(v); }},
    Kind{"slow-headers", 0, longest_wait, [](Fault& f, std::int64_t v) { f.slow_headers = milliseconds(v); }},
    Kind{"stall-after", 0, most_events, [](Fault& f, std::int64_t v) { f.stall_after = v; }},
    Kind{"reset-after", 0, most_events, [](Fault& f, std::int64_t v) { f.reset_after = v; }},
    Kind{"end-early", 0, most_events, [](Fault& f, std::int64_t v) { f.end_early = v; }},
    Kind{"error-in-stream", 0, most_events, [](Fault& f, std::int64_t v) { f.error_in_stream = v; }},
    Kind{"truncate", 0, 0, [](Fault& f, std::int64_t) { f.truncate = true; }},
    Kind{"bad-json", 0, 0, [](Fault& f, std::int64_t) { f.bad_json = true; }},
    Kind{"bad-sse", 0, 0, [](Fault& f, std::int64_t) { f.bad_sse = true; }},
    Kind{"garbage", 0, 0, [](Fault& f, std::int64_t) { f.garbage = true; }},
    Kind{"times", 1, most_events, [](Fault& f, std::int64_t v) { f.times = v; }},
    Kind{"pace", 0, longest_wait, [](Fault& f, std::int64_t v) { f.pace = milliseconds(v); }},
};

std::string known_kinds() {
  std::string out;
  for (const Kind& kind : kinds) out.append(out.empty() ? "" : ", ").append(kind.name);
  return out;
}

Result<> read_item(std::string_view item, Fault& fault) {
  const std::size_t sign = item.find('=');
  const std::string_view name = trim(item.substr(0, sign));
  const std::string_view value = sign == std::string_view::npos ? "" : trim(item.substr(sign + 1));
  const auto* kind = std::ranges::find(kinds, name, &Kind::name);
  if (kind == kinds.end())
    return fail(ErrorCode::invalid_request,
                "unknown fault '" + std::string(name) + "'; known are " + known_kinds());
  if (kind->most == 0) {
    if (!value.empty())
      return fail(ErrorCode::invalid_request, "fault '" + std::string(name) + "' takes no value");
    kind->set(fault, 0);
    return {};
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  if (!whole || number < kind->least || number > kind->most)
    return fail(ErrorCode::invalid_request, "fault '" + std::string(name) + "' takes a number from " +
                                                std::to_string(kind->least) + " to " +
                                                std::to_string(kind->most));
  kind->set(fault, number);
  return {};
}

}  // namespace

Result<Fault> parse_fault(std::string_view text) {
  Fault fault;
  while (!trim(text).empty()) {
    const std::size_t comma = text.find(',');
    auto read = read_item(text.substr(0, comma), fault);
    if (!read) return fail(read);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return fault;
}

std::string take_fault_suffix(std::string& model) {
  const std::size_t at = model.find(suffix);
  if (at == std::string::npos) return {};
  std::string list = model.substr(at + suffix.size());
  model.resize(at);
  return list;
}

}  // namespace sluice::simulate
