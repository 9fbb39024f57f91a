#include "dialect/effort.hpp"
#include "dialect/json_instruction.hpp"
#include "dialect/ollama/encode_messages.hpp"
#include "dialect/ollama/encode_tools.hpp"
#include "dialect/ollama/ollama.hpp"
#include "dialect/ollama/options.hpp"
#include "dialect/one_text_answer.hpp"
#include "dialect/unsent_members.hpp"

#include <array>

namespace sluice::dialect::ollama {
namespace {

using Kind = chat::ResponseFormat::Kind;

/// Members of Ollama's own API, and of servers alike, that a client may put into its request.
constexpr std::array<std::string_view, 7> extensions{"options", "keep_alive",         "think",  "modalities",
                                                     "min_p",   "repetition_penalty", "num_ctx"};

/// Models think or do not; those that always do take a level. A model that cannot think refuses to be asked.
void write_think(Encoding& encoding) {
  const chat::Request& request = encoding.request;
  const catalog::Capabilities& model = encoding.target.capabilities;
  if (const json::Value own = request.other("think"); own.is_boolean() || own.is_string()) {
    encoding.body.key("think").raw(own.raw());
    return;
  }
  const chat::Reasoning& asked = request.reasoning;
  if (!asked.effort && !asked.max_tokens) return;
  const bool wants = asked.effort ? *asked.effort != chat::Effort::none : *asked.max_tokens > 0;
  const std::string_view param = asked.effort ? "reasoning_effort" : "reasoning.max_tokens";
  if (model.thinking == catalog::ThinkingStyle::none) {
    if (wants) encoding.changes().dropped(std::string(param), "this model does not think");
    return;
  }
  const bool has_levels = !model.thinking_can_be_disabled && !model.efforts.empty();
  const auto level = has_levels ? nearest_effort(model, asked.effort.value_or(chat::Effort::medium)) : "";
  if (has_levels) {
    encoding.body.key("think").string(level);
  } else {
    encoding.body.key("think").boolean(wants);
  }
  if (wants && (!has_levels || !asked.effort || level != chat::name(*asked.effort)))
    encoding.changes().mapped(std::string(param), has_levels
                                                      ? "sent as `" + std::string(level) + "`"
                                                      : "sent as `true`: this model thinks or does not");
}

/// Ollama holds models to JSON and to schemas, but not while they may call tools.
bool is_held(const Encoding& encoding) {
  const chat::Request& request = encoding.request;
  const bool may_call = !request.tools.empty() && request.tool_choice.kind != chat::ToolChoice::Kind::none;
  return request.response_format.kind != Kind::text && !may_call;
}

void write_format(Encoding& encoding) {
  const chat::ResponseFormat& format = encoding.request.response_format;
  if (!is_held(encoding)) return;
  encoding.body.key("format");
  if (format.kind == Kind::json_schema && format.schema) {
    encoding.body.raw(format.schema.raw());
  } else {
    encoding.body.string("json");
  }
}

/// What the model is told where it is not held to the form.
std::string instruction(Encoding& encoding) {
  const chat::ResponseFormat& format = encoding.request.response_format;
  if (format.kind == Kind::text || is_held(encoding)) return {};
  encoding.changes().add(
      chat::Change::Kind::emulated, "response_format",
      "Ollama does not hold models to a form while they may call tools; the system prompt asks "
      "for it, and the answer may differ");
  return json_instruction(format, true);
}

void write_logprobs(Encoding& encoding) {
  const chat::Sampling& asked = encoding.request.sampling;
  if (asked.logprobs != true) return;
  encoding.body.key("logprobs").boolean(true);
  if (asked.top_logprobs) encoding.body.key("top_logprobs").integer(*asked.top_logprobs);
}

}  // namespace

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out) {
  if (auto possible = expect_one_text_answer(request, target); !possible) return fail(possible);
  const History history = read_history(request, out.changes);
  out.path = "/api/chat";
  out.body.reserve(request.source.raw().size() + 1024);
  Encoding encoding{request, target, out};
  // Streaming is the default there.
  encoding.body.begin_object().key("model").string(target.model).key("stream").boolean(request.stream);
  write_think(encoding);
  write_format(encoding);
  if (const json::Value keep = request.other("keep_alive"); keep.is_string() || keep.is_number())
    encoding.body.key("keep_alive").raw(keep.raw());
  write_logprobs(encoding);
  write_options(encoding);
  if (auto written = write_tools(encoding); !written) return fail(written);
  if (auto written = write_messages(history, instruction(encoding), encoding); !written) return fail(written);
  encoding.body.end_object();
  encoding.repeated.report(out.changes);
  report_unsent_members(request, extensions, out.changes);
  return {};
}

/// A server of one's own wants no key; Ollama's cloud does.
void authorize(const Credentials& credentials, const Destination&, Outgoing& out) {
  if (credentials.api_key.empty()) return;
  out.headers.push_back({"authorization", "Bearer " + std::string(credentials.api_key.reveal())});
}

}  // namespace sluice::dialect::ollama
