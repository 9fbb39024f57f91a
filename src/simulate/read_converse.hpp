#pragma once
// Reading the parts of a Converse request, strictly.

#include "json/document.hpp"
#include "simulate/reading.hpp"

#include <set>
#include <string>
#include <vector>

namespace sluice::simulate::converse {

Complaint complain(std::string message);

/// The conversation: what is said, and whether every call has its result in the next message.
class MessagesReader {
 public:
  /// `claude`: thoughts must be signed.
  MessagesReader(bool claude, Reading& reading) : claude_(claude), reading_(reading) {}
  Objection read(json::Value messages);
  bool has_calls() const { return has_calls_; }

 private:
  Objection read_message(json::Value message, const std::string& place);
  Objection read_block(json::Value block, const std::string& place);
  Objection read_text(json::Value text, const std::string& place);
  Objection read_call(json::Value call, const std::string& place);
  Objection read_result(json::Value result, const std::string& place);
  Objection read_media(std::string_view kind, json::Value media, const std::string& place);
  Objection read_thought(json::Value thought, const std::string& place);
  Objection check_results(const std::string& place);

  struct PendingCall {
    std::string id, name;
    bool answered = false;
  };

  bool claude_;
  Reading& reading_;
  std::vector<PendingCall> calls_;  ///< of the message before
  std::set<std::string> document_names_;
  std::string said_;  ///< text of the message at hand
  bool of_user_ = false, has_document_ = false, has_results_ = false, has_calls_ = false;
};

/// `toolConfig`.
Objection read_tools(json::Value config, Reading& reading);

}  // namespace sluice::simulate::converse
