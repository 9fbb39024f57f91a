#include "dialect/responses/encode_input.hpp"
#include "dialect/responses/encode_tools.hpp"
#include "dialect/responses/reasoning.hpp"
#include "dialect/responses/responses.hpp"
#include "dialect/responses/settings.hpp"
#include "dialect/unsent_members.hpp"

#include <array>

namespace sluice::dialect::responses {
namespace {

/// Members that mean the same in this API.
constexpr std::array<std::string_view, 7> passed_on{
    "context_management", "max_tool_calls",        "metadata", "prompt_cache_key", "prompt_cache_options",
    "truncation",         "prompt_cache_retention"};

/// All of the client's members for which the chat model has no word, and that are sent.
constexpr std::array<std::string_view, 12> sent{"context_management",
                                                "max_tool_calls",
                                                "metadata",
                                                "prompt_cache_key",
                                                "prompt_cache_options",
                                                "truncation",
                                                "modalities",
                                                "prompt_cache_retention",
                                                "include",
                                                "web_search_options",
                                                "verbosity",
                                                "store"};

/// What the API cannot do at all; to leave it out would answer another question.
Result<> refuse_the_impossible(const Encoding& encoding) {
  for (json::Value modality : encoding.request.other("modalities").elements())
    if (!modality.equals("text")) return refuse("modalities", "answers other than text", encoding);
  return {};
}

void write_head(Encoding& encoding) {
  const chat::Request& request = encoding.request;
  json::Writer& body = encoding.body;
  const bool store = request.other("store").boolean().value_or(false);
  body.key("model").string(encoding.target.model).key("store").boolean(store);
  if (!request.stream) return;
  body.key("stream").boolean(true);
  if (encoding.host().obfuscation) body.key("stream_options").raw(R"({"include_obfuscation":false})");
}

void write_members(Encoding& encoding) {
  const chat::Request& request = encoding.request;
  for (std::string_view name : passed_on)
    if (const json::Value value = request.other(name)) encoding.body.key(name).raw(value.raw());
  if (!request.service_tier.empty()) encoding.body.key("service_tier").text(request.service_tier);
  if (request.user.empty()) return;
  const std::string_view name = request.source["safety_identifier"] ? "safety_identifier" : "user";
  encoding.body.key(name).text(request.user);
}

}  // namespace

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out) {
  Encoding encoding{request, target, out};
  if (auto possible = refuse_the_impossible(encoding); !possible) return fail(possible);
  encoding.reasoning = plan_reasoning(request, target.capabilities, out.changes);
  name_tools(encoding);
  const History history = read_history(request, out.changes);

  out.path = "/responses" + target.cloud.query;
  out.body.reserve(request.source.raw().size() + 1024);
  encoding.body.begin_object();
  write_head(encoding);
  write_reasoning(encoding);
  write_limits(encoding);
  std::string instruction;
  write_text_settings(encoding, instruction);
  write_tools(encoding);
  if (auto written = write_input(history, instruction, encoding); !written) return fail(written);
  write_members(encoding);
  encoding.body.end_object();
  encoding.repeated.report(out.changes);
  report_unsent_members(request, sent, out.changes, HostedTools::sent);
  return {};
}

}  // namespace sluice::dialect::responses
