// json::Patch against the same edits made on a list of members.

#include "fuzz/check.hpp"
#include "json/patch.hpp"

#include <utility>

namespace sluice::fuzz {
namespace {

/// Members of an object as decoded name and raw value.
using List = std::vector<std::pair<std::string, std::string>>;

List list_of(json::Value object) {
  List list;
  for (const json::Member& member : object.members())
    list.emplace_back(member.key.decode(), std::string(member.value.raw()));
  return list;
}

std::string some_name(json::Value object, Choices& choices) {
  static constexpr const char* others[] = {"", "model", "stream", "stream_options", "usage"};
  const std::size_t members = object.size();
  if (members == 0 || choices.below(4) == 0) return others[choices.below(std::size(others))];
  std::size_t at = choices.below(members);
  for (const json::Member& member : object.members())
    if (at-- == 0) return member.key.decode();
  return {};
}

constexpr const char* new_values[] = {"null", "\"x\"", "{\"a\":[1,2]}", "[]", "-1.5e3"};

/// Takes members away from `object` in both, and sets others; each name is used once, as edits may not
/// overlap.
void edit(json::Patch& patch, json::Value object, List& list, bool may_set, Choices& choices) {
  std::vector<std::string> used;
  for (std::size_t edits = choices.below(6); edits > 0; --edits) {
    const std::string name = some_name(object, choices);
    if (std::ranges::find(used, name) != used.end()) continue;
    used.push_back(name);
    const auto of_that_name = [&](const auto& member) { return member.first == name; };
    const auto first = std::ranges::find_if(list, of_that_name);
    if (choices.below(2) == 0) {
      patch.remove(object, name);
      std::erase_if(list, of_that_name);
    } else if (const char* value = new_values[choices.below(std::size(new_values))]; first != list.end()) {
      patch.replace(object[name], value);
      first->second = value;
    } else if (may_set && name.find_first_of("\"\\") == std::string::npos) {
      patch.set(name, value);
      list.emplace_back(name, value);
    }
  }
}

void check_edited(json::Value object, std::string_view text) {
  Choices choices(text);
  json::Patch patch(object);
  List expected = list_of(object);
  edit(patch, object, expected, true, choices);
  // A member of a member that stays as it is, too.
  for (const json::Member& member : object.members()) {
    if (!member.value.is_object()) continue;
    const auto same = std::pair(member.key.decode(), std::string(member.value.raw()));
    const auto kept = std::ranges::find(expected, same);
    if (kept == expected.end() || std::ranges::count(expected, same.first, &List::value_type::first) != 1)
      break;
    List inner = list_of(member.value);
    edit(patch, member.value, inner, false, choices);
    kept->second = "inner";
    std::string out;
    patch.append_to(out);
    json::Document document;
    const auto parsed = document.parse(out);
    check(parsed.has_value(), "an edited text is no JSON", out);
    List found = list_of(*parsed);
    for (auto& [name, value] : found)
      if (name == same.first) {
        check(list_of((*parsed)[name]) == inner, "an inner object is not as edited", out);
        value = "inner";
      }
    check(found == expected, "the edited text says something else", out);
    return;
  }
  std::string out = "before";
  patch.append_to(out);
  check(out.starts_with("before"), "append_to() does not append");
  out.erase(0, 6);
  json::Document document;
  const auto parsed = document.parse(out);
  check(parsed.has_value(), "an edited text is no JSON", out);
  check(list_of(*parsed) == expected, "the edited text says something else", out);
  std::string joined;
  for (const std::string_view slice : patch.slices()) joined.append(slice);
  check(joined == out, "slices() after append_to() differ", out);
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::string_view text = text_of(data, size);
  json::Document document;
  const auto root = document.parse(text);
  if (!root) return 0;
  if (root->is_object()) check_edited(*root, text);
  // A patch of an object inside a text knows only that object.
  for (const json::Value element : root->elements())
    if (element.is_object()) check_edited(element, text);
  return 0;
}
