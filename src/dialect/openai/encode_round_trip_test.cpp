// However an answer's events are cut and interleaved, a client of the stream has in the end what a client of
// the whole answer is given; and neither sees anything that OpenAI would not send.

#include "chat/fold.hpp"
#include "dialect/openai/encode_stream.hpp"
#include "dialect/openai/testing/strict_client.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <random>

namespace sluice::dialect::openai {
namespace {

using chat::Extra;
using json::Text;
using Event = std::function<void(chat::EventSink&)>;

/// Answers as decoders tell them: in order per choice, choices interleaved at random.
class RandomAnswer {
 public:
  explicit RandomAnswer(unsigned seed) : random_(seed) {}

  std::vector<Event> events() {
    std::vector<Event> out;
    const Text id = one_in(4) ? Text() : Text("resp_1");
    const std::int64_t created = one_in(3) ? 0 : 1234;
    out.emplace_back([=](chat::EventSink& sink) { sink.on(chat::Start{id, Text("up"), created}); });
    std::vector<std::deque<Event>> choices(1 + below(3));
    for (std::uint32_t i = 0; i < choices.size(); ++i) choices[i] = choice(i);
    while (!choices.empty()) {
      auto& next = choices[below(choices.size())];
      out.push_back(std::move(next.front()));
      next.pop_front();
      if (next.empty()) choices.erase(choices.begin() + (&next - choices.data()));
      if (one_in(10)) out.push_back(usage());
      if (one_in(12)) out.push_back(extra(Extra::Place::answer, 0));
    }
    if (one_in(2)) out.push_back(usage());
    out.emplace_back([](chat::EventSink& sink) { sink.on(chat::End{}); });
    return out;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  bool one_in(std::size_t chances) { return below(chances) == 0; }
  Text text() {
    static constexpr std::array<std::string_view, 8> texts{
        "", "word ", "\\n", "\\\"quoted\\\"", "\\u00e9", "data: [DONE]", "caf\xc3\xa9", "{\\\"a\\\":1}"};
    return Text(texts[below(texts.size())]);
  }
  std::string_view json() {
    static constexpr std::array<std::string_view, 6> values{"1",   "null",          "\"s\"",
                                                            "[1]", "{\"k\":[\n2]}", "[]"};
    return values[below(values.size())];
  }
  Event usage() {
    chat::Usage usage{.input = std::int64_t(below(100)), .output = std::int64_t(below(100))};
    if (one_in(2)) usage.cache_read = 3;
    if (one_in(2)) usage.reasoning = 5;
    return [=](chat::EventSink& sink) {
      json::Document document;
      const auto native = document.parse(R"({"prompt_tokens":1,"cost":0.5})");
      sink.on(chat::UsageUpdate{usage, *native});
    };
  }
  Event extra(Extra::Place place, std::uint32_t choice) {
    static constexpr std::array<std::string_view, 4> names{"vendor", "citations", "service_tier", "logprobs"};
    const Text name(names[below(names.size())]);
    const std::string_view value = json();
    return [=](chat::EventSink& sink) { sink.on(Extra{place, choice, name, value}); };
  }

  std::deque<Event> choice(std::uint32_t index);
  void reasoning(std::uint32_t index, std::deque<Event>& out);
  void calls(std::uint32_t index, std::deque<Event>& out);

  std::mt19937 random_;
  std::deque<std::string> kept_;
};

void RandomAnswer::reasoning(std::uint32_t index, std::deque<Event>& out) {
  const std::int32_t blocks = std::int32_t(below(3));
  for (std::int32_t detail = 0; detail < blocks; ++detail) {
    if (one_in(3)) {
      out.emplace_back([=](chat::EventSink& sink) {
        sink.on(chat::ReasoningOpaque{index, detail, Text("xyz"), Text("rs"), "openai-responses-v1"});
      });
      continue;
    }
    for (std::size_t i = 1 + below(3); i > 0; --i) {
      const Text piece = text();
      out.emplace_back([=](chat::EventSink& sink) {
        sink.on(chat::ReasoningDelta{index, piece, detail, "anthropic-claude-v1"});
      });
    }
    out.emplace_back([=](chat::EventSink& sink) {
      sink.on(chat::ReasoningSignature{index, detail, Text("sig"), "anthropic-claude-v1"});
    });
  }
}

/// Arguments of parallel calls may come in any order once the calls have begun.
void RandomAnswer::calls(std::uint32_t index, std::deque<Event>& out) {
  std::vector<bool> custom(below(4));
  for (std::uint32_t call = 0; call < custom.size(); ++call) {
    custom[call] = one_in(4);
    const Text id(kept_.emplace_back("call_" + std::to_string(index) + "_" + std::to_string(call)));
    const chat::ToolCallStart start{index,       call, id, Text("f"), one_in(3) ? Text("SIG") : Text(),
                                    custom[call]};
    out.emplace_back([=](chat::EventSink& sink) { sink.on(start); });
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      const auto to = std::uint32_t(below(call + 1));
      const chat::ToolCallDelta delta{index, to, text(), custom[to]};
      out.emplace_back([=](chat::EventSink& sink) { sink.on(delta); });
    }
  }
}

std::deque<Event> RandomAnswer::choice(std::uint32_t index) {
  std::deque<Event> out;
  reasoning(index, out);
  for (std::size_t i = below(6); i > 0; --i) {
    const Text piece = text();
    if (one_in(6)) {
      out.emplace_back([=](chat::EventSink& sink) { sink.on(chat::RefusalDelta{index, piece}); });
    } else if (one_in(6)) {
      out.emplace_back([=](chat::EventSink& sink) { sink.on(chat::ReasoningDelta{index, piece, -1, {}}); });
    } else if (one_in(8)) {
      out.emplace_back(
          [=](chat::EventSink& sink) { sink.on(chat::Annotation{index, R"({"type":"url_citation"})"}); });
    } else if (one_in(8)) {
      out.emplace_back([=](chat::EventSink& sink) {
        sink.on(
            chat::Image{index, R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}})"});
      });
    } else {
      out.emplace_back([=](chat::EventSink& sink) { sink.on(chat::TextDelta{index, piece}); });
    }
    if (one_in(6)) out.push_back(extra(one_in(2) ? Extra::Place::choice : Extra::Place::message, index));
  }
  calls(index, out);
  const auto reason = chat::FinishReason(below(4));
  const Text native = one_in(3) ? Text() : Text("native");
  const Text sequence = one_in(5) ? Text("END") : Text();
  out.emplace_back([=](chat::EventSink& sink) { sink.on(chat::Finish{index, reason, native, sequence}); });
  if (one_in(5)) out.push_back(extra(Extra::Place::choice, index));
  return out;
}

struct Wishes {
  bool include_usage, legacy_functions;
};
class EncodeRoundTrip : public testing::TestWithParam<Wishes> {};

TEST_P(EncodeRoundTrip, AStreamAddsUpToTheWholeAnswer) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    RandomAnswer answer(seed);
    const auto events = answer.events();
    chat::Changes changes;
    if (seed % 3 == 0) changes.dropped("seed", "why");
    const Envelope envelope{.request_id = "req",
                            .model = "public \"m\"",
                            .created = 99,
                            .include_usage = GetParam().include_usage,
                            .legacy_functions = GetParam().legacy_functions,
                            .changes = &changes,
                            .attempts = seed % 5 == 0 ? "[{}]" : ""};
    std::string stream, body;
    StreamEncoder stream_encoder(envelope, stream);
    AnswerEncoder answer_encoder(envelope);
    for (const Event& event : events) {
      event(stream_encoder);
      event(answer_encoder);
    }
    answer_encoder.encode({}, body);
    const Expectation expected{std::string(envelope.model), "req", GetParam().include_usage};
    const Seen streamed = read_stream(stream, expected), whole = read_answer(body, expected);
    ASSERT_EQ(streamed.departures_joined(), "") << seed << "\n" << stream;
    ASSERT_EQ(whole.departures_joined(), "") << seed << "\n" << body;
    ASSERT_EQ(streamed.id, whole.id) << seed;
    ASSERT_EQ(streamed.report, whole.report) << seed;
    ASSERT_EQ(streamed.extras, whole.extras) << seed << "\n" << stream << "\n" << body;
    if (GetParam().include_usage) ASSERT_EQ(streamed.usage, whole.usage) << seed;
    ASSERT_EQ(streamed.choices.size(), whole.choices.size()) << seed;
    for (const auto& [index, said] : whole.choices) {
      ASSERT_TRUE(streamed.choices.at(index) == said) << seed << "\n" << stream << "\n" << body;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Clients, EncodeRoundTrip,
                         testing::Values(Wishes{false, false}, Wishes{true, false}, Wishes{false, true}),
                         [](const auto& info) {
                           return info.param.legacy_functions ? "functions"
                                  : info.param.include_usage  ? "usage"
                                                              : "plain";
                         });

}  // namespace
}  // namespace sluice::dialect::openai
