#include "base/hash.hpp"
#include "base/text.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "simulate/identity.hpp"
#include "simulate/pretty_json.hpp"
#include "simulate/replay.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate {
namespace {

/// How the calls of an API end. Others may be asked for under any path.
struct Endpoint {
  std::string_view api;
  std::array<std::string_view, 2> endings;
};
constexpr std::array endpoints{
    Endpoint{"openai.chat", {"/chat/completions", "/chat/completions"}},
    Endpoint{"openai.responses", {"/responses", "/responses"}},
    Endpoint{"anthropic.messages", {"/messages", "/messages"}},
    Endpoint{"gemini.generateContent", {":generateContent", ":streamGenerateContent"}},
    Endpoint{"gemini.streamGenerateContent", {":generateContent", ":streamGenerateContent"}},
    Endpoint{"bedrock.converse", {"/converse", "/converse-stream"}},
    Endpoint{"bedrock.converse-stream", {"/converse", "/converse-stream"}},
    Endpoint{"ollama.chat", {"/api/chat", "/api/chat"}},
};

/// Numbers that Google writes for names to clients which ask for `enum-encoding=int`.
struct EnumMember {
  std::string_view key;
  std::array<std::string_view, 6> names;
};
constexpr std::array enum_members{
    EnumMember{"finishReason",
               {"FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"}},
    EnumMember{"modality", {"MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"}},
    EnumMember{"trafficType",
               {"TRAFFIC_TYPE_UNSPECIFIED", "ON_DEMAND", "PROVISIONED_THROUGHPUT", "", "", ""}},
};

bool asks_for_stream(const Recording& recording, const Received& request) {
  const std::string_view path = request.path;
  if (recording.api.starts_with("gemini.")) return path.ends_with(":streamGenerateContent");
  if (recording.api.starts_with("bedrock.")) return path.ends_with("/converse-stream");
  json::Document document;
  const auto body = document.parse(request.body);
  return (body ? (*body)["stream"].boolean() : std::nullopt).value_or(recording.api == "ollama.chat");
}

/// Why the provider would not have given this recording for that request; empty if it would.
std::string misfit(const Recording& recording, const Received& request) {
  const auto* endpoint = std::ranges::find(endpoints, recording.api, &Endpoint::api);
  if (endpoint == endpoints.end()) return {};
  if (std::ranges::none_of(endpoint->endings,
                           [&](std::string_view end) { return request.path.ends_with(end); }))
    return "called " + request.path + " for a recording of " + recording.api;
  if (recording.status >= 400) return {};
  const bool asked = asks_for_stream(recording, request);
  if (asked == recording.stream) return {};
  return asked ? "asked for a stream, recorded is a plain answer"
               : "asked for a plain answer, recorded is a stream";
}

/// Copies a value with the names of enumerators in place of their numbers. Arguments of calls are the model's
/// own.
class EnumNamer {
 public:
  explicit EnumNamer(std::string& out) : writer_(out) {}
  bool changed() const { return changed_; }

  void write(json::Value value) {
    if (value.is_object()) {
      writer_.begin_object();
      for (const json::Member& member : value.members()) write_member(member);
      writer_.end_object();
    } else if (value.is_array()) {
      writer_.begin_array();
      for (json::Value element : value.elements()) write(element);
      writer_.end_array();
    } else {
      writer_.raw(value.raw());
    }
  }

 private:
  void write_member(const json::Member& member) {
    writer_.key(member.key);
    const auto* known =
        std::ranges::find_if(enum_members, [&](const EnumMember& one) { return member.key.equals(one.key); });
    const auto number = member.value.integer();
    if (known != enum_members.end() && number) {
      const bool named =
          *number >= 0 && *number < 6 && !known->names[static_cast<std::size_t>(*number)].empty();
      writer_.string(named ? known->names[static_cast<std::size_t>(*number)] : "OTHER");
      changed_ = true;
    } else if (member.key.equals("args")) {
      writer_.raw(member.value.raw());
    } else {
      write(member.value);
    }
  }

