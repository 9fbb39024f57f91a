#include "json/writer.hpp"
#include "simulate/gemini.hpp"
#include "simulate/identity.hpp"
#include "simulate/pieces.hpp"
#include "simulate/pretty_json.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::gemini {
namespace {

constexpr std::string_view json_type = "application/json; charset=UTF-8";

class AnswerWriter {
 public:
  AnswerWriter(const Reading& reading, std::span<const Plan> plans) : reading_(reading), plans_(plans) {}

  std::string body() const;
  /// Whole responses, each with a part of the answer.
  std::vector<std::string> chunks(std::size_t piece_bytes);

 private:
  using Writer = json::Writer;
  struct Part {
    std::string_view text;
    bool thought = false;
    bool ends_text = false;  ///< it carries the signature of a text
    const Call* call = nullptr;
    std::size_t number = 0;  ///< of the call
  };

  std::vector<Part> parts_of(const Plan& plan) const;
  void write_part(Writer& writer, const Part& part, std::size_t candidate) const;
  void write_candidate(Writer& writer, std::span<const Part> parts, std::size_t candidate, bool last) const;
  void write_envelope(Writer& writer, std::size_t thoughts, std::size_t output) const;
  void add_chunk(const Part& part, std::size_t candidate, bool last);

  const Reading& reading_;
  std::span<const Plan> plans_;
  std::vector<std::string> chunks_;
  std::size_t thought_bytes_ = 0;  ///< streamed so far
  std::size_t output_bytes_ = 0;
};

/// Calls that the token limit fell into are not made: Gemini writes them whole or not at all.
std::vector<AnswerWriter::Part> AnswerWriter::parts_of(const Plan& plan) const {
  std::vector<Part> parts;
  if (!plan.reasoning.empty()) parts.push_back({.text = plan.reasoning, .thought = true});
  if (!plan.text.empty())
    parts.push_back({.text = plan.text, .ends_text = reading_.signs_calls && plan.calls.empty()});
  for (std::size_t i = 0; i < plan.calls.size(); ++i)
    if (!plan.calls[i].cut) parts.push_back({.call = &plan.calls[i], .number = i});
  return parts;
}

void AnswerWriter::write_part(Writer& writer, const Part& part, std::size_t candidate) const {
  writer.begin_object();
  if (part.call) {
    writer.key("functionCall")
        .begin_object()
        .key("name")
        .string(part.call->name)
        .key("args")
        .raw(part.call->arguments);
    if (reading_.call_ids)
      writer.key("id").string(make_id("", 8, reading_.seed, 1000 * (candidate + 1) + part.number));
    writer.end_object();
    // Of calls made together, only the first is signed.
    if (reading_.signs_calls && part.number == 0)
      writer.key("thoughtSignature").string(sign(part.call->name, reading_.seed));
  } else {
    writer.key("text").string(part.text);
    if (part.thought) writer.key("thought").boolean(true);
    if (part.ends_text) writer.key("thoughtSignature").string(sign("", reading_.seed));
  }
  writer.end_object();
}

void AnswerWriter::write_candidate(Writer& writer, std::span<const Part> parts, std::size_t candidate,
                                   bool last) const {
  const Plan& plan = plans_[candidate];
  writer.begin_object().key("content").begin_object();
  if (!parts.empty()) {
    writer.key("parts").begin_array();
    for (const Part& part : parts) write_part(writer, part, candidate);
    writer.end_array();
  }
  writer.key("role").string("model").end_object();
  if (last) writer.key("finishReason").string(plan.finish == Finish::length ? "MAX_TOKENS" : "STOP");
  writer.key("index").integer(static_cast<std::int64_t>(candidate));
  if (last && plan.finish == Finish::calls)
    writer.key("finishMessage").string("Model generated function call(s).");
  writer.end_object();
}

/// Google counts thoughts beside the candidates, and leaves out what is zero.
void AnswerWriter::write_envelope(Writer& writer, std::size_t thoughts, std::size_t output) const {
  const auto number = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  const std::size_t prompt = tokens_in(reading_.input_chars);
  writer.key("usageMetadata").begin_object().key("promptTokenCount").integer(number(prompt));
  if (output > 0) writer.key("candidatesTokenCount").integer(number(output));
  writer.key("totalTokenCount").integer(number(prompt + thoughts + output));
  if (reading_.cached_chars > 0)
    writer.key("cachedContentTokenCount").integer(number(tokens_in(reading_.cached_chars)));
  writer.key("promptTokensDetails").begin_array().begin_object().key("modality").string("TEXT");
  writer.key("tokenCount").integer(number(prompt)).end_object().end_array();
  if (thoughts > 0) writer.key("thoughtsTokenCount").integer(number(thoughts));
  writer.end_object();
  writer.key("modelVersion").string(reading_.model);
  writer.key("responseId").string(make_id("", 23, reading_.seed, 0)).end_object();
}

struct Totals {
  std::size_t thoughts = 0, output = 0;
};

Totals totals(std::span<const Plan> plans) {
  Totals sum;
  for (const Plan& plan : plans) {
    sum.thoughts += plan.reasoning_tokens;
    sum.output += plan.output_tokens - plan.reasoning_tokens;
  }
  return sum;
}

std::string AnswerWriter::body() const {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("candidates").begin_array();
  for (std::size_t i = 0; i < plans_.size(); ++i) write_candidate(writer, parts_of(plans_[i]), i, true);
  writer.end_array();
  const Totals sum = totals(plans_);
  write_envelope(writer, sum.thoughts, sum.output);
  return out;
}

// ---- a stream -----------------------------------------------------------------------------------

std::vector<std::string> AnswerWriter::chunks(std::size_t piece_bytes) {
  for (std::size_t candidate = 0; candidate < plans_.size(); ++candidate) {
    std::vector<Part> pieces;
    for (const Part& part : parts_of(plans_[candidate])) {
      if (part.call) pieces.push_back(part);
      for (const std::string_view piece : pieces_of(part.text, piece_bytes))
        pieces.push_back({.text = piece, .thought = part.thought});
      if (part.ends_text) pieces.push_back({.text = "", .ends_text = true});
    }
    if (pieces.empty()) pieces.push_back({});
    for (std::size_t i = 0; i < pieces.size(); ++i) add_chunk(pieces[i], candidate, i + 1 == pieces.size());
  }
  return std::move(chunks_);
}

void AnswerWriter::add_chunk(const Part& part, std::size_t candidate, bool last) {
  (part.thought ? thought_bytes_ : output_bytes_) +=
      part.call ? part.call->arguments.size() : part.text.size();
  Totals sum{tokens_in(thought_bytes_), tokens_in(output_bytes_)};
  if (last && candidate + 1 == plans_.size()) sum = totals(plans_);
  std::string out;
  Writer writer(out);
  writer.begin_object().key("candidates").begin_array();
  write_candidate(writer, std::span(&part, 1), candidate, last);
  writer.end_array();
  write_envelope(writer, sum.thoughts, sum.output);
  chunks_.push_back(std::move(out));
}

std::string error_body(const Complaint& complaint) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("error").begin_object().key("code").integer(complaint.status);
  writer.key("message").string(complaint.message).key("status").string(complaint.type);
  const auto detail = [&](std::string_view type) {
    writer.key("details").begin_array().begin_object().key("@type").string("type.googleapis.com/google.rpc." +
                                                                           std::string(type));
  };
  if (!complaint.retry_after.empty()) {
    detail("RetryInfo");
    writer.key("retryDelay").string(complaint.retry_after + "s").end_object().end_array();
  } else if (!complaint.code.empty()) {
    detail("ErrorInfo");
    writer.key("reason")
        .string(complaint.code)
        .key("domain")
        .string("googleapis.com")
        .end_object()
        .end_array();
  }
  writer.end_object().end_object();
  return out;
}

