#include "json/writer.hpp"
#include "simulate/converse.hpp"
#include "simulate/event_stream.hpp"
#include "simulate/identity.hpp"
#include "simulate/pieces.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::converse {
namespace {

using json::Writer;

std::string_view stop_word(const Plan& plan) {
  switch (plan.finish) {
    case Finish::stop:
      return "end_turn";
    case Finish::stop_sequence:
      return "stop_sequence";
    case Finish::length:
      return "max_tokens";
    case Finish::calls:
      return "tool_use";
  }
  return "end_turn";
}

std::vector<std::pair<std::string, std::string>> fields_of(std::uint64_t seed,
                                                           std::string_view content_type) {
  return {{"content-type", std::string(content_type)}, {"x-amzn-requestid", make_id("", 36, seed, 1)}};
}

class AnswerWriter {
 public:
  AnswerWriter(const Reading& reading, const Plan& plan) : reading_(reading), plan_(plan) {}

  std::string body() const;
  std::vector<std::string> events(std::size_t piece_bytes);

 private:
  bool thinks() const { return reading_.reasoning == Reasoning::shown && !plan_.reasoning.empty(); }
  bool is_claude() const { return reading_.model.contains("anthropic"); }
  std::string signature() const { return sign(plan_.reasoning, reading_.seed); }
  std::string call_id(std::size_t call) const { return make_id("tooluse_", 22, reading_.seed, 1000 + call); }
  void write_usage(Writer& writer) const;
  void write_content(Writer& writer) const;

  /// An event whose members `write` writes; AWS adds padding of a length that means nothing.
  template <class Write>
  void add(std::string_view type, Write write);
  template <class Write>
  void add_delta(Write write);
  void close();

  const Reading& reading_;
  const Plan& plan_;
  std::vector<std::string> events_;
  std::int64_t block_ = 0;
};

/// Input without what the cache served or took.
void AnswerWriter::write_usage(Writer& writer) const {
  const auto cached = static_cast<std::int64_t>(tokens_in(reading_.cached_chars));
  const auto written = static_cast<std::int64_t>(tokens_in(reading_.cache_write_chars));
  const auto all = std::max(static_cast<std::int64_t>(tokens_in(reading_.input_chars)), cached + written);
  const auto output = static_cast<std::int64_t>(plan_.output_tokens);
  writer.key("usage").begin_object().key("inputTokens").integer(all - cached - written);
  writer.key("outputTokens").integer(output).key("totalTokens").integer(all + output);
  writer.key("cacheReadInputTokens")
      .integer(cached)
      .key("cacheWriteInputTokens")
      .integer(written)
      .end_object();
  writer.key("metrics").begin_object().key("latencyMs").integer(7).end_object();
}

// ---- a whole answer -----------------------------------------------------------------------------

std::string AnswerWriter::body() const {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("output").begin_object().key("message").begin_object();
  writer.key("role").string("assistant").key("content").begin_array();
  write_content(writer);
  writer.end_array().end_object().end_object().key("stopReason").string(stop_word(plan_));
  write_usage(writer);
  writer.end_object();
  return out;
}

void AnswerWriter::write_content(Writer& writer) const {
  if (thinks()) {
    writer.begin_object().key("reasoningContent").begin_object().key("reasoningText").begin_object();
    writer.key("text").string(plan_.reasoning);
    if (is_claude()) writer.key("signature").string(signature());
    writer.end_object().end_object().end_object();
  }
  if (!plan_.text.empty()) writer.begin_object().key("text").string(plan_.text).end_object();
  for (std::size_t i = 0; i < plan_.calls.size(); ++i) {
    const Call& call = plan_.calls[i];
    writer.begin_object().key("toolUse").begin_object().key("toolUseId").string(call_id(i));
    writer.key("name").string(call.name).key("input").raw(call.cut ? "{}" : call.arguments);
    writer.end_object().end_object();
  }
}

// ---- a stream -----------------------------------------------------------------------------------

template <class Write>
void AnswerWriter::add(std::string_view type, Write write) {
  constexpr std::string_view padding = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string out;
  Writer writer(out);
  writer.begin_object();
  write(writer);
  writer.key("p").string(padding.substr(0, mix(reading_.seed, events_.size()) % padding.size())).end_object();
  events_.push_back(event_message(type, out));
}

template <class Write>
void AnswerWriter::add_delta(Write write) {
  add("contentBlockDelta", [&](Writer& writer) {
    writer.key("contentBlockIndex").integer(block_).key("delta").begin_object();
    write(writer);
    writer.end_object();
  });
}

void AnswerWriter::close() {
  add("contentBlockStop", [&](Writer& writer) { writer.key("contentBlockIndex").integer(block_); });
  ++block_;
}

/// Only blocks of tools have a start of their own, and the counts come last.
std::vector<std::string> AnswerWriter::events(std::size_t piece_bytes) {
  add("messageStart", [](Writer& writer) { writer.key("role").string("assistant"); });
  if (thinks()) {
    const auto thought = [&](std::string_view member, std::string_view text) {
      add_delta([&](Writer& writer) {
        writer.key("reasoningContent").begin_object().key(member).string(text).end_object();
      });
    };
    for (const std::string_view piece : pieces_of(plan_.reasoning, piece_bytes)) thought("text", piece);
    if (is_claude()) thought("signature", signature());
    close();
  }
  if (!plan_.text.empty()) {
    for (const std::string_view piece : pieces_of(plan_.text, piece_bytes))
      add_delta([&](Writer& writer) { writer.key("text").string(piece); });
    close();
  }
  for (std::size_t i = 0; i < plan_.calls.size(); ++i) {
    add("contentBlockStart", [&](Writer& writer) {
      writer.key("contentBlockIndex")
          .integer(block_)
          .key("start")
          .begin_object()
          .key("toolUse")
          .begin_object();
      writer.key("toolUseId")
          .string(call_id(i))
          .key("name")
          .string(plan_.calls[i].name)
          .end_object()
          .end_object();
    });
    for (const std::string_view piece : pieces_of(plan_.calls[i].arguments, piece_bytes))
      add_delta([&](Writer& writer) {
        writer.key("toolUse").begin_object().key("input").string(piece).end_object();
      });
    close();
  }
  add("messageStop", [&](Writer& writer) { writer.key("stopReason").string(stop_word(plan_)); });
  add("metadata", [&](Writer& writer) { write_usage(writer); });
  return std::move(events_);
}

std::string error_body(const Complaint& complaint) {
  std::string out;
  Writer(out).begin_object().key("message").string(complaint.message).end_object();
  return out;
}

}  // namespace

Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes) {
  AnswerWriter writer(reading, plans.front());
  Script script;
  script.streamed = reading.stream;
  if (reading.stream) {
    script.fields = fields_of(reading.seed, "application/vnd.amazon.eventstream");
    script.messages = writer.events(piece_bytes);
    script.failure = exception_message("modelStreamErrorException", error_body(failure(424)));
  } else {
    script.fields = fields_of(reading.seed, "application/json");
    script.messages.push_back(writer.body());
    script.failure = error_body(failure(424));
  }
  return script;
}

