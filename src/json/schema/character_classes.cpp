#include "json/schema/character_classes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::json::schema {
namespace {

/// Long names and aliases of general categories (Unicode, PropertyValueAliases.txt), sorted; RE2 knows the
/// short names only. Unassigned (Cn) and Cased_Letter (LC) are not known to it at all.
constexpr auto long_names = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Close_Punctuation", "Pe"},
    {"Combining_Mark", "M"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Uppercase_Letter", "Lu"},
    {"cntrl", "Cc"},
    {"digit", "Nd"},
    {"punct", "P"},
});
static_assert(std::ranges::is_sorted(long_names));

constexpr std::string_view short_names =
    " Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs ";

std::string_view general_category(std::string_view name) {
  const auto known = std::ranges::lower_bound(long_names, name, {}, &decltype(long_names)::value_type::first);
  if (known != long_names.end() && known->first == name) return known->second;
  const bool is_short = !name.empty() && name.size() <= 2 &&
                        short_names.find(" " + std::string(name) + " ") != std::string_view::npos;
  return is_short ? name : std::string_view();
}

/// `value` where `name` reads `key=value`, else empty.
std::string_view value_of(std::string_view name, std::string_view key, std::string_view short_key) {
  const std::size_t equals = name.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view found = name.substr(0, equals);
  return found == key || found == short_key ? name.substr(equals + 1) : std::string_view();
}

}  // namespace

std::optional<std::string> property_class(std::string_view name, bool negated) {
  const std::string escape = negated ? "\\P{" : "\\p{";
  if (name == "ASCII") return negated ? R"([\x{80}-\x{10ffff}])" : "[[:ascii:]]";
  if (name == "Any") return escape + "Any}";
  if (const auto script = value_of(name, "Script", "sc"); !script.empty())
    return escape + std::string(script) + "}";
  const auto category = value_of(name, "General_Category", "gc");
  const auto known = general_category(category.empty() ? name : category);
  if (known.empty()) return std::nullopt;
  return escape + std::string(known) + "}";
}

}  // namespace sluice::json::schema
