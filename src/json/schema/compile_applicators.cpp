// Readers of the keywords that apply schemas to the value itself or to elements of an array.

#include "json/schema/compiler.hpp"

#include <algorithm>

namespace sluice::json::schema {

Result<Range> Compiler::children(Frame& frame, Keyword keyword, Value schemas) {
  if (!schemas.is_array()) return expected(frame.self, keyword, "must be an array", schemas);
  std::vector<Index> list;
  for (const Value schema : schemas.elements()) {
    auto added = child(frame, keyword, std::to_string(list.size()), schema);
    if (!added) return fail(added);
    list.push_back(*added);
  }
  const Range range{static_cast<Index>(program_.children.size()), static_cast<std::uint32_t>(list.size())};
  program_.children.insert(program_.children.end(), list.begin(), list.end());
  return range;
}

Result<> Compiler::read_alternatives(Frame& frame, Keyword keyword, Value schemas) {
  auto list = children(frame, keyword, schemas);
  if (!list) return fail(list);
  if (list->count == 0) return wrong(frame.self, keyword, "must hold at least one schema");
  frame.rules.push_back({.keyword = keyword, .a = list->first, .b = list->count});
  return {};
}

Result<> Compiler::read_negation(Frame& frame, Keyword keyword, Value schema) {
  auto negated = child(frame, keyword, schema);
  if (!negated) return fail(negated);
  frame.rules.push_back({.keyword = keyword, .a = *negated});
  return {};
}

Result<> Compiler::read_condition(Frame& frame, Keyword keyword, Value schema) {
  auto condition = child(frame, keyword, schema);
  if (!condition) return fail(condition);
  frame.rules.push_back({.keyword = keyword, .a = *condition});
  return {};
}

/// `then` and `else`, which mean nothing without an `if`. That was read before, as its last rule.
Result<> Compiler::read_branch(Frame& frame, Keyword keyword, Value schema) {
  auto branch = child(frame, keyword, schema);
  if (!branch) return fail(branch);
  const auto condition = std::ranges::find(frame.rules, Keyword::condition, &Rule::keyword);
  if (condition == frame.rules.end()) return {};
  (keyword == Keyword::then ? condition->b : condition->c) = *branch;
  return {};
}

Result<> Compiler::read_prefix(Frame& frame, Keyword keyword, Value schemas) {
  auto list = children(frame, keyword, schemas);
  if (!list) return fail(list);
  frame.array.prefix = *list;
  frame.has_array = true;
  return {};
}

/// An array here is what `prefixItems` is since 2020-12; many schemas still say it so.
Result<> Compiler::read_items(Frame& frame, Keyword keyword, Value schema) {
  if (schema.is_array() && frame.array.prefix.count == 0) return read_prefix(frame, keyword, schema);
  auto items = child(frame, keyword, schema);
  if (!items) return fail(items);
  frame.array.rest = *items;
  frame.has_array = true;
  return {};
}

Result<> Compiler::read_additional_items(Frame& frame, Keyword keyword, Value schema) {
  auto items = child(frame, keyword, schema);
  if (!items) return fail(items);
  if (!frame[Keyword::items].is_array()) return {};
  frame.array.rest = *items;
  frame.has_array = true;
  return {};
}

Result<> Compiler::read_array_schema(Frame& frame, Keyword keyword, Value schema) {
  auto added = child(frame, keyword, schema);
  if (!added) return fail(added);
  (keyword == Keyword::contains ? frame.array.contains : frame.array.unevaluated) = *added;
  frame.array.contains_evaluates = frame.dialect.draft == Draft::draft2020_12;
  frame.has_array = true;
  return {};
}

}  // namespace sluice::json::schema
