#include "dialect/gemini/function_response.hpp"

#include "base/text.hpp"
#include "dialect/gemini/encode_media.hpp"

namespace sluice::dialect::gemini {
namespace {

bool stands_inside(const chat::Part& part, const Encoding& encoding) {
  return encoding.capabilities().media_in_tool_results && fits_in_tool_result(part);
}

/// All text of a result, escaped; its parts on lines of their own.
std::string text_of(const chat::Message& result) {
  std::string text;
  bool first = true;
  for (const chat::Part& part : result.parts) {
    const auto* said = std::get_if<chat::TextPart>(&part.content);
    if (!said) continue;
    if (!first) text.append("\\n");
    text.append(said->text.escaped());
    first = false;
  }
  return text;
}

/// Gemini wants an object: one that the tool returned as it is, anything else under a documented key.
void write_response(const AnsweredCall& call, json::Writer& body) {
  if (!call.result) {
    body.begin_object().key("error").string(missing_result).end_object();
    return;
  }
  const std::string escaped = text_of(*call.result);
  const bool failed = call.result->is_error.value_or(false);
  if (!failed && escaped.find('{') != std::string::npos) {
    std::string buffer;
    const std::string_view text = trim(json::Text(escaped).decode(buffer));
    json::Document document;
    if (text.starts_with('{') && document.parse(text)) {
      body.raw(text);
      return;
    }
  }
  body.begin_object().key(failed ? "error" : "output").text(json::Text(escaped)).end_object();
}

}  // namespace

Result<> write_function_response(const AnsweredCall& call, Encoding& encoding) {
  json::Writer& body = encoding.body;
  body.begin_object().key("functionResponse").begin_object();
  if (encoding.takes_call_ids()) body.key("id").text(call.call->id);
  body.key("name").string(tool_name(call.call->name, encoding));
  body.key("response");
  write_response(call, body);
  bool any = false;
  if (call.result) {
    for (const chat::Part& part : call.result->parts) {
      if (part.cache_control)
        encoding.repeated.cache_control.at([&] { return path_of(*call.result, part) + ".cache_control"; });
      if (!is_media(part) || !stands_inside(part, encoding)) continue;
      if (!any) body.key("parts").begin_array();
      any = true;
      if (auto done = write_media(*call.result, part, encoding); !done) return fail(done);
    }
  }
  if (any) body.end_array();
  body.end_object().end_object();
  return {};
}

std::vector<const chat::Part*> media_behind(const AnsweredCall& call, const Encoding& encoding) {
  std::vector<const chat::Part*> media;
  if (!call.result) return media;
  for (const chat::Part& part : call.result->parts)
    if (is_media(part) && !stands_inside(part, encoding)) media.push_back(&part);
  return media;
}

std::string caption(const AnsweredCall& call) {
  return "The result of the call " + std::string(call.call->id.escaped()) + " of " +
         std::string(call.call->name.escaped()) + ":";
}

}  // namespace sluice::dialect::gemini
