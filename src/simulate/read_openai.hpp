#pragma once
// Reading the parts of a chat completion request, strictly.

#include "json/document.hpp"
#include "simulate/reading.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::simulate::openai {

/// What is said, and whether the turns follow each other as OpenAI demands. `own`: its own models take images
/// from users only.
class MessageReader {
 public:
  MessageReader(Reading& reading, bool own) : reading_(reading), own_(own) {}
  Objection read(json::Value messages);

 private:
  Objection read_message(json::Value message, std::size_t index);
  Objection read_content(json::Value content, const std::string& place, std::string& text);
  Objection read_part(json::Value part, const std::string& place, std::string& text);
  Objection read_assistant(json::Value message, std::size_t index);
  Objection read_call(json::Value call, const std::string& place);
  Objection read_tool_result(json::Value message, std::size_t index, std::string text);
  Objection unanswered(std::size_t index) const;

  struct PendingCall {
    std::string id, name;
    bool answered = false;
  };

  Reading& reading_;
  bool own_;
  std::vector<PendingCall> calls_;  ///< of the last assistant message, if only tool messages came since
};

/// `tools` or `functions`, and what may be called. Hosts have words of their own beside OpenAI's: `own`
/// refuses those.
Objection read_tools(json::Value body, bool own, Reading& reading);
Objection read_tool_choice(json::Value body, bool own, Reading& reading);

}  // namespace sluice::simulate::openai