  json::Writer writer_;
  bool changed_ = false;
};

/// The JSON texts of a recorded Gemini answer: of each chunk, or of the one body.
std::vector<std::string> gemini_chunks(const Recording& recording) {
  std::vector<std::string> texts;
  std::string_view rest = recording.bytes;
  if (!recording.sse) {
    json::Document document;
    const auto body = document.parse(rest);
    for (json::Value chunk : body ? body->elements() : json::Value().elements())
      texts.emplace_back(chunk.raw());
    if (texts.empty()) texts.emplace_back(rest);
    return texts;
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trim(rest.substr(0, end));
    if (line.starts_with("data:")) texts.emplace_back(trim(line.substr(5)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return texts;
}

/// Whether any of the texts held a number that stands for a name.
bool name_enumerators(std::vector<std::string>& texts) {
  bool changed = false;
  for (std::string& text : texts) {
    json::Document document;
    const auto value = document.parse(text);
    if (!value) continue;
    std::string named;
    EnumNamer namer(named);
    namer.write(*value);
    if (!namer.changed()) continue;
    text = std::move(named);
    changed = true;
  }
  return changed;
}

/// The body, and whether it is as it was recorded.
std::pair<std::string, bool> body_for(const Recording& recording, const Received& request, Script& script) {
  if (!recording.api.starts_with("gemini.") || recording.status != 200) return {recording.bytes, true};
  const bool wants_sse = request.asks("alt=sse");
  std::vector<std::string> chunks = gemini_chunks(recording);
  const bool renamed = !request.asks("enum-encoding=int") && name_enumerators(chunks);
  if (!renamed && (!recording.stream || (wants_sse && recording.sse))) return {recording.bytes, true};
  if (!recording.stream) return {chunks.front(), false};
  const auto type =
      std::ranges::find(script.fields, "content-type", [](const auto& field) { return field.first; });
  if (type != script.fields.end())
    type->second = wants_sse ? "text/event-stream" : "application/json; charset=UTF-8";
  std::string body = wants_sse ? "" : "[";
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (wants_sse) {
      body.append("data: ").append(chunks[i]).append("\r\n\r\n");
    } else {
      body.append(i == 0 ? "" : "\n,\r\n").append(pretty_json(chunks[i]));
    }
  }
  if (!wants_sse) body += "\n]";
  return {std::move(body), false};
}

/// The recorded reads; where there are none, 1 to 400 bytes each, the same every time.
std::vector<std::string> slices(const Recording& recording, const std::string& body, bool as_recorded) {
  std::vector<std::string> out;
  std::size_t sum = 0;
  for (const std::size_t length : recording.reads) sum += length;
  std::size_t at = 0;
  if (as_recorded && sum == body.size() && sum > 0) {
    for (const std::size_t length : recording.reads) {
      if (length > 0) out.push_back(body.substr(at, length));
      at += length;
    }
    return out;
  }
  for (std::uint64_t number = 0; at < body.size(); ++number) {
    constexpr std::uint64_t longest = 400;
    out.push_back(body.substr(at, 1 + mix(fnv1a(recording.id), number) % longest));
    at += out.back().size();
  }
  return out;
}

}  // namespace

Script replay_script(const Recording& recording, const Received& request) {
  Script script;
  script.status = recording.status;
  script.fields = recording.fields;
  if (const std::string why = misfit(recording, request); !why.empty()) {
    std::string error;
    json::Writer(error)
        .begin_object()
        .key("error")
        .begin_object()
        .key("message")
        .string("simulate: " + why)
        .end_object()
        .end_object();
    return {.status = 404, .fields = {{"content-type", "application/json"}}, .messages = {std::move(error)}};
  }
  auto [body, as_recorded] = body_for(recording, request, script);
  script.streamed = recording.stream && recording.status == 200;
  if (script.streamed) script.messages = slices(recording, body, as_recorded);
  if (script.messages.empty()) script.messages.push_back(std::move(body));
  return script;
}

}  // namespace sluice::simulate
