// Streams of providers through the whole chain: bytes -> AnswerDecoder (framing, the dialect's StreamDecoder)
// -> the client's chunks, and -> a fold. However the bytes are cut, the client is told the same; whatever is
// missing, it is never told that an answer is complete which is not.
//
// The recordings are read where they are; without them only the streams made by hand are replayed, and the
// test says so.

#include "base/text.hpp"
#include "dialect/openai/encode_stream.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/answer_decoder.hpp"
#include "gateway/testing/checked_events.hpp"
#include "gateway/testing/framed.hpp"
#include "gateway/testing/recordings.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <span>

namespace sluice::gateway {
namespace {

using gateway::testing::CheckedEvents;
using gateway::testing::RecordedStream;

struct Replayed {
  std::string client;  ///< what was sent, without an error event
  std::string told;    ///< the content of the fold
  std::string broken;  ///< the first broken rule
  std::optional<Error> error;
  bool ended = false;
  std::size_t finished = 0;
};

std::string content(const chat::Response& response) {
  std::string out;
  for (const chat::Choice& choice : response.choices) {
    out.append("choice ").append(choice.text_escaped).append("|").append(choice.refusal_escaped);
    out.append("|")
        .append(choice.reasoning_escaped)
        .append("|")
        .append(choice.finish ? name(*choice.finish) : "");
    for (const chat::ToolCall& call : choice.tool_calls)
      out.append("|").append(call.id_escaped).append(call.name_escaped).append(call.arguments_escaped);
    out.append("\n");
  }
  return out;
}

/// Reads `bytes` in pieces of the sizes, over and over, and what is left in one.
Replayed replay(const RecordedStream& stream, std::string_view bytes,
                std::span<const std::size_t> sizes = {}) {
  const dialect::RenamedTools renamed;
  const dialect::AnswerContext context{.renamed_tools = renamed, .seed = 7};
  const dialect::openai::Envelope envelope{
      .request_id = "r", .model = "m", .created = 1, .include_usage = true};
  Replayed result;
  dialect::openai::StreamEncoder encoder(envelope, result.client);
  CheckedEvents events(encoder);
  AnswerDecoder decoder(BodyForm::events, *stream.dialect, context, 1 << 20);
  Result<> read;
  for (std::size_t i = 0; read && !bytes.empty() && !decoder.done(); ++i) {
    const std::size_t size = i < sizes.size() ? sizes[i] : sizes.size() == 1 ? sizes[0] : bytes.size();
    const std::string piece(bytes.substr(0, size));  // in memory of its own, so that a late view is seen
    read = decoder.feed(piece, events);
    bytes.remove_prefix(piece.size());
  }
  if (read) read = decoder.finish(events);
  if (!read) result.error = std::move(read.error());
  result.told = content(events.response());
  result.broken = events.broken();
  result.ended = events.ended();
  result.finished = events.finished();
  return result;
}

/// Whether an event says why the answer ends, as an independent look at it finds.
bool is_terminal(const dialect::Dialect& dialect, std::string_view data) {
  if (data == "[DONE]") return true;
  json::Document document;
  const auto root = document.parse(data);
  if (!root) return false;
  if (dialect.api == "ollama") return (*root)["done"].boolean() == true;
  if (dialect.api == "anthropic.messages") return (*root)["type"].equals("message_stop");
  if (dialect.api == "openai.responses")
    return (*root)["type"].equals("response.completed") || (*root)["type"].equals("response.incomplete");
  if ((*root)["promptFeedback"]["blockReason"]) return true;
  for (json::Value choice : (*root)["choices"].elements())
    if (!choice["finish_reason"].text().empty()) return true;
  for (json::Value candidate : (*root)["candidates"].elements())
    if (candidate["finishReason"]) return true;
  return false;
}

/// How many bytes it takes until the provider has said why the answer ends, for the first and for the last
/// time (some say it with every call); more than there are if it never does.
struct Terminal {
  std::size_t first, last;
};

/// The end of the last message of an event stream of AWS that gives the reason.
Terminal terminal_message(std::string_view bytes) {
  const std::size_t never = bytes.size() + 1;
  Terminal found{never, never};
  for (std::size_t at = 0; at + 4 <= bytes.size();) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    if (bytes.substr(at, size).contains("\"stopReason\"")) found = {at + size, at + size};
    at += size;
  }
  return found;
}

Terminal terminal_offsets(const RecordedStream& stream) {
  const std::string_view bytes = stream.bytes;
  if (stream.dialect->framing == dialect::Framing::aws_event_stream) return terminal_message(bytes);
  const std::size_t never = bytes.size() + 1;
  Terminal found{never, never};
  if (stream.dialect->framing == dialect::Framing::ndjson) {
    for (std::size_t at = 0, end = 0; at < bytes.size(); at = end + 1) {
      end = std::min(bytes.find('\n', at), bytes.size());
      if (is_terminal(*stream.dialect, bytes.substr(at, end - at))) found = {end, end};
    }
    return found;
  }
  for (std::size_t at = bytes.find("data:"); at != std::string_view::npos; at = bytes.find("data:", at)) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", at), bytes.size());
    const std::string_view data = trim(bytes.substr(at + 5, end - at - 5));
    at = end;
    if (!is_terminal(*stream.dialect, data) || (data == "[DONE]" && found.first != never)) continue;
    found.last = static_cast<std::size_t>(data.data() + data.size() - bytes.data());
    found.first = std::min(found.first, found.last);
  }
  return found;
}