/// The elements of a JSON array, in the pieces in which Google sends one.
std::vector<std::string> array_pieces(const std::vector<std::string>& elements) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < elements.size(); ++i)
    pieces.push_back((i == 0 ? "[" : ",\r\n") + pretty_json(elements[i]) + "\n");
  pieces.back() += "]";
  return pieces;
}

}  // namespace

Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes) {
  AnswerWriter writer(reading, plans);
  Script script;
  script.streamed = reading.stream;
  script.failure = error_body(failure(503));
  if (!reading.stream) {
    script.fields = {{"content-type", std::string(json_type)}};
    script.messages.push_back(pretty_json(writer.body()) + "\n");
  } else if (reading.as_sse) {
    script.fields = {{"content-type", "text/event-stream"}};
    script.failure = "data: " + script.failure + "\r\n\r\n";
    for (const std::string& chunk : writer.chunks(piece_bytes))
      script.messages.push_back("data: " + chunk + "\r\n\r\n");
  } else {
    script.fields = {{"content-type", std::string(json_type)}};
    script.failure = ",\r\n" + pretty_json(script.failure) + "\n]";
    script.messages = array_pieces(writer.chunks(piece_bytes));
  }
  return script;
}

Script write_complaint(const Complaint& complaint, bool in_array) {
  Script script;
  script.status = complaint.status;
  script.fields = {{"content-type", std::string(json_type)}};
  const std::string body = error_body(complaint);
  script.messages = in_array ? array_pieces({body}) : std::vector{pretty_json(body) + "\n"};
  return script;
}

Complaint failure(int status) {
  struct Row {
    int status;
    std::string_view type, message;
  };
  constexpr std::array rows{
      Row{400, "INVALID_ARGUMENT", "Request contains an invalid argument."},
      Row{401, "UNAUTHENTICATED", "Request had invalid authentication credentials."},
      Row{403, "PERMISSION_DENIED", "The caller does not have permission"},
      Row{404, "NOT_FOUND", "Requested entity was not found."},
      Row{429, "RESOURCE_EXHAUSTED",
          "You exceeded your current quota, please check your plan and billing details."},
      Row{499, "CANCELLED", "The operation was cancelled."},
      Row{500, "INTERNAL",
          "An internal error has occurred. Please retry or report in "
          "https://developers.generativeai.google/guide/troubleshooting"},
      Row{503, "UNAVAILABLE", "The model is overloaded. Please try again later."},
      Row{504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."},
  };
  const auto* row = std::ranges::find(rows, status, &Row::status);
  if (row == rows.end()) row = std::ranges::find(rows, status < 500 ? 400 : 500, &Row::status);
  return {status, std::string(row->type), std::string(row->message)};
}

Script list_models(std::span<const std::string_view> ids) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("models").begin_array();
  for (const std::string_view id : ids) {
    writer.begin_object().key("name").string("models/" + std::string(id)).key("displayName").string(id);
    writer.key("version")
        .string("001")
        .key("inputTokenLimit")
        .integer(1'048'576)
        .key("outputTokenLimit")
        .integer(65'536);
    writer.key("supportedGenerationMethods").begin_array().string("generateContent").end_array().end_object();
  }
  writer.end_array().end_object();
  Script script;
  script.fields = {{"content-type", std::string(json_type)}};
  script.messages.push_back(pretty_json(out) + "\n");
  return script;
}

}  // namespace sluice::simulate::gemini
