#include "json/writer.hpp"
#include "simulate/identity.hpp"
#include "simulate/openai.hpp"
#include "simulate/pieces.hpp"
#include "simulate/responses.hpp"

namespace sluice::simulate::responses {
namespace {

constexpr std::int64_t first_second = 1'767'225'600;  ///< 2026-01-01
constexpr std::uint64_t seconds_of_a_year = 31'536'000;

std::vector<std::pair<std::string, std::string>> fields_of(std::uint64_t seed,
                                                           std::string_view content_type) {
  return {{"content-type", std::string(content_type)},
          {"x-request-id", make_id("req_", 32, seed, 1)},
          {"openai-version", "2020-10-01"},
          {"openai-processing-ms", "20"}};
}

std::int64_t number(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

class AnswerWriter {
 public:
  AnswerWriter(const Reading& reading, const Plan& plan) : reading_(reading), plan_(plan) {}

  std::string body() const;
  std::vector<std::string> events(std::size_t piece_bytes);

 private:
  using Writer = json::Writer;
  enum class State : std::uint8_t { in_progress, over };

  bool incomplete() const { return plan_.finish == Finish::length; }
  bool has_reasoning() const { return reading_.reasoning != Reasoning::none; }
  std::string id(std::string_view prefix, std::size_t number) const {
    return make_id(prefix, 48, reading_.seed, 100 + number);
  }

  void write_response(Writer& writer, State state) const;
  void write_usage(Writer& writer) const;
  void write_reasoning(Writer& writer, State state) const;
  void write_message(Writer& writer, State state) const;
  void write_part(Writer& writer, std::string_view text) const;
  void write_call(Writer& writer, std::size_t index, State state) const;

  template <class Members>
  void add(std::string_view type, Members members);
  template <class Item>
  void add_item(std::string_view type, Item item);
  void add_delta(std::string_view type, std::string_view part_index, std::string_view piece);
  void add_response(std::string_view type, State state);
  void add_reasoning(std::size_t piece_bytes);
  void add_message(std::size_t piece_bytes);
  void add_call(std::size_t index, std::size_t piece_bytes);

  const Reading& reading_;
  const Plan& plan_;
  std::vector<std::string> events_;
  std::int64_t place_ = 0;  ///< of the item that is being streamed
  std::string item_id_;     ///< its id
};

// ---- the response and its items -----------------------------------------------------------------

void AnswerWriter::write_response(Writer& writer, State state) const {
  const bool over = state == State::over;
  writer.begin_object().key("id").string(make_id("resp_", 48, reading_.seed, 0));
  writer.key("object").string("response");
  writer.key("created_at")
      .integer(first_second + static_cast<std::int64_t>(reading_.seed % seconds_of_a_year));
  writer.key("status").string(!over ? "in_progress" : incomplete() ? "incomplete" : "completed");
  writer.key("background").boolean(false).key("error").null().key("incomplete_details");
  if (over && incomplete()) {
    writer.begin_object().key("reason").string("max_output_tokens").end_object();
  } else {
    writer.null();
  }
  writer.key("instructions").null().key("model").string(reading_.model).key("output").begin_array();
  if (over) {
    if (has_reasoning()) write_reasoning(writer, state);
    if (!plan_.text.empty()) write_message(writer, state);
    for (std::size_t i = 0; i < plan_.calls.size(); ++i) write_call(writer, i, state);
  }
  writer.end_array().key("parallel_tool_calls").boolean(reading_.parallel_calls);
  writer.key("previous_response_id").null().key("service_tier").string(over ? "default" : "auto");
  writer.key("store").boolean(false).key("truncation").string("disabled").key("usage");
  if (over) {
    write_usage(writer);
  } else {
    writer.null();
  }
  writer.key("user").null().key("metadata").begin_object().end_object().end_object();
}

void AnswerWriter::write_usage(Writer& writer) const {
  const std::size_t input = tokens_in(reading_.input_chars);
  writer.begin_object().key("input_tokens").integer(number(input));
  writer.key("input_tokens_details").begin_object().key("cached_tokens");
  writer.integer(number(tokens_in(reading_.cached_chars))).end_object();
  writer.key("output_tokens").integer(number(plan_.output_tokens));
  writer.key("output_tokens_details").begin_object().key("reasoning_tokens");
  writer.integer(number(plan_.reasoning_tokens)).end_object();
  writer.key("total_tokens").integer(number(input + plan_.output_tokens)).end_object();
}

/// What is announced is encrypted otherwise than what comes at last, as OpenAI does it.
void AnswerWriter::write_reasoning(Writer& writer, State state) const {
  const bool over = state == State::over;
  writer.begin_object().key("id").string(id("rs_", 0)).key("type").string("reasoning");
  if (reading_.encrypts_reasoning)
    writer.key("encrypted_content").string(over ? sign(reasoning_seal, reading_.seed) : "gAAAAAB");
  writer.key("summary").begin_array();
  if (over && !plan_.reasoning.empty())
    writer.begin_object().key("type").string("summary_text").key("text").string(plan_.reasoning).end_object();
  writer.end_array().end_object();
}

void AnswerWriter::write_part(Writer& writer, std::string_view text) const {
  writer.begin_object().key("type").string("output_text").key("annotations").begin_array().end_array();
  writer.key("logprobs").begin_array().end_array().key("text").string(text).end_object();
}

void AnswerWriter::write_message(Writer& writer, State state) const {
  const bool over = state == State::over;
  writer.begin_object().key("id").string(id("msg_", 1)).key("type").string("message");
  writer.key("status").string(!over ? "in_progress" : incomplete() ? "incomplete" : "completed");
  writer.key("content").begin_array();
  if (over) write_part(writer, plan_.text);
  writer.end_array().key("role").string("assistant").end_object();
}

void AnswerWriter::write_call(Writer& writer, std::size_t index, State state) const {
  const Call& call = plan_.calls[index];
  const bool over = state == State::over;
  writer.begin_object().key("id").string(id(call.takes_text ? "ctc_" : "fc_", 2 + index));
  writer.key("type").string(call.takes_text ? "custom_tool_call" : "function_call");
  writer.key("status").string(!over ? "in_progress" : call.cut ? "incomplete" : "completed");
  writer.key(call.takes_text ? "input" : "arguments").string(over ? call.arguments : "");
  writer.key("call_id").string(make_id("call_", 24, reading_.seed, 1000 + index));
  writer.key("name").string(call.name).end_object();
}

std::string AnswerWriter::body() const {
  std::string out;
  Writer writer(out);
  write_response(writer, State::over);
  return out;
}

// ---- a stream -----------------------------------------------------------------------------------

std::vector<std::string> AnswerWriter::events(std::size_t piece_bytes) {
  add_response("response.created", State::in_progress);
  add_response("response.in_progress", State::in_progress);
  if (has_reasoning()) add_reasoning(piece_bytes);
  if (!plan_.text.empty()) add_message(piece_bytes);
  for (std::size_t i = 0; i < plan_.calls.size(); ++i) add_call(i, piece_bytes);
  add_response(incomplete() ? "response.incomplete" : "response.completed", State::over);
  return std::move(events_);
}

template <class Members>
void AnswerWriter::add(std::string_view type, Members members) {
  std::string data;
  Writer writer(data);
  writer.begin_object().key("type").string(type).key("sequence_number").integer(number(events_.size()));
  members(writer);
  writer.end_object();
  events_.push_back("event: " + std::string(type) + "\ndata: " + data + "\n\n");
}

void AnswerWriter::add_response(std::string_view type, State state) {
  add(type, [&](Writer& writer) {
    writer.key("response");
    write_response(writer, state);
  });
}

template <class Item>
void AnswerWriter::add_item(std::string_view type, Item item) {
  add(type, [&](Writer& writer) {
    writer.key("output_index").integer(place_).key("item");
    item(writer);
  });
}

void AnswerWriter::add_delta(std::string_view type, std::string_view part_index, std::string_view piece) {
  add(type, [&](Writer& writer) {
    writer.key("item_id").string(item_id_).key("output_index").integer(place_);
    if (!part_index.empty()) writer.key(part_index).integer(0);
    writer.key("delta").string(piece);
    if (reading_.pads_events)
      writer.key("obfuscation").string(make_id("", 16 - piece.size() % 16, reading_.seed, events_.size()));
  });
}

void AnswerWriter::add_reasoning(std::size_t piece_bytes) {
  item_id_ = id("rs_", 0);
  add_item("response.output_item.added", [&](Writer& w) { write_reasoning(w, State::in_progress); });
  const auto part = [&](std::string_view type, std::string_view text) {
    add(type, [&](Writer& writer) {
      writer.key("item_id")
          .string(item_id_)
          .key("output_index")
          .integer(place_)
          .key("summary_index")
          .integer(0);
      writer.key("part").begin_object().key("type").string("summary_text");
      writer.key("text").string(text).end_object();
    });
  };
  if (!plan_.reasoning.empty()) {
    part("response.reasoning_summary_part.added", "");
    for (const std::string_view piece : pieces_of(plan_.reasoning, piece_bytes))
      add_delta("response.reasoning_summary_text.delta", "summary_index", piece);
    add("response.reasoning_summary_text.done", [&](Writer& writer) {
      writer.key("item_id")
          .string(item_id_)
          .key("output_index")
          .integer(place_)
          .key("summary_index")
          .integer(0);
      writer.key("text").string(plan_.reasoning);
    });
    part("response.reasoning_summary_part.done", plan_.reasoning);
  }
  add_item("response.output_item.done", [&](Writer& w) { write_reasoning(w, State::over); });
  ++place_;
}

void AnswerWriter::add_message(std::size_t piece_bytes) {
  item_id_ = id("msg_", 1);
  add_item("response.output_item.added", [&](Writer& w) { write_message(w, State::in_progress); });
  const auto part = [&](std::string_view type, std::string_view text) {
    add(type, [&](Writer& writer) {
      writer.key("item_id")
          .string(item_id_)
          .key("output_index")
          .integer(place_)
          .key("content_index")
          .integer(0);
      writer.key("part");
      write_part(writer, text);
    });
  };
  part("response.content_part.added", "");
  for (const std::string_view piece : pieces_of(plan_.text, piece_bytes))
    add_delta("response.output_text.delta", "content_index", piece);
  add("response.output_text.done", [&](Writer& writer) {
    writer.key("item_id")
        .string(item_id_)
        .key("output_index")
        .integer(place_)
        .key("content_index")
        .integer(0);
    writer.key("text").string(plan_.text).key("logprobs").begin_array().end_array();
  });
  part("response.content_part.done", plan_.text);
  add_item("response.output_item.done", [&](Writer& w) { write_message(w, State::over); });
  ++place_;
}

void AnswerWriter::add_call(std::size_t index, std::size_t piece_bytes) {
  const Call& call = plan_.calls[index];
  item_id_ = id(call.takes_text ? "ctc_" : "fc_", 2 + index);
  const std::string type =
      call.takes_text ? "response.custom_tool_call_input" : "response.function_call_arguments";
  add_item("response.output_item.added", [&](Writer& w) { write_call(w, index, State::in_progress); });
  for (const std::string_view piece : pieces_of(call.arguments, piece_bytes))
    add_delta(type + ".delta", "", piece);
  add(type + ".done", [&](Writer& writer) {
    writer.key("item_id").string(item_id_).key("output_index").integer(place_);
    writer.key(call.takes_text ? "input" : "arguments").string(call.arguments);
  });
  add_item("response.output_item.done", [&](Writer& w) { write_call(w, index, State::over); });
  ++place_;
}

/// In a stream, an error is an event of its own.
std::string error_event() {
  const Complaint complaint = openai::failure(500);
  std::string out = "event: error\ndata: ";
  json::Writer writer(out);
  writer.begin_object().key("type").string("error").key("code").string(complaint.type);
  writer.key("message").string(complaint.message).key("param").null().end_object();
  return out + "\n\n";
}

}  // namespace

Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes) {
  AnswerWriter writer(reading, plans.front());
  Script script;
  script.streamed = reading.stream;
  if (reading.stream) {
    script.fields = fields_of(reading.seed, "text/event-stream; charset=utf-8");
    script.messages = writer.events(piece_bytes);
    script.failure = error_event();
  } else {
    script.fields = fields_of(reading.seed, "application/json");
    script.messages.push_back(writer.body());
    script.failure = openai::write_complaint(openai::failure(500), reading.seed).messages.front();
  }
  return script;
}

}  // namespace sluice::simulate::responses
