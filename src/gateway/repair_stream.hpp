#pragma once
// Puts an answer into the form that was asked for while it streams. What is passed on is final: whatever
// comes later, the pieces join to one JSON value. See json/repair/stream.hpp for what is held back, and how
// much.

#include "chat/change.hpp"
#include "chat/forward.hpp"
#include "gateway/answer_form.hpp"
#include "gateway/rejection.hpp"
#include "json/repair/stream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

/// A format that the provider itself holds to passes as it comes, and is only checked at its end. Where
/// something cannot be put right, the choice has no Finish and the answer no End, and failure() says why.
class RepairStream final : public chat::Forward {
 public:
  RepairStream(const AnswerForm& form, Rung rung, chat::EventSink& next, chat::Changes& changes)
      : Forward(next), form_(form), repairs_(form.repair_step || rung != Rung::native), changes_(changes) {}

  std::optional<Error>& failure() { return failure_; }
  std::optional<Complaint>& complaint() { return complaint_; }

  void on(const chat::TextDelta& e) override;
  void on(const chat::RefusalDelta& e) override;
  void on(const chat::ToolCallStart& e) override;
  void on(const chat::ToolCallDelta& e) override;
  void on(const chat::UsageUpdate& e) override;
  void on(const chat::Finish& e) override;
  void on(const chat::End& e) override;
  void begin_native(const chat::Native& native) override;
  void end_native() override;

 private:
  /// One text that arrives in pieces.
  struct Text {
    explicit Text(const json::repair::StreamOptions& options) : stream(options) {}
    json::repair::Stream stream;
    std::string held;   ///< half a surrogate pair, escaped
    std::string raw;    ///< what came, decoded, as long as nothing was passed on
    std::string whole;  ///< what was passed on, where it has to be checked
    std::size_t bytes = 0;
  };
  struct Call {
    std::string name;
    bool custom = false;
    std::unique_ptr<Text> arguments;
  };
  struct Choice {
    std::uint32_t index;
    std::unique_ptr<Text> content;
    bool refused = false;
    std::vector<Call> calls;
  };

  Choice& choice(std::uint32_t index);
  /// What `text` makes certain of `piece`, escaped; empty if nothing.
  std::string_view certain(Text& text, json::Text piece);
  std::string_view escaped(std::string_view plain);
  bool end_content(Choice& choice, chat::FinishReason reason);
  bool end_call(Choice& choice, std::uint32_t number, chat::FinishReason reason);
  bool check(const json::schema::Schema& schema, const Text& text, const std::string& param,
             chat::FinishReason reason);
  Rejected rejected(const Text& text, std::string param, chat::FinishReason reason) const;
  void note(const Text& text, std::string param);

  const AnswerForm& form_;
  bool repairs_;
  chat::Changes& changes_;
  std::vector<Choice> choices_;
  std::string plain_, out_, escaped_;  ///< scratch, so that a piece takes no allocation
  std::optional<chat::Usage> usage_;
  std::optional<Error> failure_;
  std::optional<Complaint> complaint_;
};

}  // namespace sluice::gateway
