#include "base/text.hpp"
#include "dialect/anthropic/answer_format.hpp"
#include "dialect/bedrock/bedrock.hpp"
#include "dialect/bedrock/encode_messages.hpp"
#include "dialect/bedrock/encode_tools.hpp"
#include "dialect/bedrock/model_fields.hpp"
#include "dialect/one_text_answer.hpp"
#include "dialect/unsent_members.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::dialect::bedrock {
namespace {

/// Members of Converse's own, and of Anthropic's API, that a client may put into its request.
constexpr std::array<std::string_view, 8> extensions{"additionalModelRequestFields",
                                                     "guardrailConfig",
                                                     "performanceConfig",
                                                     "requestMetadata",
                                                     "thinking",
                                                     "output_config",
                                                     "anthropic_beta",
                                                     "modalities"};

/// Those that are objects and are sent as they are.
constexpr std::array<std::string_view, 3> passed_on{"guardrailConfig", "performanceConfig",
                                                    "requestMetadata"};

constexpr std::array<std::string_view, 4> service_tiers{"default", "priority", "flex", "reserved"};

std::string path_of(const chat::Request& request, const Target& target) {
  return "/model/" + encode_percent(target.model) + (request.stream ? "/converse-stream" : "/converse");
}

/// The schema goes as a text.
void write_output_config(std::string_view schema, Encoding& encoding) {
  if (schema.empty()) return;
  const chat::ResponseFormat& format = encoding.request.response_format;
  json::Writer& json = encoding.body;
  json.key("outputConfig").begin_object().key("textFormat").begin_object().key("type").string("json_schema");
  json.key("structure").begin_object().key("jsonSchema").begin_object().key("schema").string(schema);
  if (!format.name.empty()) json.key("name").text(format.name);
  if (!format.description.empty()) json.key("description").text(format.description);
  json.end_object().end_object().end_object().end_object();
}

void write_service_tier(Encoding& encoding) {
  const json::Text asked = encoding.request.service_tier;
  if (asked.empty() || asked.equals("auto")) return;
  if (std::ranges::any_of(service_tiers, [&](std::string_view tier) { return asked.equals(tier); })) {
    encoding.body.key("serviceTier").begin_object().key("type").text(asked).end_object();
  } else {
    encoding.changes().dropped("service_tier", "this API has the tiers default, priority, flex and reserved");
  }
}

void write_extensions(Encoding& encoding) {
  for (std::string_view name : passed_on) {
    const json::Value value = encoding.request.other(name);
    if (value.is_object()) {
      encoding.body.key(name).raw(value.raw());
    } else if (value) {
      encoding.changes().dropped(std::string(name), "this API wants an object");
    }
  }
}

void report(Encoding& encoding) {
  if (!encoding.request.user.empty())
    encoding.changes().dropped("user",
                               "this API takes no identifier of the end user; `requestMetadata` is for such");
  if (encoding.request.other("anthropic_beta") && !encoding.rules().claude_members)
    encoding.changes().dropped("anthropic_beta", "this model is not Anthropic's");
  encoding.repeated.report(encoding.changes());
  report_unsent_members(encoding.request, extensions, encoding.changes());
}

}  // namespace

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out) {
  if (auto possible = expect_one_text_answer(request, target); !possible) return fail(possible);
  out.path = path_of(request, target);
  Encoding encoding{request, target, out};
  const History history = read_history(request, out.changes);
  const anthropic::ThinkingPlan thinking = plan_thinking(history, encoding);
  const anthropic::AnswerFormat format =
      anthropic::plan_answer_format(request, target.capabilities, schema::Subset::converse, out.changes);
  const ToolPlan tools = plan_tools(history, thinking.thinks, encoding);
  std::string more = format.instruction;
  if (!tools.instruction.empty()) more.append(more.empty() ? "" : "\n\n").append(tools.instruction);

  out.body.reserve(request.source.raw().size() + 1024);
  encoding.body.begin_object();
  write_model_fields(thinking, tools, encoding);
  write_output_config(format.schema, encoding);
  write_service_tier(encoding);
  write_extensions(encoding);
  // In the order of the prompt, which is also the order of cache points.
  if (auto done = write_tools(tools, encoding); !done) return fail(done);
  if (auto done = write_system(history, more, encoding); !done) return fail(done);
  if (auto done = write_messages(history, more, encoding); !done) return fail(done);
  encoding.body.end_object();
  encoding.cache_points.trim(out.body, out.changes);
  report(encoding);
  return {};
}

}  // namespace sluice::dialect::bedrock
