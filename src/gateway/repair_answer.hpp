#pragma once
// Puts a whole answer into the form that was asked for: repairs its JSON, and checks it against the schema.
// Rules: what is valid stays as it is, byte for byte; prose beside calls of tools is no fault; what was cut
// off by the token limit keeps `length`, and no half value of a call is ever acted on.

#include "chat/change.hpp"
#include "chat/forward.hpp"
#include "gateway/answer_form.hpp"
#include "gateway/rejection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::gateway {

/// Holds content and arguments back until the answer is complete. Where it cannot be put right, there is no
/// End, and failure() says why.
class RepairAnswer final : public chat::Forward {
 public:
  RepairAnswer(const AnswerForm& form, chat::EventSink& next, chat::Changes& changes)
      : Forward(next), form_(form), changes_(changes) {}

  std::optional<Error>& failure() { return failure_; }
  /// For the model, where its answer had not the form; it may be asked again.
  std::optional<Complaint>& complaint() { return complaint_; }

  void on(const chat::TextDelta& e) override;
  void on(const chat::RefusalDelta& e) override;
  void on(const chat::ToolCallStart& e) override;
  void on(const chat::ToolCallDelta& e) override;
  void on(const chat::UsageUpdate& e) override;
  void on(const chat::Finish& e) override;
  void on(const chat::End& e) override;
  void begin_native(const chat::Native& native) override;
  void end_native() override {}

 private:
  struct Call {
    std::string name;
    std::string arguments;  ///< escaped
    bool custom = false;
  };
  struct Choice {
    std::uint32_t index;
    std::string text;  ///< escaped
    bool has_text = false, refused = false;
    std::vector<Call> calls;
    chat::FinishReason reason = chat::FinishReason::stop;
    std::string native_finish, stop_sequence;
  };

  Choice& choice(std::uint32_t index);
  Rejected rejected(const Choice& choice, std::string param, std::size_t bytes) const;
  bool settle(const Choice& choice);
  bool settle_content(const Choice& choice);
  bool settle_call(const Choice& choice, std::uint32_t number);
  bool reject(Error error, std::string answer, std::string faults);

  const AnswerForm& form_;
  chat::Changes& changes_;
  std::vector<Choice> choices_;
  std::optional<chat::Native> native_;  ///< the body, if it came as one
  bool many_natives_ = false, changed_ = false;
  std::optional<chat::Usage> usage_;
  std::optional<Error> failure_;
  std::optional<Complaint> complaint_;
};

}  // namespace sluice::gateway
