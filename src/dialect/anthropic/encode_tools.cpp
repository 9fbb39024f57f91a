#include "dialect/anthropic/encode_tools.hpp"

#include "dialect/anthropic/web_search.hpp"
#include "dialect/repeated_change.hpp"
#include "dialect/tool_schema.hpp"

#include <string>

namespace sluice::dialect::anthropic {
namespace {

using Kind = chat::ToolChoice::Kind;

/// "The maximum number of strict tools supported is 20", says the API.
constexpr std::size_t max_strict_tools = 20;

class Tools {
 public:
  Tools(const chat::Request& request, const Target& target, json::Writer& json, CacheMarkers& markers,
        Outgoing& out)
      : request_(request), target_(target), json_(json), markers_(markers), out_(out) {}

  Result<> write(const ThinkingPlan& thinking) {
    const bool searches = wants_web_search(request_, out_.changes);
    if (request_.tools.empty() && !searches) return {};
    settle_choice(thinking);
    json_.key("tools").begin_array();
    for (const chat::Tool& tool : request_.tools) {
      const std::string path =
          (request_.legacy_functions ? "functions[" : "tools[") + std::to_string(tool.index) + "]";
      if (auto written = write_tool(tool, path); !written) return fail(written);
    }
    if (searches) write_web_search(request_, json_, out_.changes);
    json_.end_array();
    not_strict_.report(out_.changes);
    too_many_strict_.report(out_.changes);
    strict_.report(out_.changes);
    write_choice();
    return {};
  }

 private:
  /// Where the model cannot be forced, it is asked, and offered nothing else where one tool was named.
  void settle_choice(const ThinkingPlan& thinking) {
    choice_ = request_.tool_choice.kind;
    if (choice_ != Kind::required && choice_ != Kind::named) return;
    const auto& model = target_.capabilities;
    const bool possible =
        model.forced_tool_choice && (!thinking.thinks || model.forced_tool_choice_while_thinking);
    if (possible) return;
    only_named_ = choice_ == Kind::named;
    choice_ = Kind::automatic;
    out_.changes.mapped("tool_choice",
                        only_named_ ? "this model cannot be forced; the named tool is the only one offered"
                                    : "this model cannot be forced to call a tool; sent as `auto`");
  }

  Result<> write_tool(const chat::Tool& tool, const std::string& path) {
    if (tool.kind != chat::Tool::Kind::function)
      return fail(Error(ErrorCode::unsupported_parameter, path + ".type: `" + std::string(target_.model) +
                                                              "` takes only tools of the type `function`")
                      .with_param(path + ".type"));
    const std::string_view name = out_.renamed_tools.sent(tool.name, max_tool_name);
    if (only_named_ && !tool.name.equals(request_.tool_choice.name.decode())) return {};
    json_.begin_object().key("name").string(name);
    if (!tool.description.is_blank()) json_.key("description").text(tool.description);
    json_.key("input_schema");
    write_schema(tool, path);
    json_.end_object();
    markers_.mark_last_object(tool.cache_control);
    return {};
  }

  void write_schema(const chat::Tool& tool, const std::string& path) {
    if (!can_be_strict(tool, path)) return write_tool_schema(tool.parameters, path, json_, out_.changes);
    if (!write_strict_tool_schema(tool.parameters, path, schema::Subset::claude, json_, strict_,
                                  out_.changes))
      return;
    ++strict_tools_;
    json_.key("strict").boolean(true);
  }

  bool can_be_strict(const chat::Tool& tool, const std::string& path) {
    if (tool.strict != true) return false;
    if (target_.capabilities.strict_tools && strict_tools_ < max_strict_tools) return true;
    auto& change = target_.capabilities.strict_tools ? too_many_strict_ : not_strict_;
    change.at([&] { return path + ".function.strict"; });
    return false;
  }

  void write_choice() {
    const bool one_at_a_time = request_.parallel_tool_calls == false;
    if (choice_ == Kind::unset && !one_at_a_time) return;
    json_.key("tool_choice").begin_object().key("type");
    switch (choice_) {
      case Kind::none:
        json_.string("none");
        break;
      case Kind::required:
        json_.string("any");
        break;
      case Kind::named:
        json_.string("tool").key("name").string(
            out_.renamed_tools.sent(request_.tool_choice.name, max_tool_name));
        break;
      case Kind::unset:
      case Kind::automatic:
        json_.string("auto");
        break;
    }
    // Beside `none` the API refuses it, and it would say nothing.
    if (one_at_a_time && choice_ != Kind::none) json_.key("disable_parallel_tool_use").boolean(true);
    json_.end_object();
  }

  const chat::Request& request_;
  const Target& target_;
  json::Writer& json_;
  CacheMarkers& markers_;
  Outgoing& out_;
  std::size_t strict_tools_ = 0;
  RepeatedChange not_strict_{chat::Change::Kind::dropped, "this model does not hold itself to schemas"};
  RepeatedChange too_many_strict_{chat::Change::Kind::dropped, "this API takes 20 strict tools"};
  schema::StrictChanges strict_;
  Kind choice_ = Kind::unset;
  bool only_named_ = false;
};

}  // namespace

Result<> write_tools(const chat::Request& request, const Target& target, const ThinkingPlan& thinking,
                     json::Writer& json, CacheMarkers& markers, Outgoing& out) {
  return Tools(request, target, json, markers, out).write(thinking);
}

}  // namespace sluice::dialect::anthropic
