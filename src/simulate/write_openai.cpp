#include "json/writer.hpp"
#include "simulate/identity.hpp"
#include "simulate/openai.hpp"
#include "simulate/pieces.hpp"

namespace sluice::simulate::openai {
namespace {

constexpr std::int64_t first_second = 1'767'225'600;  ///< 2026-01-01
constexpr std::uint64_t seconds_of_a_year = 31'536'000;
constexpr std::string_view fingerprint = "fp_simulated01";

std::string_view finish_word(const Plan& plan, bool legacy) {
  switch (plan.finish) {
    case Finish::length:
      return "length";
    case Finish::calls:
      return legacy ? "function_call" : "tool_calls";
    case Finish::stop:
    case Finish::stop_sequence:
      return "stop";
  }
  return "stop";
}

std::vector<std::pair<std::string, std::string>> fields_of(std::uint64_t seed,
                                                           std::string_view content_type) {
  return {{"content-type", std::string(content_type)},
          {"x-request-id", make_id("req_", 32, seed, 1)},
          {"openai-version", "2020-10-01"},
          {"openai-processing-ms", "20"},
          {"x-ratelimit-limit-requests", "10000"},
          {"x-ratelimit-remaining-requests", "9999"},
          {"x-ratelimit-reset-requests", "6ms"}};
}

class AnswerWriter {
 public:
  AnswerWriter(const Reading& reading, std::span<const Plan> plans) : reading_(reading), plans_(plans) {}

  std::string body() const;
  std::vector<std::string> events(std::size_t piece_bytes) const;

 private:
  using Writer = json::Writer;

  void write_envelope(Writer& writer, std::string_view object) const;
  void write_usage(Writer& writer) const;
  void write_message(Writer& writer, const Plan& plan, std::size_t choice) const;
  void write_call(Writer& writer, const Call& call, const std::string& id, std::string_view input) const;
  std::string call_id(std::size_t choice, std::size_t call) const;
  void add_choice(std::vector<std::string>& events, const Plan& plan, std::size_t choice,
                  std::size_t bytes) const;
  void add_calls(std::vector<std::string>& events, const Plan& plan, std::size_t choice,
                 std::size_t bytes) const;

  /// One event with one choice; `delta` writes the members of its delta.
  template <class Delta>
  std::string event(std::size_t choice, std::string_view finish, Delta delta) const {
    std::string out = "data: ";
    Writer writer(out);
    write_envelope(writer, "chat.completion.chunk");
    writer.key("choices").begin_array().begin_object().key("index").integer(
        static_cast<std::int64_t>(choice));
    writer.key("delta").begin_object();
    delta(writer);
    writer.end_object().key("logprobs").null().key("finish_reason");
    if (finish.empty()) {
      writer.null();
    } else {
      writer.string(finish);
    }
    writer.end_object().end_array();
    if (reading_.include_usage) writer.key("usage").null();
    writer.end_object();
    return out + "\n\n";
  }

