#include "dialect/bedrock/tool_results.hpp"

#include "base/text.hpp"
#include "dialect/bedrock/content_blocks.hpp"
#include "dialect/message_path.hpp"

#include <algorithm>
#include <string>

namespace sluice::dialect::bedrock {
namespace {

using chat::Message;
using chat::Part;

/// Some models want JSON, which must be an object.
void write_json(json::Text text, Encoding& encoding) {
  std::string buffer;
  const std::string_view plain = trim(text.decode(buffer));
  json::Document document;
  const auto root = plain.starts_with('{') ? document.parse(plain) : fail(ErrorCode::invalid_json, {});
  encoding.body.begin_object().key("json");
  if (root && root->is_object()) {
    encoding.body.raw(root->raw());
  } else {
    encoding.body.begin_object().key("output").text(text).end_object();
  }
  encoding.body.end_object();
}

void write_said(json::Text text, Encoding& encoding) {
  encoding.rules().json_results ? write_json(text, encoding) : write_text(text, encoding);
}

Result<> write_content(const Message& message, Encoding& encoding) {
  bool any = false;
  for (const Part& part : message.parts) {
    if (is_blank(part)) continue;
    any = true;
    if (const auto* text = std::get_if<chat::TextPart>(&part.content)) {
      write_said(text->text, encoding);
    } else if (auto written = write_user_part(message, part, encoding); !written) {
      return written;
    }
  }
  if (!any) write_said(json::Text("(empty)"), encoding);
  return {};
}

/// Markers inside a result go behind the result as a whole.
json::Value marker_of(const Message& message) {
  if (message.cache_control) return message.cache_control;
  for (const Part& part : message.parts)
    if (part.cache_control) return part.cache_control;
  return {};
}

}  // namespace

Result<> write_tool_result(std::string_view id, const AnsweredCall& call, Encoding& encoding) {
  json::Writer& json = encoding.body;
  const Message* result = call.result;
  const bool failed = !result || result->is_error == true;
  const bool has_status = encoding.rules().result_status;
  json.begin_object().key("toolResult").begin_object().key("toolUseId").string(id);
  json.key("content").begin_array();
  if (result) {
    if (failed && !has_status) {
      encoding.repeated.error.at([&] { return path_of(*result) + ".is_error"; });
      write_said(json::Text("Error:"), encoding);
    }
    if (auto written = write_content(*result, encoding); !written) return written;
  } else {
    write_said(json::Text(missing_result), encoding);
  }
  json.end_array();
  if (failed && has_status) json.key("status").string("error");
  json.end_object().end_object();
  if (result) mark_block(marker_of(*result), [&] { return path_of(*result); }, encoding);
  return {};
}

}  // namespace sluice::dialect::bedrock
