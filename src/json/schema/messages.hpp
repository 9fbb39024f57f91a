#pragma once
// The sentences that say why a value does not fit and what would. They hold what the schema says, counts and
// names of members, but no other text of the document: that may be secret, and whoever wrote it knows it.

#include "json/schema/equality.hpp"
#include "json/schema/program.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::json::schema {

/// `text` in quotes, cut where it is too long to read.
std::string quote(std::string_view text);

std::string say_type(TypeSet wanted, Value value);
std::string say_choice(const Program& program, const Rule& rule);
std::string say_bound(const NumberBound& bound);
std::string say_length(const TextRules& rules, std::uint32_t length);
std::string say_items(const ArrayRules& rules, std::uint32_t count);
std::string say_twins(Twins twins);
std::string say_contained(const ArrayRules& rules, std::uint32_t count);
std::string say_members(const ObjectRules& rules, std::uint32_t count);
std::string say_missing(const std::vector<std::string_view>& names);
std::string say_dependent_missing(std::string_view trigger, const std::vector<std::string_view>& names);
/// The subschema is `false`, so the value at `path` of the document may not be there at all.
std::string say_forbidden(const Program& program, Index subschema, std::string_view path);
/// None of so many fits, but that one nearly.
std::string say_no_alternative(std::uint32_t alternatives, std::uint32_t nearest);
std::string say_several_alternatives(const std::vector<std::size_t>& fitting);

}  // namespace sluice::json::schema
