// Repair of whole texts: the result is one strict JSON value, is its own repair, and is the input if that was
// valid.

#include "fuzz/check.hpp"
#include "json/document.hpp"
#include "json/repair/repair.hpp"
#include "json/repair/testing/canonical.hpp"

namespace sluice::fuzz {
namespace {

using namespace json::repair;

std::string_view stripped(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

void check_repair(std::string_view text, const Options& options) {
  std::string buffer, again;
  const auto repaired = whole(text, buffer, options);
  json::Document document;
  const auto valid = document.parse(text, {.max_depth = 512});
  if (valid && !options.object) {
    check(repaired && !repaired->changed() && repaired->json == text, "valid JSON was changed", text);
    return;
  }
  if (!repaired) return;
  check(repaired->changed() == (stripped(repaired->json) != stripped(text)), "the report is wrong", text);
  if (repaired->changed() && !valid)
    check(canonical_strict(repaired->json).has_value(), "the result is not strict JSON", repaired->json);
  if (options.object)
    check(stripped(repaired->json).starts_with('{'), "the result is no object", repaired->json);
  const auto second = whole(repaired->json, again, options);
  check(second && second->json == repaired->json, "repairing it again changes it", text);
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> exact(data, data + size);
  const std::string_view text(exact.data(), exact.size());
  sluice::fuzz::check_repair(text, {});
  sluice::fuzz::check_repair(text, {.object = true, .empty_is_object = true, .drop_cut_scalar = true});
  return 0;
}
