#include "json/writer.hpp"
#include "simulate/ollama.hpp"
#include "simulate/pieces.hpp"

#include <array>

namespace sluice::simulate::ollama {
namespace {

using json::Writer;

constexpr std::string_view created_at = "2026-01-01T00:00:00.000000Z";

/// One line of a stream, or a whole answer: a message whose members `write` writes, and what follows it.
template <class Write, class Rest>
std::string piece(const Reading& reading, Write write, Rest rest) {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("model").string(reading.model).key("created_at").string(created_at);
  writer.key("message").begin_object().key("role").string("assistant");
  write(writer);
  writer.end_object();
  rest(writer);
  writer.end_object();
  return out;
}

void goes_on(Writer& writer) {
  writer.key("done").boolean(false);
}

/// Calls come whole; of one that the limit cut, nothing is left.
void write_calls(const Plan& plan, Writer& writer) {
  if (plan.calls.empty()) return;
  writer.key("tool_calls").begin_array();
  for (std::size_t i = 0; i < plan.calls.size(); ++i) {
    if (plan.calls[i].cut) continue;
    writer.begin_object().key("function").begin_object().key("index").integer(static_cast<std::int64_t>(i));
    writer.key("name").string(plan.calls[i].name).key("arguments").raw(plan.calls[i].arguments);
    writer.end_object().end_object();
  }
  writer.end_array();
}

auto ending(const Reading& reading, const Plan& plan) {
  return [&](Writer& writer) {
    writer.key("done_reason")
        .string(plan.finish == Finish::length ? "length" : "stop")
        .key("done")
        .boolean(true);
    writer.key("total_duration").integer(313801125).key("load_duration").integer(41717917);
    writer.key("prompt_eval_count").integer(static_cast<std::int64_t>(tokens_in(reading.input_chars)));
    writer.key("eval_count").integer(static_cast<std::int64_t>(plan.output_tokens));
  };
}

std::string whole(const Reading& reading, const Plan& plan) {
  return piece(
      reading,
      [&](Writer& writer) {
        writer.key("content").string(plan.text);
        if (!plan.reasoning.empty()) writer.key("thinking").string(plan.reasoning);
        write_calls(plan, writer);
      },
      ending(reading, plan));
}

std::vector<std::string> lines(const Reading& reading, const Plan& plan, std::size_t piece_bytes) {
  std::vector<std::string> out;
  const auto add = [&](std::string line) { out.push_back(std::move(line) + "\n"); };
  for (const std::string_view text : pieces_of(plan.reasoning, piece_bytes))
    add(piece(
        reading, [&](Writer& w) { w.key("content").string("").key("thinking").string(text); }, goes_on));
  for (const std::string_view text : pieces_of(plan.text, piece_bytes))
    add(piece(reading, [&](Writer& w) { w.key("content").string(text); }, goes_on));
  if (!plan.calls.empty())
    add(piece(
        reading,
        [&](Writer& w) {
          w.key("content").string("");
          write_calls(plan, w);
        },
        goes_on));
  add(piece(reading, [](Writer& w) { w.key("content").string(""); }, ending(reading, plan)));
  return out;
}

std::string error_body(std::string_view message) {
  std::string out;
  Writer(out).begin_object().key("error").string(message).end_object();
  return out;
}

}  // namespace

Script write_answer(const Reading& reading, std::span<const Plan> plans, std::size_t piece_bytes) {
  Script script;
  script.streamed = reading.stream;
  script.failure = error_body(failure(500).message) + "\n";
  script.fields.emplace_back("content-type",
                             reading.stream ? "application/x-ndjson" : "application/json; charset=utf-8");
  if (reading.stream) {
    script.messages = lines(reading, plans.front(), piece_bytes);
  } else {
    script.messages.push_back(whole(reading, plans.front()));
  }
  return script;
}

Script write_complaint(const Complaint& complaint) {
  return {.status = complaint.status,
          .fields = {{"content-type", "application/json; charset=utf-8"}},
          .messages = {error_body(complaint.message)}};
}

Complaint failure(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 5> rows{
      {{401, "unauthorized"},
       {404, "model not found"},
       {429, "you have reached your hourly usage limit, please try again later"},
       {500, "an error was encountered while running the model"},
       {503, "server busy, please try again.  maximum pending requests exceeded"}}};
  for (const auto& [known, message] : rows)
    if (known == status) return {status, "", std::string(message)};
  return {status, "", status < 500 ? "invalid request (simulated)" : "internal error (simulated)"};
}

Script list_models(std::span<const std::string_view> ids) {
  std::string out;
  Writer writer(out);
  writer.begin_object().key("models").begin_array();
  for (const std::string_view id : ids)
    writer.begin_object().key("name").string(id).key("model").string(id).end_object();
  writer.end_array().end_object();
  return {.fields = {{"content-type", "application/json; charset=utf-8"}}, .messages = {std::move(out)}};
}

}  // namespace sluice::simulate::ollama
