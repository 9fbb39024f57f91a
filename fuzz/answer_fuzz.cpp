// A provider's answer, whole or streamed, in any pieces: events in their order, and what a strict client
// accepts. FUZZ_API: the dialect; FUZZ_FORM: `whole` or `events`. Event streams of AWS are made from lines
// `TYPE JSON`, because no mutation finds a checksum; a type that ends in `Exception` is that of a failure.

#include "dialect/openai/encode_stream.hpp"
#include "dialect/openai/testing/strict_client.hpp"
#include "fuzz/check.hpp"
#include "gateway/answer_decoder.hpp"
#include "gateway/testing/aws_frames.hpp"
#include "gateway/testing/checked_events.hpp"

namespace sluice::fuzz {
namespace {

using dialect::openai::AnswerEncoder;
using dialect::openai::Envelope;
using dialect::openai::Expectation;
using gateway::testing::CheckedEvents;

constexpr gateway::BodyForm form = gateway::BodyForm::FUZZ_FORM;
const Envelope envelope{
    .request_id = "request", .model = "model", .created = 1'800'000'000, .include_usage = true};
const Expectation expected{.model = "model", .request_id = "request", .include_usage = true};

/// What the provider sends for this input.
std::string sent(std::string_view input) {
  const bool frames = form == gateway::BodyForm::events &&
                      dialect::find(FUZZ_API)->framing == dialect::Framing::aws_event_stream;
  if (!frames) return std::string(input);
  std::string stream;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    const std::string_view type = line.substr(0, std::min<std::size_t>(line.find(' '), 100));
    const std::string_view json = line.substr(std::min(type.size() + 1, line.size()));
    stream += type.ends_with("Exception") ? gateway::testing::aws_exception(type, json)
                                          : gateway::testing::aws_event(type, json);
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return stream;
}

/// What the client got, and what went wrong.
struct Outcome {
  std::string out, failure;
  bool operator==(const Outcome&) const = default;
};

/// Feeds the pieces to a decoder and its events to `encoder`.
template <class Encoder>
std::string decode(const std::vector<std::string>& pieces, Encoder& encoder) {
  const dialect::RenamedTools renamed_tools;
  const dialect::AnswerContext context{.renamed_tools = renamed_tools, .seed = 7, .custom_tools = true};
  CheckedEvents events(encoder);
  gateway::AnswerDecoder decoder(form, *dialect::find(FUZZ_API), context, 1 << 20);
  Result<> decoded;
  for (const std::string& piece : pieces) {
    const std::string own = piece;  // freed before the next one comes
    decoded = decoder.feed(own, events);
    if (!decoded || decoder.done()) break;
  }
  if (decoded) decoded = decoder.finish(events);
  // What a model writes as arguments may be no JSON; everything else is the decoder's to put right.
  check(events.broken().empty() || events.broken().starts_with("arguments that are no JSON"),
        events.broken());
  check(events.ended() == decoded.has_value(), "End is told exactly where the answer is complete",
        decoded ? "" : decoded.error().message());
  if (decoded) return {};
  check(decoded.error().traits().http_status >= 400 && !decoded.error().message().empty(),
        "a failure says nothing");
  return std::string(decoded.error().traits().name) + ": " + decoded.error().message();
}

Outcome streamed(const std::vector<std::string>& pieces) {
  Outcome outcome;
  dialect::openai::StreamEncoder encoder(envelope, outcome.out);
  outcome.failure = decode(pieces, encoder);
  return outcome;
}

Outcome folded(const std::vector<std::string>& pieces) {
  Outcome outcome;
  AnswerEncoder encoder(envelope);
  outcome.failure = decode(pieces, encoder);
  if (outcome.failure.empty()) encoder.encode({}, outcome.out);
  return outcome;
}

/// What both forms of the client's answer must agree on.
void check_same(const dialect::openai::Seen& stream, const dialect::openai::Seen& whole) {
  check(stream.choices.size() == whole.choices.size(), "streamed and whole answer differ in their choices");
  // One after the other: a whole answer numbers its choices by their places.
  auto other = whole.choices.begin();
  for (const auto& [index, said] : stream.choices) {
    const dialect::openai::Said& same = (other++)->second;
    check(said.text == same.text && said.calls == same.calls && said.reasoning == same.reasoning &&
              said.refusal == same.refusal && said.finish == same.finish,
          "streamed and whole answer differ", said.text);
  }
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::string bytes = sent(text_of(data, size));
  const std::string_view body = bytes;
  const Outcome stream = streamed({std::string(body)});
  const Outcome whole = folded({std::string(body)});
  check(stream.failure == whole.failure, "a stream and a fold fail differently",
        stream.failure + "\n" + whole.failure);
  if (stream.failure.empty()) {
    const auto seen = dialect::openai::read_stream(stream.out, expected);
    check(seen.departures.empty(), seen.departures_joined(), stream.out);
    check(seen.done, "the stream has no end", stream.out);
    const auto seen_whole = dialect::openai::read_answer(whole.out, expected);
    check(seen_whole.departures.empty(), seen_whole.departures_joined(), whole.out);
    check_same(seen, seen_whole);
  }
  Choices choices(body);
  for (int i = 0; i < 3; ++i) {
    const auto pieces = cut(body, choices);
    check(folded(pieces) == whole, "a cut changes the answer");
    const Outcome again = streamed(pieces);
    check(again.failure == stream.failure, "a cut changes how a stream fails",
          again.failure + "\n" + stream.failure);
    if (form == gateway::BodyForm::events)
      check(again.out == stream.out, "a cut changes the stream", again.out);
  }
  return 0;
}
