#pragma once
// Reading the parts of a Responses request, strictly.

#include "json/document.hpp"
#include "simulate/reading.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::simulate::responses {

/// What is said, and whether every call has its result and every thought what it led to.
class InputReader {
 public:
  explicit InputReader(Reading& reading) : reading_(reading) {}
  Objection read(json::Value input);

 private:
  Objection read_item(json::Value item, const std::string& place);
  Objection read_message(json::Value item, const std::string& place);
  Objection read_content(json::Value content, const std::string& place, bool of_model, std::string& text);
  Objection read_part(json::Value part, const std::string& place, bool of_model, std::string& text);
  Objection read_image(json::Value part, const std::string& place);
  Objection read_file(json::Value part, const std::string& place);
  Objection read_call(json::Value item, const std::string& place);
  Objection read_result(json::Value item, const std::string& place);
  Objection read_reasoning(json::Value item, const std::string& place);
  Objection unanswered() const;

  struct PendingCall {
    std::string id, name;
    bool answered = false;
  };

  Reading& reading_;
  std::vector<PendingCall> calls_;
  std::string open_thought_;  ///< id of a reasoning item that nothing has followed yet
};

/// `tools`, and what may be called. `own`: OpenAI's own models take only types that it knows.
Objection read_tools(json::Value body, bool own, Reading& reading);
Objection read_tool_choice(json::Value body, Reading& reading);

}  // namespace sluice::simulate::responses
