#pragma once
// Reading the parts of a messages request, strictly.

#include "json/document.hpp"
#include "simulate/reading.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::simulate::anthropic {

Complaint complain(std::string message);
Complaint field_required(const std::string& place);
/// Members that the API does not know are refused, wherever they stand.
Objection check_members(json::Value object, std::string_view place, std::span<const std::string_view> known);
/// Letters, digits, `_` and `-`, one to `longest` of them.
bool is_identifier(std::string_view text, std::size_t longest);
/// What Anthropic's structured outputs do not take of JSON Schema.
Objection check_output_schema(json::Value schema, const std::string& place);

/// What is said, whether turns and tool blocks follow each other, and whether thoughts came back unchanged.
class MessageReader {
 public:
  /// `must_think`: thinking is on with a budget, so the turn that a tool result continues must begin with its
  /// thought.
  MessageReader(Reading& reading, bool must_think) : reading_(reading), must_think_(must_think) {}
  Objection read(json::Value messages);

  /// Cache breakpoints seen.
  std::size_t breakpoints() const { return breakpoints_; }
  bool ends_with_assistant() const { return last_role_ == "assistant"; }

 private:
  struct ToolCall {
    std::string id, name;
  };

  Objection read_message(json::Value message, std::size_t index, bool last);
  Objection read_string(json::Value content, std::size_t index, bool last);
  Objection read_user(json::Value content, const std::string& place);
  Objection read_assistant(json::Value content, const std::string& place, std::size_t index, bool last);
  Objection read_block(json::Value block, const std::string& place, std::string& text);
  Objection read_text(json::Value block, const std::string& place, std::string& text);
  Objection read_source(json::Value block, const std::string& place, std::string_view type);
  Objection read_thought(json::Value block, const std::string& place);
  Objection read_tool_use(json::Value block, const std::string& place);
  Objection read_tool_result(json::Value block, const std::string& place);
  Objection check_answered(json::Value content, std::size_t index);
  Objection check_thought_first() const;
  void note_breakpoint(json::Value block);

  Reading& reading_;
  bool must_think_;
  std::string last_role_;
  std::vector<ToolCall> calls_;   ///< of the last assistant message
  std::vector<std::string> ids_;  ///< of all calls so far
  json::Value last_assistant_;    ///< content of the last assistant message
  std::size_t last_assistant_index_ = 0;
  std::size_t breakpoints_ = 0;
  bool continues_calls_ = false;  ///< the last user message holds tool results
};

}  // namespace sluice::simulate::anthropic
