#include "dialect/schema/references.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::dialect::schema {
namespace {

/// Values looked at by leads_to(), and pointers followed step by step, per document: more than any schema in
/// use needs, few enough that a hostile one costs little.
constexpr std::size_t search_budget = 200'000, follow_budget = 1'000;
constexpr std::array<std::string_view, 2> definition_lists{"#/$defs/", "#/definitions/"};

/// RFC 6901 section 4, inside a URI fragment.
std::string unescape(std::string_view token) {
  std::string name = decode_percent(token);
  std::size_t to = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    char c = name[at];
    if (c == '~' && at + 1 < name.size() && (name[at + 1] == '0' || name[at + 1] == '1'))
      c = name[++at] == '0' ? '~' : '/';
    name[to++] = c;
  }
  name.resize(to);
  return name;
}

json::Value child(json::Value value, std::string_view token) {
  if (value.is_object()) return value[unescape(token)];
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return {};
  return value[index];
}

}  // namespace

SchemaReferences::SchemaReferences(json::Value root)
    : root_(root),
      has_references_(root.raw().find("$ref") != std::string_view::npos),
      search_budget_(search_budget),
      follow_budget_(follow_budget) {
  if (!has_references_) return;
  for (std::string_view list : {"$defs", "definitions"})
    for (const json::Member& entry : root_[list].members())
      definitions_.try_emplace(entry.key.decode(), entry.value);
}

std::optional<std::string> SchemaReferences::definition_name(std::string_view path) const {
  for (std::string_view list : definition_lists) {
    if (!path.starts_with(list)) continue;
    path.remove_prefix(list.size());
    if (path.find('/') != std::string_view::npos) return std::nullopt;
    return unescape(path);
  }
  return std::nullopt;
}

json::Value SchemaReferences::find(json::Text reference) {
  std::string buffer;
  std::string_view path = reference.decode(buffer);
  if (path == "#") return root_;
  if (const auto name = definition_name(path)) {
    const auto found = definitions_.find(*name);
    return found == definitions_.end() ? json::Value() : found->second;
  }
  if (!path.starts_with("#/") || follow_budget_ == 0) return {};
  --follow_budget_;
  json::Value at = root_;
  path.remove_prefix(1);
  while (!path.empty() && at) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    at = child(at, path.substr(1, end - 1));
    path.remove_prefix(end);
  }
  return at;
}

std::optional<std::string> SchemaReferences::canonical(json::Text reference) {
  std::string buffer;
  const std::string_view path = reference.decode(buffer);
  if (path == "#") return "#";
  const auto name = definition_name(path);
  if (!name || !definitions_.contains(*name)) return std::nullopt;
  return std::string(definition_lists[0]).append(path.substr(path.rfind('/') + 1));
}

bool SchemaReferences::leads_to(json::Value schema, json::Value target) {
  if (!has_references_) return false;
  visited_.clear();
  return search(schema, target);
}

bool SchemaReferences::search(json::Value schema, json::Value target) {
  if (search_budget_ == 0) return false;
  --search_budget_;
  for (json::Value element : schema.elements())
    if (search(element, target)) return true;
  for (const json::Member& member : schema.members()) {
    if (!member.key.equals("$ref") || !member.value.is_string()) {
      if (search(member.value, target)) return true;
      continue;
    }
    const json::Value next = find(member.value.text());
    if (!next || !visited_.insert(next.offset()).second) continue;
    if (next.offset() == target.offset() || search(next, target)) return true;
  }
  return false;
}

}  // namespace sluice::dialect::schema