Script write_complaint(const Complaint& complaint, std::uint64_t seed) {
  Script script;
  script.status = complaint.status;
  script.fields = fields_of(seed, "application/json");
  script.fields.emplace_back("x-amzn-errortype",
                             complaint.type + ":http://internal.amazon.com/coral/com.amazon.bedrock/");
  if (!complaint.retry_after.empty()) script.fields.emplace_back("retry-after", complaint.retry_after);
  script.messages.push_back(error_body(complaint));
  return script;
}

Complaint failure(int status) {
  struct Row {
    int status;
    std::string_view type, message;
  };
  constexpr std::array rows{
      Row{400, "ValidationException", "Malformed input request. (simulated)"},
      Row{403, "UnrecognizedClientException", "The security token included in the request is invalid."},
      Row{404, "ResourceNotFoundException",
          "Could not resolve the foundation model from the provided model identifier."},
      Row{408, "ModelTimeoutException", "The model took too long to answer."},
      Row{424, "ModelErrorException", "The system encountered an unexpected error during processing."},
      Row{429, "ThrottlingException", "Too many requests, please wait before trying again."},
      Row{500, "InternalServerException", "The system encountered an unexpected error during processing."},
      Row{503, "ServiceUnavailableException", "Bedrock is unable to process your request."},
  };
  const auto* row = std::ranges::find(rows, status, &Row::status);
  if (row == rows.end()) row = std::ranges::find(rows, status < 500 ? 400 : 500, &Row::status);
  return {status, std::string(row->type), std::string(row->message)};
}

Script list_models(std::span<const std::string_view> ids) {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("modelSummaries").begin_array();
  for (const std::string_view id : ids) writer.begin_object().key("modelId").string(id).end_object();
  writer.end_array().end_object();
  return {.fields = fields_of(0, "application/json"), .messages = {std::move(out)}};
}

}  // namespace sluice::simulate::converse
