#include "gateway/answer_form.hpp"

#include <algorithm>

namespace sluice::gateway {
namespace {

using json::schema::Schema;

Failure wrong(std::string param, std::string message) {
  return fail(Error(ErrorCode::invalid_request, std::move(message)).with_param(std::move(param)));
}

/// Repeating a step is as good as having it once.
Result<> read_steps(json::Value steps, AnswerForm& form) {
  if (!steps) return {};
  if (!steps.is_array())
    return wrong("post_processing_steps", R"(must be an array of steps, as [{"type": "json-repair"}])");
  std::size_t index = 0;
  for (const json::Value step : steps.elements()) {
    const std::string place = "post_processing_steps[" + std::to_string(index++) + "]";
    if (!step.is_object())
      return wrong(place, R"(must be an object with a 'type', as {"type": "json-repair"})");
    if (!step["type"].equals("json-repair"))
      return wrong(place + ".type", "there is no such step; the only one is 'json-repair'");
    form.repair_step = true;
  }
  return {};
}

bool is_of_object(json::Value schema) {
  return schema["type"].equals("object") || schema["properties"].is_object();
}

/// A schema that only lies beyond what can be checked here is left to a provider that knows it.
Result<> read_schema(json::Value written, AnswerForm& form) {
  auto schema = Schema::compile(written);
  if (schema) {
    form.schema = std::move(*schema);
    form.schema_is_of_object = is_of_object(written);
    return {};
  }
  if (schema.error().code() != ErrorCode::unsupported_schema)
    return fail(std::move(schema.error()).with_param("response_format.json_schema.schema"));
  form.unchecked = schema.error().message();
  return {};
}

Result<> read_reasks(json::Value extension, AnswerForm& form) {
  constexpr std::int64_t most = 3;
  const json::Value reasks = extension["reasks"];
  if (!reasks) return {};
  const auto number = reasks.integer();
  if (!number || *number < 0 || *number > most)
    return wrong("sluice.reasks", "must be a number from 0 to " + std::to_string(most));
  form.reasks = static_cast<unsigned>(*number);
  return {};
}

}  // namespace

const Schema* AnswerForm::tool_schema(std::string_view name) const {
  const auto found = std::ranges::find(tools, name, &ToolSchema::name);
  return found == tools.end() ? nullptr : &found->schema;
}

Result<AnswerForm> read_answer_form(const chat::Request& request) {
  AnswerForm form;
  form.kind = request.response_format.kind;
  if (auto steps = read_steps(request.source["post_processing_steps"], form); !steps) return fail(steps);
  if (!form.asked_for()) return form;
  if (auto reasks = read_reasks(request.source["sluice"], form); !reasks) return fail(reasks);
  if (form.kind == AnswerForm::Kind::json_schema)
    if (auto schema = read_schema(request.response_format.schema, form); !schema) return fail(schema);
  if (!form.repair_step) return form;
  for (const chat::Tool& tool : request.tools)
    if (auto schema = Schema::compile(tool.parameters))
      form.tools.push_back({tool.name.decode(), std::move(*schema)});
  return form;
}

Rung rung_of(const chat::Request& request, const catalog::Capabilities& model) {
  using Kind = chat::ResponseFormat::Kind;
  const Kind kind = request.response_format.kind;
  if (kind == Kind::json_object) return model.json_object ? Rung::native : Rung::words;
  if (kind == Kind::text) return Rung::native;
  const bool tools = !request.tools.empty() || !request.hosted_tools.empty();
  if (model.json_schema && (!tools || model.json_schema_with_tools)) return Rung::native;
  // Being forced to give the answer by a tool, a model could not call the client's tools.
  const bool thinks = request.reasoning.effort.value_or(chat::Effort::none) != chat::Effort::none ||
                      request.reasoning.max_tokens.value_or(0) > 0 ||
                      (model.thinks_by_default && !request.reasoning.effort);
  const bool forced = model.forced_tool_choice && (!thinks || model.forced_tool_choice_while_thinking);
  return !tools && forced ? Rung::forced_tool : Rung::words;
}

}  // namespace sluice::gateway