/// Short streams are cut at every byte. A replay costs the length of its stream, so beyond that the stride
/// grows with the square: no stream costs more than one of that size. Odd, so that it does not fall in step
/// with the events.
#ifdef NDEBUG
constexpr std::size_t every_byte = 8192;
#else
constexpr std::size_t every_byte = 2048;
#endif
std::size_t stride(const RecordedStream& stream) {
  const std::size_t size = stream.bytes.size();
  return size <= every_byte ? 1 : (size * size / (every_byte * every_byte)) | 1;
}

/// Where to cut: by the stride, and around the ends of lines, where framing decides.
std::vector<std::size_t> cuts(const RecordedStream& stream) {
  const std::string& bytes = stream.bytes;
  std::vector<std::size_t> at;
  for (std::size_t cut = 0; cut < bytes.size(); cut += stride(stream)) at.push_back(cut);
  constexpr std::size_t affordable = 8 * 1024;
  for (std::size_t i = 0; i < bytes.size() && bytes.size() <= affordable; ++i)
    if (bytes[i] == '\n') at.insert(at.end(), {i - 1, i});
  std::ranges::sort(at);
  at.erase(std::ranges::unique(at).begin(), at.end());
  return at;
}

/// The messages of a stream that is read in two pieces.
std::vector<gateway::testing::FramedMessage> framed(const RecordedStream& stream, std::size_t cut) {
  const std::array pieces{stream.bytes.substr(0, cut), stream.bytes.substr(cut)};
  auto read = gateway::testing::read_frames(stream.dialect->framing, pieces);
  EXPECT_TRUE(read.result);
  return std::move(read.messages);
}

class Replay : public ::testing::TestWithParam<RecordedStream> {};

TEST_P(Replay, TellsTheSameHoweverItIsRead) {
  const RecordedStream& stream = GetParam();
  const Replayed whole = replay(stream, stream.bytes);
  EXPECT_EQ(whole.broken, "");
  EXPECT_EQ(whole.ended, !whole.error);
  EXPECT_TRUE(whole.error || !whole.client.empty());
  const auto expect_same = [&](std::span<const std::size_t> sizes) {
    const Replayed other = replay(stream, stream.bytes, sizes);
    ASSERT_EQ(other.client, whole.client);
    ASSERT_EQ(other.told, whole.told);
    ASSERT_EQ(other.error.has_value(), whole.error.has_value());
    if (whole.error) ASSERT_EQ(other.error->message(), whole.error->message());
  };
  if (!stream.reads.empty()) expect_same(stream.reads);
  const std::size_t one = 1;
  expect_same(std::span(&one, 1));
  constexpr std::size_t replays = 24;
  for (std::size_t i = 1; i < replays && !HasFatalFailure(); ++i) {
    const std::array sizes{stream.bytes.size() * i / replays, stream.bytes.size()};
    SCOPED_TRACE("cut at byte " + std::to_string(sizes[0]));
    expect_same(sizes);
  }
}

/// What is behind the framing sees events only, so their equality is that of the whole chain.
TEST_P(Replay, IsFramedAlikeWhereverItIsCutInTwo) {
  const std::string& bytes = GetParam().bytes;
  const auto whole = framed(GetParam(), 0);
  EXPECT_FALSE(whole.empty());
  const std::size_t step = bytes.size() <= 8192 ? 1 : stride(GetParam());
  for (std::size_t cut = 1; cut < bytes.size(); cut += step)
    ASSERT_TRUE(framed(GetParam(), cut) == whole) << "cut at byte " << cut;
}

TEST_P(Replay, IsNeverCompleteWhenCutShort) {
  const RecordedStream& stream = GetParam();
  const Replayed whole = replay(stream, stream.bytes);
  const Terminal terminal = terminal_offsets(stream);
  if (stream.synthetic) ASSERT_GT(terminal.first, stream.bytes.size());
  for (const std::size_t cut : cuts(stream)) {
    if (HasFatalFailure()) return;
    SCOPED_TRACE("cut off behind byte " + std::to_string(cut));
    const Replayed torn = replay(stream, std::string_view(stream.bytes).substr(0, cut));
    ASSERT_EQ(torn.broken, "");
    ASSERT_EQ(torn.ended, !torn.error);
    if (torn.ended) {
      ASSERT_GE(cut, terminal.first) << "an invented end";
      if (cut >= terminal.last) ASSERT_EQ(torn.told, whole.told);
      ASSERT_TRUE(torn.client.ends_with("data: [DONE]\n\n"));
      continue;
    }
    ASSERT_TRUE(whole.client.starts_with(torn.client)) << torn.client;
    ASSERT_EQ(torn.finished, 0U) << "an invented finish";
    ASSERT_EQ(torn.client.find("[DONE]"), std::string::npos);
    ASSERT_GE(torn.error->traits().http_status, 400);
    ASSERT_NE(torn.error->message(), "");
  }
}

