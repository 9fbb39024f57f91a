#include "base/text.hpp"
#include "dialect/gemini/encode_contents.hpp"
#include "dialect/gemini/encode_tools.hpp"
#include "dialect/gemini/gemini.hpp"
#include "dialect/gemini/generation_config.hpp"
#include "dialect/json_instruction.hpp"
#include "dialect/unsent_members.hpp"

#include <array>

namespace sluice::dialect::gemini {
namespace {

/// Members of the client's body that no other dialect has and this one sends.
constexpr std::array<std::string_view, 6> extensions{"cachedContent",   "cached_content",
                                                     "modalities",      "safetySettings",
                                                     "safety_settings", "web_search_options"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> service_tiers{
    {{"default", "standard"}, {"flex", "flex"}, {"priority", "priority"}}};

std::string path(const chat::Request& request, const Target& target) {
  return (target.cloud.vertex ? "/models/" : "/v1beta/models/") + encode_percent(target.model) +
         (request.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

/// An extension under Google's name or in snake case; missing if it is of another type.
json::Value extension(std::string_view name, std::string_view snake_name, json::Type type,
                      Encoding& encoding) {
  for (std::string_view key : {snake_name, name}) {
    const json::Value value = encoding.request.source[key];
    if (!value) continue;
    if (value.type() == type) return value;
    encoding.changes().dropped(std::string(key), "Gemini wants " + std::string(json::name(type)));
  }
  return {};
}

Result<> write_system_instruction(const History& history, Encoding& encoding) {
  const chat::Request& request = encoding.request;
  std::string parts;
  json::Writer writer(parts);
  const auto add = [&](json::Text text) { writer.begin_object().key("text").text(text).end_object(); };
  for (const chat::Message& message : history.instructions) {
    if (!encoding.capabilities().system_role) break;  // they are part of the conversation
    if (message.cache_control)
      encoding.repeated.cache_control.at([&] { return path_of(message) + ".cache_control"; });
    for (const chat::Part& part : message.parts) {
      if (part.cache_control)
        encoding.repeated.cache_control.at([&] { return path_of(message, part) + ".cache_control"; });
      if (!std::holds_alternative<chat::TextPart>(part.content))
        return refuse(path_of(message, part), "instructions other than text", encoding);
      add(text_of(part));
    }
  }
  if (request.response_format.kind != chat::ResponseFormat::Kind::text && !holds_response_format(encoding))
    add(json::Text(json::escape(json_instruction(request.response_format, encoding.has_tools()))));
  if (parts.empty()) return {};
  encoding.body.key("systemInstruction").begin_object().key("parts").begin_array().raw(parts);
  encoding.body.end_array().end_object();
  return {};
}

/// A cached prefix holds instructions and tools itself; Gemini refuses others beside it.
void report_what_the_cache_replaces(const History& history, Encoding& encoding) {
  constexpr std::string_view reason = "Gemini takes it only in the cached content that this request uses";
  if (!history.instructions.empty()) encoding.changes().dropped("messages[0]", std::string(reason));
  if (!encoding.request.tools.empty()) encoding.changes().dropped("tools", std::string(reason));
}

void write_service_tier(Encoding& encoding) {
  const json::Text wanted = encoding.request.service_tier;
  if (wanted.empty() || wanted.equals("auto")) return;
  for (const auto& [theirs, ours] : service_tiers) {
    if (!wanted.equals(theirs)) continue;
    if (!encoding.target.cloud.vertex) {
      encoding.body.key("serviceTier").string(ours);
    } else if (ours != "standard") {  // cloud.google.com/vertex-ai: a field of the head there
      encoding.out.headers.push_back({"x-vertex-ai-llm-shared-request-type", std::string(ours)});
    }
    return;
  }
  encoding.changes().dropped("service_tier", "Gemini has the tiers default, flex and priority");
}

void report_unsent(Encoding& encoding) {
  chat::Changes& changes = encoding.changes();
  if (encoding.request.sampling.logit_bias) changes.dropped("logit_bias", "Gemini has no such parameter");
  if (!encoding.request.user.empty()) changes.dropped("user", "Gemini takes no identifier of the end user");
  encoding.repeated.report(changes);
  report_unsent_members(encoding.request, extensions, changes);
}

}  // namespace

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out) {
  out.path = path(request, target);
  Encoding encoding{request, target, out};
  name_tools(encoding);
  const History history = read_history(request, out.changes);
  encoding.cached_content = extension("cachedContent", "cached_content", json::Type::string, encoding);

  out.body.reserve(request.source.raw().size() + 1024);
  encoding.body.begin_object();
  if (!encoding.cached_content) {
    if (auto done = write_system_instruction(history, encoding); !done) return fail(done);
  }
  if (auto done = write_contents(history, encoding); !done) return fail(done);
  if (encoding.cached_content) {
    encoding.body.key("cachedContent").raw(encoding.cached_content.raw());
    report_what_the_cache_replaces(history, encoding);
  } else if (auto done = write_tools(encoding); !done) {
    return fail(done);
  }
  if (auto done = write_generation_config(encoding); !done) return fail(done);
  if (const auto safety = extension("safetySettings", "safety_settings", json::Type::array, encoding); safety)
    encoding.body.key("safetySettings").raw(safety.raw());
  write_service_tier(encoding);
  encoding.body.end_object();
  report_unsent(encoding);
  return {};
}

void authorize(const Credentials& credentials, const Destination&, Outgoing& out) {
  if (!credentials.access_token.empty()) {
    out.headers.push_back({"authorization", "Bearer " + std::string(credentials.access_token.reveal())});
    return;
  }
  out.headers.push_back({"x-goog-api-key", std::string(credentials.api_key.reveal())});
}

}  // namespace sluice::dialect::gemini
