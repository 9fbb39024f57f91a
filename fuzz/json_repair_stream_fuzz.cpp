// Repair of streams: what is written depends on the text and not on its cuts, is strict JSON or nothing,
// follows valid JSON closely, and means the same as the repair of the whole where it must.

#include "fuzz/check.hpp"
#include "json/document.hpp"
#include "json/repair/repair.hpp"
#include "json/repair/stream.hpp"
#include "json/repair/testing/canonical.hpp"

#include <optional>

namespace sluice::fuzz {
namespace {

using namespace json::repair;

struct Outcome {
  std::string out;
  std::optional<Reason> failure;
  Fixes fixes;
};

Outcome stream(const std::vector<std::string>& pieces, const StreamOptions& options) {
  Outcome outcome;
  Stream stream(options);
  for (const std::string& piece : pieces) stream.feed(piece, outcome.out);
  const auto finished = stream.finish(outcome.out);
  if (!finished) outcome.failure = finished.error();
  outcome.fixes = stream.fixes();
  return outcome;
}

std::string_view stripped(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

void check_stream(std::string_view text, const StreamOptions& options) {
  const Outcome at_once = stream({std::string(text)}, options);
  if (!at_once.failure) {
    check(canonical_strict(at_once.out).has_value(), "the result is not strict JSON", at_once.out);
  } else if (*at_once.failure != Reason::too_deep && *at_once.failure != Reason::too_large) {
    check(at_once.out.empty(), "something was written before the failure", at_once.out);
  }
  Choices choices(text);
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  for (const auto& pieces : {bytes, cut(text, choices), cut(text, choices)}) {
    const Outcome cut_up = stream(pieces, options);
    check(cut_up.out == at_once.out, "the result depends on the cuts", text);
    check(cut_up.failure == at_once.failure, "the failure depends on the cuts", text);
    check(cut_up.fixes == at_once.fixes, "the report depends on the cuts", text);
  }
}

void check_valid(std::string_view text) {
  json::Document document;
  const auto root = document.parse(text, {.max_depth = 512});
  if (!root || !(root->is_object() || root->is_array()) || !canonical_strict(text)) return;
  Stream stream;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    stream.feed(text.substr(i, 1), out);
    const std::size_t seen = stripped(text.substr(0, i + 1)).size();
    check(seen <= out.size() + 16, "valid JSON is held back", text);
  }
  check(stream.finish(out).has_value() && out == stripped(text), "valid JSON was changed", text);
}

/// The faults at which a stream reads the same as the whole, in a text that can be seen whole.
void check_agreement(std::string_view text) {
  constexpr std::size_t in_sight = 400;
  if (text.size() > in_sight) return;
  std::string buffer;
  const auto repaired = whole(text, buffer);
  if (!repaired || !stripped(repaired->json).starts_with('{')) return;
  Fixes same;
  for (const Fix fix : {Fix::comma, Fix::literal, Fix::control, Fix::white_space, Fix::fence}) same.add(fix);
  Fixes all = same;
  all.add(repaired->fixes);
  if (!(all == same)) return;
  if (!canonical_strict(repaired->json)) return;  // half a pair: left in valid JSON, U+FFFD in a stream
  const Outcome streamed = stream({std::string(text)}, {});
  check(!streamed.failure && canonical_strict(streamed.out) == canonical_strict(repaired->json),
        "the stream means something else than the whole", text);
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> exact(data, data + size);
  const std::string_view text(exact.data(), exact.size());
  sluice::fuzz::check_stream(text, {});
  sluice::fuzz::check_stream(text, {.object = true, .empty_is_object = true});
  sluice::fuzz::check_valid(text);
  sluice::fuzz::check_agreement(text);
  return 0;
}
