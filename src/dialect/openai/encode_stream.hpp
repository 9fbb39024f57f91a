#pragma once
// Chat events -> the SSE chunks that an OpenAI client reads.

#include <cstdint>
#include <string>
#include <vector>

#include "dialect/openai/openai.hpp"

namespace sluice::dialect::openai {

/// Appends chunks to a buffer as events come; the relay sends and clears the buffer. Keeps what OpenAI
/// publishes: one id, the role once per choice, one finish per choice, one usage chunk, `[DONE]` last.
class StreamEncoder final : public chat::EventSink {
 public:
  /// `envelope` and `out` must outlive it.
  StreamEncoder(const Envelope& envelope, std::string& out);

  void on(const chat::Start& e) override;
  void on(const chat::TextDelta& e) override;
  void on(const chat::RefusalDelta& e) override;
  void on(const chat::ReasoningDelta& e) override;
  void on(const chat::ReasoningSignature& e) override;
  void on(const chat::ReasoningOpaque& e) override;
  void on(const chat::ReasoningDetail& e) override;
  void on(const chat::ToolCallStart& e) override;
  void on(const chat::ToolCallDelta& e) override;
  void on(const chat::Annotation& e) override;
  void on(const chat::Image& e) override;
  void on(const chat::Extra& e) override;
  void on(const chat::UsageUpdate& e) override;
  void on(const chat::Finish& e) override;
  void on(const chat::End& e) override;
  void begin_native(const chat::Native& native) override;
  void end_native() override;

  /// What the record of the request needs.
  const chat::Usage* usage() const { return has_usage_ ? &usage_ : nullptr; }
  /// The finish of choice 0 and the provider's word for it; empty before.
  std::string_view finish() const { return finish_; }
  std::string_view native_finish_escaped() const { return native_finish_; }
  /// True once something that a client would call content has been written.
  bool has_content() const { return has_content_; }

 private:
  struct ChoiceState {
    bool role_sent = false;
    bool finished = false;
    std::int32_t formatted_detail = -1;  ///< reasoning block whose format has been sent
  };

  ChoiceState& state(std::uint32_t choice);
  /// Opens a chunk up to `"delta":{`, with the role if it is due.
  void open_delta(std::uint32_t choice);
  void close_delta();
  void head();

  const Envelope& envelope_;
  std::string& out_;
  std::vector<ChoiceState> choices_;
  std::string id_escaped_;
  std::int64_t created_ = 0;
  chat::Usage usage_;
  std::string native_usage_;
  bool has_usage_ = false;
  bool has_content_ = false;
  bool silent_ = false;  ///< inside a conforming native chunk that was passed on
  std::string_view finish_;
  std::string native_finish_;
};

}  // namespace sluice::dialect::openai
