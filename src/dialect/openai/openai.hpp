#pragma once
// openai: the Chat Completions dialect, both as our clients speak it and as providers do.
// Rules: platform.openai.com/docs/api-reference/chat, and what compatible hosts were seen to do.

#include "chat/change.hpp"
#include "chat/fold.hpp"
#include "chat/request.hpp"
#include "dialect/dialect.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::dialect::openai {

// ---- the client's side
// ---------------------------------------------------------------------------------------

/// A client's body, parsed. `request` views `body`. Fails with invalid_request and the member at fault.
Result<> decode_request(json::Value body, chat::Request& request);

/// What the gateway adds to an answer.
struct Envelope {
  std::string_view request_id;
  std::string_view model;      ///< the public name of the model that answers
  std::int64_t created = 0;    ///< unix seconds, for providers that do not say
  bool include_usage = false;  ///< streams: the client asked for a usage chunk
  bool legacy_functions = false;
  const chat::Changes* changes = nullptr;  ///< reported if not empty; may grow until the answer ends
  std::string_view attempts;               ///< JSON array; empty if there was just one attempt
};

/// Facts known only when a whole answer is there.
struct AnswerFacts {
  std::int64_t response_time_ns = 0;
  int llm_status_code = 200;
  std::string_view request_echo;  ///< JSON object; empty if not asked for
};

/// The client's body for a whole answer: events in, then encode().
class AnswerEncoder final : public chat::EventSink {
 public:
  explicit AnswerEncoder(const Envelope& envelope) : envelope_(envelope) {}
  /// Appends the JSON. Conforming native bodies go through with our members spliced in.
  void encode(const AnswerFacts& facts, std::string& out);
  const chat::Response& response() const { return fold_.response(); }

  void on(const chat::Start& e) override { fold_.on(e); }
  void on(const chat::TextDelta& e) override { fold_.on(e); }
  void on(const chat::RefusalDelta& e) override { fold_.on(e); }
  void on(const chat::ReasoningDelta& e) override { fold_.on(e); }
  void on(const chat::ReasoningSignature& e) override { fold_.on(e); }
  void on(const chat::ReasoningOpaque& e) override { fold_.on(e); }
  void on(const chat::ReasoningDetail& e) override { fold_.on(e); }
  void on(const chat::ToolCallStart& e) override { fold_.on(e); }
  void on(const chat::ToolCallDelta& e) override { fold_.on(e); }
  void on(const chat::Annotation& e) override { fold_.on(e); }
  void on(const chat::Image& e) override { fold_.on(e); }
  void on(const chat::Extra& e) override { fold_.on(e); }
  void on(const chat::UsageUpdate& e) override { fold_.on(e); }
  void on(const chat::Finish& e) override { fold_.on(e); }
  void on(const chat::End& e) override { fold_.on(e); }
  void begin_native(const chat::Native& native) override;

 private:
  const Envelope& envelope_;
  chat::Fold fold_;
  std::string native_;  ///< a conforming body
};

/// The body of every error, in OpenAI's and the hosted service's form at once.
void encode_error(const Error& error, std::string_view request_id, std::string& out);
/// The same as an in-stream event; no `[DONE]` follows it.
void encode_stream_error(const Error& error, std::string_view request_id, std::string& out);

// ---- the provider's side
// -------------------------------------------------------------------------------------

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out);
void authorize(const Credentials& credentials, const Destination& to, Outgoing& out);
Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink);
std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context);
Error decode_error(const ErrorAnswer& answer);

}  // namespace sluice::dialect::openai
