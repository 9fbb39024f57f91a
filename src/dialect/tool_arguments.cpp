#include "dialect/tool_arguments.hpp"

#include "base/text.hpp"
#include "json/writer.hpp"

namespace sluice::dialect {

void append_arguments_text(std::string& out, std::string_view json) {
  out.reserve(out.size() + json.size() + json.size() / 4);
  bool inside_string = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (!inside_string && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    if (c == '"') {
      inside_string = !inside_string;
      out.append("\\\"");
    } else if (c == '\\') {  // only in strings; the next character belongs to it
      out.append("\\\\");
      if (++at < json.size())
        out.append(json[at] == '"' || json[at] == '\\' ? 1 : 0, '\\').push_back(json[at]);
    } else {
      out.push_back(c);
    }
  }
}

bool append_arguments_object(std::string& out, const chat::ToolCallPart& call) {
  json::Writer writer(out);
  if (call.custom) {
    writer.begin_object().key("input").text(call.arguments).end_object();
    return true;
  }
  std::string buffer;
  const std::string_view text = trim(call.arguments.decode(buffer));
  if (text.empty() || text == "null") {
    writer.raw("{}");
    return true;
  }
  json::Document document;
  const auto root = document.parse(text);
  if (root && root->is_object()) {
    writer.raw(root->raw());
    return true;
  }
  writer.begin_object();
  if (root) {
    writer.key("value").raw(root->raw());
  } else {
    writer.key("_raw").text(call.arguments);
  }
  writer.end_object();
  return false;
}

}  // namespace sluice::dialect
