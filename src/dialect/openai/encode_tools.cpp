// Tools and the choice among them, in the form that the host takes.

#include "dialect/openai/request_edit.hpp"
#include "json/writer.hpp"

#include <algorithm>

namespace sluice::dialect::openai {
namespace {

using Kind = chat::ToolChoice::Kind;

class ToolEdit {
 public:
  explicit ToolEdit(RequestEdit& edit) : edit_(edit), choice_(edit.request.tool_choice) {}

  void run() {
    const bool offers_none = edit_.request.tools.empty() && edit_.request.hosted_tools.empty();
    if (offers_none && edit_.host().empty_tools && edit_.member("tools").is_array()) return;
    // An empty list, or a choice without tools, is an error at most hosts.
    if (offers_none || edit_.is_settled("tools")) return discard_all();
    settle_choice();
    if (!edit_.host().tool_choice && choice_.kind == Kind::none) return discard_all();
    edit_list();
    edit_choice();
  }

 private:
  void discard_all() {
    for (std::string_view name :
         {"tools", "tool_choice", "parallel_tool_calls", "functions", "function_call"})
      edit_.discard(name);
  }

  bool is_forced() const { return choice_.kind == Kind::required || choice_.kind == Kind::named; }

  /// What is chosen, as far as the model and the host can be held to it.
  void settle_choice() {
    if (!is_forced()) return;
    const auto& model = edit_.model();
    const auto& host = edit_.host();
    if (!host.tool_choice) return give_up("this host cannot be told to call a tool");
    if (!model.forced_tool_choice) return give_up("this model cannot be told to call a tool");
    if (edit_.reasons && !model.forced_tool_choice_while_thinking)
      return give_up("this model cannot be told to call a tool while it reasons");
    if (choice_.kind == Kind::required && host.required_tool_choice.empty())
      return give_up("this host cannot be told to call some tool");
    if (choice_.kind == Kind::named && !host.named_tool_choice) {
      only_ = choice_.name;
      choice_.kind = Kind::required;
    }
  }

  void give_up(std::string_view why) {
    edit_.changes.mapped(edit_.request.legacy_functions ? "function_call" : "tool_choice",
                         "sent as `auto`: " + std::string(why));
    choice_ = {.kind = Kind::automatic};
  }

  bool writes_functions_anew() const {
    return edit_.request.legacy_functions && !edit_.host().legacy_functions;
  }

  bool narrows() const {
    const json::Value choice = edit_.member("tool_choice");
    return !only_.empty() || (choice["type"].equals("allowed_tools") && !edit_.host().allowed_tools);
  }

  void edit_list() {
    if (writes_functions_anew() || narrows()) return write_list();
    const json::Value list = edit_.member(edit_.request.legacy_functions ? "functions" : "tools");
    for (json::Value tool : list.elements())
      if (edit_.request.legacy_functions || tool["type"].equals("function") || tool["type"].equals("custom"))
        edit_tool(tool, edit_.patch);
  }

  void write_list() {
    std::string list;
    json::Writer writer(list);
    writer.begin_array();
    for (const chat::Tool& tool : edit_.request.tools) {
      if (!only_.empty() && tool.name.escaped() != only_.escaped()) continue;
      std::string written;
      json::Patch patch(tool.source);
      edit_tool(tool.source, patch);
      patch.append_to(written);
      if (edit_.request.legacy_functions) {
        writer.begin_object().key("type").string("function").key("function").raw(written).end_object();
      } else {
        writer.raw(written);
      }
    }
    if (only_.empty())
      for (const chat::HostedTool& tool : edit_.request.hosted_tools) writer.raw(tool.source.raw());
    writer.end_array();
    edit_.set("tools", list);
    edit_.discard("functions");
    if (edit_.request.legacy_functions && edit_.request.parallel_tool_calls == false)
      edit_.set("parallel_tool_calls", "false");
  }

  /// `tool` is an entry of `tools`, or one of `functions`, which has no envelope. A schema goes as it is: how
  /// far a model is held to it is the host's to say.
  void edit_tool(json::Value tool, json::Patch& patch) {
    const json::Value inner = tool["type"].equals("custom") ? tool["custom"]
                              : tool["function"]            ? tool["function"]
                                                            : tool;
    rename(inner["name"], patch);
    if (edit_.host().cache_control) return;
    for (json::Value place : {tool, inner}) {
      if (!place["cache_control"].exists()) continue;
      patch.remove(place, "cache_control");
      edit_.report_once(chat::Change::Kind::dropped, "tools[].cache_control", "tools.cache_control",
                        "this host takes no cache markers");
      if (tool.offset() == inner.offset()) break;
    }
  }

  void rename(json::Value name, json::Patch& patch) {
    if (!name.is_string()) return;
    const std::string_view sent = edit_.renamed_tools.sent(name.text(), edit_.host().max_tool_name);
    if (sent != name.text().escaped()) patch.replace(name, '"' + std::string(sent) + '"');
  }

  void edit_choice() {
    if (writes_functions_anew()) edit_.discard("function_call");
    if (!edit_.host().tool_choice) return edit_.discard("tool_choice");
    const bool legacy = edit_.request.legacy_functions && !writes_functions_anew();
    const std::string_view member = legacy ? "function_call" : "tool_choice";
    const Kind asked = edit_.request.tool_choice.kind;
    const bool stands = asked == choice_.kind && !writes_functions_anew() && !narrows();
    if (stands && can_stay(edit_.member(member))) return rename_choice(member);
    if (choice_.kind == Kind::unset) return;
    const std::string word = written_choice();
    if (!edit_.member(member).equals(std::string_view(word).substr(1, word.size() - 2)))
      edit_.set(member, word);
  }

  /// A choice in another API's words is known to few hosts. That of a hosted tool is the provider's own.
  bool can_stay(json::Value choice) const {
    if (edit_.host().foreign_tool_choices || choice_.kind == Kind::unset) return true;
    if (choice.is_string()) return choice_.kind == Kind::none || choice_.kind == Kind::automatic;
    return edit_.request.legacy_functions || choice["type"].equals("allowed_tools") ||
           choice["function"].is_object() || choice["custom"].is_object();
  }

  void rename_choice(std::string_view member) {
    if (choice_.hosted) return;
    const json::Value choice = edit_.member(member);
    for (json::Value name : {choice["function"]["name"], choice["custom"]["name"], choice["name"]})
      rename(name, edit_.patch);
    const json::Value allowed = choice["allowed_tools"]["tools"];
    for (json::Value entry : allowed.elements())
      for (json::Value name : {entry["function"]["name"], entry["custom"]["name"]}) rename(name, edit_.patch);
  }

  std::string written_choice() {
    switch (choice_.kind) {
      case Kind::none:
        return R"("none")";
      case Kind::required:
        return '"' + std::string(edit_.host().required_tool_choice) + '"';
      case Kind::named:
        break;
      default:
        return R"("auto")";
    }
    std::string out;
    json::Writer(out)
        .begin_object()
        .key("type")
        .string("function")
        .key("function")
        .begin_object()
        .key("name")
        .raw('"' + std::string(edit_.renamed_tools.sent(choice_.name, edit_.host().max_tool_name)) + '"');
    return out += "}}";
  }

  RequestEdit& edit_;
  chat::ToolChoice choice_;
  json::Text only_;  ///< the one tool to offer; empty: all
};

}  // namespace

void edit_tools(RequestEdit& edit) {
  ToolEdit(edit).run();
}

}  // namespace sluice::dialect::openai
