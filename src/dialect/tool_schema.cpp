#include "dialect/tool_schema.hpp"

#include "json/patch.hpp"

namespace sluice::dialect {

void write_tool_schema(json::Value schema, const std::string& path, json::Writer& json,
                       chat::Changes& changes) {
  if (!schema) {
    json.raw(R"({"type":"object","properties":{}})");
    return;
  }
  const json::Value type = schema["type"];
  if (type.equals("object")) {
    json.raw(schema.raw());
    return;
  }
  json::Patch patch(schema);
  patch.set("type", R"("object")");
  if (!schema["properties"] && !schema["$ref"] && !schema["anyOf"] && !schema["allOf"])
    patch.set("properties", "{}");
  patch.append_to(json.out());
  if (type)
    changes.add(chat::Change::Kind::repaired, path + ".function.parameters.type",
                "the arguments of a tool are an object");
}

bool write_strict_tool_schema(json::Value schema, const std::string& path, schema::Subset subset,
                              json::Writer& json, schema::StrictChanges& strict, chat::Changes& changes) {
  if (!schema) {
    json.raw(R"({"type":"object","properties":{},"additionalProperties":false})");
    return true;
  }
  const std::size_t begin = json.out().size();
  const schema::Fit fit =
      schema::append_fitting(json.out(), schema, {.subset = subset, .is_parameters = true});
  if (fit.possible) {
    strict.sent(fit, path + ".function.parameters");
    return true;
  }
  json.out().resize(begin);
  write_tool_schema(schema, path, json, changes);
  strict.not_strict(path + ".function.strict");
  return false;
}

}  // namespace sluice::dialect
