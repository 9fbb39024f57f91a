#include "dialect/gemini/schema.hpp"

#include "dialect/schema/fit.hpp"
#include "dialect/schema/keywords.hpp"

namespace sluice::dialect::gemini {

using schema::keyword_named, schema::Subset;

bool append_schema(std::string& out, json::Value root, json::Text description) {
  return schema::append_fitting(out, root, {.subset = Subset::gemini, .description = description}).held;
}

bool append_parameters(std::string& out, json::Value root) {
  return schema::append_fitting(out, root, {.subset = Subset::gemini, .is_parameters = true}).held;
}

bool takes_no_arguments(json::Value parameters) {
  for (const json::Member& member : parameters.members()) {
    const schema::Keyword* keyword = keyword_named(member.key);
    if (!keyword || keyword->rule(Subset::gemini) == schema::Rule::told || keyword->name == "title" ||
        keyword->name == "description")
      continue;
    const bool is_empty = (member.value.is_object() || member.value.is_array()) && member.value.size() == 0;
    const bool says_nothing = is_empty || member.value.boolean() == false || member.value.equals("object");
    if (!says_nothing) return false;
  }
  return true;
}

}  // namespace sluice::dialect::gemini