  const Reading& reading_;
  std::span<const Plan> plans_;
};

void AnswerWriter::write_envelope(Writer& writer, std::string_view object) const {
  writer.begin_object().key("id").string(make_id("chatcmpl-", 29, reading_.seed, 0));
  writer.key("object").string(object);
  writer.key("created").integer(first_second + static_cast<std::int64_t>(reading_.seed % seconds_of_a_year));
  writer.key("model").string(reading_.model);
  writer.key("service_tier").string("default").key("system_fingerprint").string(fingerprint);
}

void AnswerWriter::write_usage(Writer& writer) const {
  std::size_t completion = 0;
  std::size_t reasoning = 0;
  for (const Plan& plan : plans_) {
    completion += plan.output_tokens;
    reasoning += plan.reasoning_tokens;
  }
  const auto number = [](std::size_t count) { return static_cast<std::int64_t>(count); };
  const std::size_t prompt = tokens_in(reading_.input_chars);
  writer.key("usage").begin_object();
  writer.key("prompt_tokens").integer(number(prompt)).key("completion_tokens").integer(number(completion));
  writer.key("total_tokens").integer(number(prompt + completion));
  writer.key("prompt_tokens_details").begin_object();
  writer.key("cached_tokens")
      .integer(number(tokens_in(reading_.cached_chars)))
      .key("audio_tokens")
      .integer(0);
  writer.end_object().key("completion_tokens_details").begin_object();
  writer.key("reasoning_tokens").integer(number(reasoning)).key("audio_tokens").integer(0);
  writer.key("accepted_prediction_tokens").integer(0).key("rejected_prediction_tokens").integer(0);
  writer.end_object().end_object();
}

std::string AnswerWriter::call_id(std::size_t choice, std::size_t call) const {
  return make_id("call_", 24, reading_.seed, 1000 * (choice + 1) + call);
}

void AnswerWriter::write_call(Writer& writer, const Call& call, const std::string& id,
                              std::string_view input) const {
  const std::string_view type = call.takes_text ? "custom" : "function";
  writer.key("id").string(id).key("type").string(type).key(type).begin_object();
  writer.key("name")
      .string(call.name)
      .key(call.takes_text ? "input" : "arguments")
      .string(input)
      .end_object();
}

// ---- a whole answer -----------------------------------------------------------------------------

std::string AnswerWriter::body() const {
  std::string out;
  Writer writer(out);
  write_envelope(writer, "chat.completion");
  writer.key("choices").begin_array();
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    writer.begin_object().key("index").integer(static_cast<std::int64_t>(i));
    write_message(writer, plans_[i], i);
    writer.key("logprobs").null();
    writer.key("finish_reason").string(finish_word(plans_[i], reading_.legacy_functions)).end_object();
  }
  writer.end_array();
  write_usage(writer);
  writer.end_object();
  return out;
}

void AnswerWriter::write_message(Writer& writer, const Plan& plan, std::size_t choice) const {
  writer.key("message").begin_object().key("role").string("assistant").key("content");
  if (plan.text.empty() && !plan.calls.empty()) {
    writer.null();
  } else {
    writer.string(plan.text);
  }
  if (!plan.reasoning.empty()) writer.key("reasoning_content").string(plan.reasoning);
  if (reading_.legacy_functions && !plan.calls.empty()) {
    const Call& call = plan.calls.front();
    writer.key("function_call").begin_object().key("name").string(call.name);
    writer.key("arguments").string(call.arguments).end_object();
  } else if (!plan.calls.empty()) {
    writer.key("tool_calls").begin_array();
    for (std::size_t i = 0; i < plan.calls.size(); ++i) {
      writer.begin_object();
      write_call(writer, plan.calls[i], call_id(choice, i), plan.calls[i].arguments);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.key("refusal").null().key("annotations").begin_array().end_array().end_object();
}

// ---- a stream -----------------------------------------------------------------------------------

std::vector<std::string> AnswerWriter::events(std::size_t piece_bytes) const {
  std::vector<std::string> events;
  for (std::size_t i = 0; i < plans_.size(); ++i) add_choice(events, plans_[i], i, piece_bytes);
  if (reading_.include_usage) {
    std::string out = "data: ";
    Writer writer(out);
    write_envelope(writer, "chat.completion.chunk");
    writer.key("choices").begin_array().end_array();
    write_usage(writer);
    writer.end_object();
    events.push_back(out + "\n\n");
  }
  events.emplace_back("data: [DONE]\n\n");
  return events;
}

void AnswerWriter::add_choice(std::vector<std::string>& events, const Plan& plan, std::size_t choice,
                              std::size_t bytes) const {
  const bool silent = plan.text.empty() && !plan.calls.empty();
  events.push_back(event(choice, "", [&](Writer& writer) {
    writer.key("role").string("assistant").key("content");
    if (silent) {
      writer.null();
    } else {
      writer.string("");
    }
    writer.key("refusal").null();
  }));
  for (const std::string_view piece : pieces_of(plan.reasoning, bytes))
    events.push_back(event(
        choice, "", [&](Writer& w) { w.key("content").null().key("reasoning_content").string(piece); }));
  for (const std::string_view piece : pieces_of(plan.text, bytes))
    events.push_back(event(choice, "", [&](Writer& w) { w.key("content").string(piece); }));
  add_calls(events, plan, choice, bytes);
  events.push_back(event(choice, finish_word(plan, reading_.legacy_functions), [](Writer&) {}));
}

void AnswerWriter::add_calls(std::vector<std::string>& events, const Plan& plan, std::size_t choice,
                             std::size_t bytes) const {
  for (std::size_t i = 0; i < plan.calls.size(); ++i) {
    const Call& call = plan.calls[i];
    const auto index = static_cast<std::int64_t>(i);
    events.push_back(event(choice, "", [&](Writer& writer) {
      if (reading_.legacy_functions) {
        writer.key("function_call")
            .begin_object()
            .key("name")
            .string(call.name)
            .key("arguments")
            .string("")
            .end_object();
        return;
      }
      writer.key("tool_calls").begin_array().begin_object().key("index").integer(index);
      write_call(writer, call, call_id(choice, i), "");
      writer.end_object().end_array();
    }));
    for (const std::string_view piece : pieces_of(call.arguments, bytes))
      events.push_back(event(choice, "", [&](Writer& writer) {
        if (reading_.legacy_functions) {
          writer.key("function_call").begin_object().key("arguments").string(piece).end_object();
          return;
        }
        writer.key("tool_calls").begin_array().begin_object().key("index").integer(index);
        writer.key(call.takes_text ? "custom" : "function").begin_object();
        writer.key(call.takes_text ? "input" : "arguments")
            .string(piece)
            .end_object()
            .end_object()
            .end_array();
      }));
  }
}

std::string error_body(const Complaint& complaint) {
  std::string out;
  json::Writer writer(out);
  const auto member = [&](std::string_view name, const std::string& value) {
    writer.key(name);
    if (value.empty()) {
      writer.null();
    } else {
      writer.string(value);
    }
  };
  writer.begin_object().key("error").begin_object().key("message").string(complaint.message);
  writer.key("type").string(complaint.type);
  member("param", complaint.param);
  member("code", complaint.code);
  writer.end_object().end_object();
  return out;
}

}  // namespace

Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes) {
  const AnswerWriter writer(reading, plans);
  Script script;
  script.streamed = reading.stream;
  script.failure = error_body(failure(500));
  if (reading.stream) {
    script.fields = fields_of(reading.seed, "text/event-stream; charset=utf-8");
    script.messages = writer.events(piece_bytes);
    script.failure = "data: " + script.failure + "\n\n";
  } else {
    script.fields = fields_of(reading.seed, "application/json");
    script.messages.push_back(writer.body());
  }
  return script;
}

Script write_complaint(const Complaint& complaint, std::uint64_t seed) {
  Script script;
  script.status = complaint.status;
  script.fields = fields_of(seed, "application/json");
  if (!complaint.retry_after.empty()) script.fields.emplace_back("retry-after", complaint.retry_after);
  script.messages.push_back(error_body(complaint));
  return script;
}

Script list_models(std::span<const std::string_view> ids) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("object").string("list").key("data").begin_array();
  for (const std::string_view id : ids) {
    writer.begin_object().key("id").string(id).key("object").string("model").key("created").integer(
        first_second);
    writer.key("owned_by").string("simulator").end_object();
  }
  writer.end_array().end_object();
  Script script;
  script.fields = fields_of(0, "application/json");
  script.messages.push_back(std::move(out));
  return script;
}

}  // namespace sluice::simulate::openai
