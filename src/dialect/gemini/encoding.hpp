#pragma once
// What the parts of Gemini's request encoder share.

#include "dialect/dialect.hpp"
#include "dialect/message_path.hpp"
#include "dialect/repeated_change.hpp"
#include "json/writer.hpp"

#include <string>
#include <string_view>

namespace sluice::dialect::gemini {

struct RepeatedChanges {
  using Kind = chat::Change::Kind;
  RepeatedChange cache_control{Kind::dropped, "Gemini caches prompts by itself"};
  RepeatedChange name{Kind::dropped, "Gemini does not tell speakers apart by name"};
  RepeatedChange filename{Kind::dropped, "Gemini takes files without their names"};
  RepeatedChange detail{Kind::dropped, "Gemini has no level of detail for one image"};
  RepeatedChange media_type{Kind::mapped, "the type of the media was guessed, and Gemini must be told one"};
  RepeatedChange instruction{
      Kind::mapped,
      "Gemini takes instructions only before the conversation; sent as the user's, inside <system>"};
  RepeatedChange reasoning{Kind::dropped, "Gemini takes back only reasoning that it has signed"};
  RepeatedChange signature{
      Kind::emulated,
      "the thought signature that Gemini wants on the first call of a step is missing; its "
      "check was skipped"};
  RepeatedChange arguments{Kind::repaired,
                           "Gemini takes only an object as arguments; they were wrapped in one"};
  RepeatedChange media_in_result{
      Kind::mapped, "the model takes no such media in tool results; sent as user content behind them"};
  RepeatedChange schema{
      Kind::mapped, "Gemini has no keyword for some of the schema's constraints; the descriptions tell them"};

  void report(chat::Changes& changes) const;
};

/// One request on its way into `out.body`.
struct Encoding {
  const chat::Request& request;
  const Target& target;
  Outgoing& out;
  json::Writer body{out.body};
  RepeatedChanges repeated;

  json::Value cached_content;  ///< name of a cached prefix that holds instructions and tools; missing: none

  bool has_tools() const { return !request.tools.empty() && !cached_content; }
  /// Vertex AI refuses them; there calls and results belong together by their order.
  bool takes_call_ids() const { return !target.cloud.vertex; }
  const catalog::Capabilities& capabilities() const { return target.capabilities; }
  chat::Changes& changes() const { return out.changes; }
};

/// The name under which Gemini knows a tool: it begins with a letter or `_`, and older models refuse more
/// than 64 characters.
std::string_view tool_name(json::Text name, Encoding& encoding);

/// unsupported_parameter: "<place>: `<model>` does not take <what>".
Failure refuse(std::string place, std::string_view what, const Encoding& encoding);

/// What a TextPart or RefusalPart says; empty for other parts.
json::Text text_of(const chat::Part& part);

}  // namespace sluice::dialect::gemini
