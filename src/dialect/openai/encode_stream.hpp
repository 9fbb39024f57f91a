#pragma once
// Chat events -> the SSE chunks that an OpenAI client reads.

#include "chat/response.hpp"
#include "dialect/openai/openai.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::dialect::openai {

/// Appends chunks to a buffer as events come; the relay sends and clears the buffer. Keeps what OpenAI
/// publishes: one id, the role once per choice, one finish per choice, one usage chunk, `[DONE]` last.
///
/// Finish reasons are written at the end of the answer: what became known on the way (`sluice`, late extras)
/// goes with the last of them, and nothing can follow them. Where nothing has to be added, a conforming chunk
/// of a provider passes as it came, but for the members that are the gateway's to write.
class StreamEncoder final : public chat::EventSink {
 public:
  /// `envelope` and `out` must outlive it.
  StreamEncoder(const Envelope& envelope, std::string& out) : envelope_(envelope), out_(out) {}

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
  void end_native() override { passed_ = false; }

  /// What the record of the request needs.
  const chat::Usage* usage() const { return has_usage_ ? &usage_ : nullptr; }
  /// The finish of choice 0 and the provider's word for it; empty before.
  std::string_view finish() const { return finish_; }
  std::string_view native_finish_escaped() const { return native_finish_; }
  /// True once something that a client would call content has been written.
  bool has_content() const { return has_content_; }

 private:
  struct ChoiceState {
    std::uint32_t index = 0;
    bool role_sent = false;
    std::int32_t formatted_detail = -1;  ///< reasoning block whose format has been sent
    std::uint32_t images = 0;
    std::string annotations;  ///< held for one delta: entries without index cannot be told apart
    std::vector<chat::ExtraMember> extras;  ///< for the choice's next chunk
    std::optional<chat::FinishReason> finish;
    std::string native_finish, stop_sequence;
  };

  ChoiceState& state(std::uint32_t choice);
  /// Settles the id and writes what all chunks begin and end with.
  void prepare();
  /// The choice, its role sent; nullptr if the event's chunk has been passed on as it came.
  ChoiceState* due(std::uint32_t choice);
  /// A chunk up to `"delta":{`, and from behind the delta's members.
  void open_chunk(const ChoiceState& choice);
  void close_chunk(ChoiceState& choice);
  /// From behind the choices.
  std::string_view tail() const;
  void append_choice_extras(ChoiceState& choice);
  void append_answer_extras();
  /// A chunk with one string in its delta; `opening` is `"name":"`.
  void append_text_chunk(std::uint32_t choice, std::string_view opening, json::Text text);
  std::string_view format_once(ChoiceState& choice, std::int32_t detail, std::string_view format);
  void append_annotations(ChoiceState& choice);
  void append_finish(ChoiceState& choice, bool with_report);
  void append_closing_chunk(bool with_usage);

  /// Passes the chunk on if it fits the stream so far.
  bool pass(json::Value chunk);

  const Envelope& envelope_;
  std::string& out_;
  std::vector<ChoiceState> choices_;
  std::string id_;  ///< as JSON, with quotes; empty until known
  std::int64_t created_ = 0;
  std::string head_;         ///< a chunk up to its choices; empty until prepared
  std::string native_head_;  ///< what stands before the first member of a chunk that is passed on
  std::vector<chat::ExtraMember> extras_;  ///< of the answer, for the next chunk
  chat::Usage usage_;
  std::string native_usage_;
  std::string_view finish_;
  std::string native_finish_;
  bool has_usage_ = false;
  bool has_content_ = false;
  bool passed_ = false;  ///< the events up to end_native() have been told by the provider's own chunk
};

}  // namespace sluice::dialect::openai