TEST_P(Replay, EndsAsTheProviderSays) {
  const RecordedStream& stream = GetParam();
  const Replayed whole = replay(stream, stream.bytes);
  if (stream.synthetic) {
    ASSERT_TRUE(whole.error);
    EXPECT_EQ(whole.client.find("[DONE]"), std::string::npos);
    return;
  }
  if (whole.error) {
    const bool tells = stream.bytes.contains("error") || stream.bytes.contains("xception");
    EXPECT_TRUE(tells) << whole.error->message();
    return;
  }
  EXPECT_TRUE(whole.client.ends_with("data: [DONE]\n\n"));
  EXPECT_GT(whole.finished, 0U);
}

std::vector<RecordedStream> streams() {
  auto all = gateway::testing::recorded_streams();
  std::ranges::move(gateway::testing::synthetic_streams(), std::back_inserter(all));
  return all;
}

INSTANTIATE_TEST_SUITE_P(Streams, Replay, ::testing::ValuesIn(streams()), [](const auto& info) {
  std::string name = info.param.synthetic ? "synthetic_" + info.param.name : info.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(ReplayCoverage, SaysWhatIsLeftOut) {
  const auto recorded = gateway::testing::recorded_streams();
  if (recorded.empty())
    GTEST_SKIP() << "no recordings at " << gateway::testing::recordings_folder()
                 << ": only streams made by hand were replayed; set SLUICE_SHARED";
  std::size_t strided = 0, widest = 1;
  for (const RecordedStream& stream : recorded) {
    strided += stride(stream) > 1;
    widest = std::max(widest, stride(stream));
  }
  std::cout << "replayed " << recorded.size() << " recordings: " << recorded.size() - strided
            << " cut off at every byte, " << strided << " longer than " << every_byte
            << " bytes at a stride of at most " << widest << " bytes and around line ends up to 8 KB\n";
}

struct Meaning {
  std::string_view stream;
  ErrorCode code;
  std::string_view words;
};

TEST(SyntheticStreams, FailAsTheProviderMeans) {
  constexpr std::array meanings{
      Meaning{"claude-overloaded", ErrorCode::upstream_overloaded, "Overloaded"},
      Meaning{"claude-rate-limited", ErrorCode::upstream_rate_limited, "Number of tokens has exceeded"},
      Meaning{"claude-broken", ErrorCode::upstream_error, "Internal server error"},
      Meaning{"claude-late", ErrorCode::upstream_timeout, "Request timed out"},
      Meaning{"chat-server-error", ErrorCode::upstream_error, "The server had an error"},
      Meaning{"chat-error-in-a-call", ErrorCode::upstream_error, "The server had an error"},
      Meaning{"responses-error", ErrorCode::upstream_error, "The server had an error"},
      Meaning{"responses-rate-limited", ErrorCode::upstream_rate_limited, "Rate limit reached"},
      Meaning{"converse-throttled", ErrorCode::upstream_rate_limited, "Too many requests"},
      Meaning{"converse-unknown-failure", ErrorCode::upstream_error, "An internal server error occurred"},
      Meaning{"ollama-failed", ErrorCode::upstream_error, "the model crashed"},
      Meaning{"gemini-unavailable", ErrorCode::upstream_overloaded, "The model is overloaded."}};
  const auto all = gateway::testing::synthetic_streams();
  ASSERT_EQ(all.size(), meanings.size());
  for (const Meaning& meaning : meanings) {
    SCOPED_TRACE(meaning.stream);
    const auto stream = std::ranges::find(all, meaning.stream, &RecordedStream::name);
    ASSERT_NE(stream, all.end());
    const Replayed replayed = replay(*stream, stream->bytes);
    ASSERT_TRUE(replayed.error);
    EXPECT_EQ(replayed.error->code(), meaning.code);
    EXPECT_NE(replayed.error->message().find(meaning.words), std::string::npos) << replayed.error->message();
    EXPECT_NE(replayed.client.find("It is"), std::string::npos);
  }
}

}  // namespace

// gtest prints parameters of tests that fail.
namespace testing {
void PrintTo(const RecordedStream& stream, std::ostream* out) {
  *out << stream.name;
}
}  // namespace testing

}  // namespace sluice::gateway
