#include "json/repair/choose.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace sluice::json::repair {
namespace {

/// An object, or an array of objects or arrays: more likely an answer than a list of scalars in prose.
bool structured(std::string_view json) {
  if (json.starts_with('{')) return true;
  const std::size_t first = json.find_first_not_of(" \t\r\n", 1);
  return json.starts_with('[') && first != std::string_view::npos &&
         (json[first] == '{' || json[first] == '[');
}

void take(const Values& found, const Candidate& value, std::string& out, Fixes& fixes) {
  out = found.json(value);
  fixes.add(value.fixes);
}

void keep_fenced(Values& found) {
  const auto fenced = [](const Candidate& value) { return value.fenced; };
  if (std::ranges::any_of(found.values, fenced)) std::erase_if(found.values, std::not_fn(fenced));
}

/// Lists of scalars between words, beside something better.
void drop_lists(Values& found) {
  const auto better = [&](const Candidate& value) { return structured(found.json(value)); };
  if (std::ranges::none_of(found.values, better)) return;
  bool apart_from_next = true;
  for (std::size_t i = found.values.size(); i-- > 0;) {
    const bool alone = found.values[i].apart || i == 0;
    const bool drop = alone && apart_from_next && !better(found.values[i]) && !found.values[i].fenced;
    apart_from_next = found.values[i].apart;
    if (drop) found.values.erase(found.values.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

bool all_the_same(const Values& found) {
  return std::ranges::all_of(found.values, [&](const Candidate& value) {
    return found.json(value) == found.json(found.values.front());
  });
}

const Candidate* fitting(const Values& found, const Wanted& wanted) {
  for (const Candidate& value : found.values)
    if (wanted.judge && wanted.judge->accepts(found.json(value))) return &value;
  for (const Candidate& value : found.values)
    if (wanted.object && found.json(value).starts_with('{')) return &value;
  return nullptr;
}

void join(const Values& found, std::string& out, Fixes& fixes) {
  out.clear();
  out.reserve(found.text.size() + found.values.size() + 1);
  for (const Candidate& value : found.values) {
    out += out.empty() ? '[' : ',';
    out += found.json(value);
    fixes.add(value.fixes);
  }
  out += ']';
}

}  // namespace

void choose(Values& found, const Wanted& wanted, std::string& out, Fixes& fixes) {
  if (found.values.size() == 1) {
    fixes.add(found.values.front().fixes);
    const std::size_t begin = found.values.front().begin;
    out = std::move(found.text);
    if (begin > 0) out.erase(0, begin);
    return;
  }
  fixes.add(Fix::several_values);
  keep_fenced(found);
  drop_lists(found);
  const auto correction = std::ranges::find_if(found.values, &Candidate::correction);
  if (const Candidate* value = fitting(found, wanted)) {
    take(found, *value, out, fixes);
  } else if (all_the_same(found) || correction != found.values.end()) {
    take(found, found.values.back(), out, fixes);
  } else {
    join(found, out, fixes);
  }
}

}  // namespace sluice::json::repair
