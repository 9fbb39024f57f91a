#include "http/aws_event_stream.hpp"

#include "base/crc32.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <vector>

namespace sluice::http {
namespace {

using Kind = AwsMessage::Kind;

struct Collect final : AwsEventStreamReader::Sink {
  std::vector<std::string> messages;
  std::size_t most = 100;
  bool on_message(const AwsMessage& message) override {
    const char kind = "VXE"[static_cast<int>(message.kind)];
    messages.push_back(kind + std::string(message.type) + " " + std::string(message.payload));
    return messages.size() < most;
  }
};

std::string unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

/// Made by botocore's own encoder.
const std::string event = unhex(
    "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e"
    "742d"
    "747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e7465"
    "6e74"
    "426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657");
const std::string exception = unhex(
    "0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a"
    "636f"
    "6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074"
    "696f"
    "6e7b226d657373616765223a22736c6f7720646f776e227d832ee072");
const std::string told_event = R"(VcontentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Hi"}})";
const std::string told_exception = R"(XthrottlingException {"message":"slow down"})";

std::string number(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

/// A message with right checksums, whatever its parts are.
std::string frame(std::string_view headers, std::string_view payload) {
  std::string bytes = number(16 + headers.size() + payload.size()) + number(headers.size());
  bytes += number(crc32(bytes));
  bytes.append(headers).append(payload);
  return bytes + number(crc32(bytes));
}

std::string header(std::string_view name, std::string_view text) {
  std::string bytes(1, static_cast<char>(name.size()));
  bytes.append(name).append({'\7', '\0', static_cast<char>(text.size())}).append(text);
  return bytes;
}

struct Read {
  std::vector<std::string> messages;
  Result<> result;
};

Read read(std::string_view bytes, std::size_t piece, std::size_t most = 1 << 20) {
  AwsEventStreamReader reader(most);
  Collect seen;
  Read read;
  while (read.result && !bytes.empty()) {
    const std::string own(bytes.substr(0, piece));  // freed before the next one comes
    read.result = reader.feed(own, seen);
    EXPECT_LE(reader.pending(), most);
    bytes.remove_prefix(own.size());
  }
  if (read.result) read.result = reader.finish(seen);
  read.messages = seen.messages;
  return read;
}

TEST(AwsEventStream, ReadsMessagesHoweverTheyAreCut) {
  const std::string stream = event + exception + event;
  const std::vector<std::string> told{told_event, told_exception, told_event};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const Read all = read(stream, piece);
    ASSERT_TRUE(all.result) << piece << ": " << all.result.error().message();
    ASSERT_EQ(all.messages, told) << piece;
  }
}

TEST(AwsEventStream, IsTruncatedWhereverItEndsInsideAMessage) {
  const std::string stream = event + exception;
  for (std::size_t size = 1; size < stream.size(); ++size) {
    const Read torn = read(std::string_view(stream).substr(0, size), 7);
    EXPECT_EQ(torn.messages.size(), size >= event.size() ? 1U : 0U);
    ASSERT_EQ(torn.result.has_value(), size == event.size()) << size;
    if (!torn.result) EXPECT_EQ(torn.result.error().code(), ErrorCode::upstream_truncated);
  }
}

TEST(AwsEventStream, SeesEveryFlippedBit) {
  for (const std::size_t piece : {std::size_t{1}, event.size()}) {
    for (std::size_t bit = 0; bit < 8 * event.size(); ++bit) {
      std::string damaged = event;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
      const Read seen = read(damaged, piece);
      ASSERT_FALSE(seen.result) << "bit " << bit;
      EXPECT_EQ(seen.result.error().code(), ErrorCode::upstream_protocol);
      EXPECT_TRUE(seen.messages.empty());
    }
  }
}

TEST(AwsEventStream, TellsErrorsByTheirHeaders) {
  const std::string error = frame(header(":message-type", "error") + header(":error-code", "InternalError") +
                                      header(":error-message", "An internal server error occurred"),
                                  "");
  EXPECT_EQ(read(error, 5).messages,
            std::vector<std::string>{"EInternalError An internal server error occurred"});
}

TEST(AwsEventStream, SkipsHeadersOfEveryOtherType) {
  std::string headers;
  for (const auto& [type, size] : {std::pair{0, 0}, {1, 0}, {2, 1}, {3, 2}, {4, 4}, {5, 8}, {8, 8}, {9, 16}})
    headers +=
        "\1h" + std::string(1, static_cast<char>(type)) + std::string(static_cast<std::size_t>(size), 'x');
  headers += std::string("\1b\6\0\2xy", 7);
  headers += header(":message-type", "event") + header(":event-type", "e");
  EXPECT_EQ(read(frame(headers, "{}"), 3).messages, std::vector<std::string>{"Ve {}"});
}

TEST(AwsEventStream, RefusesHeadersThatDoNotFit) {
  const std::string good = header(":message-type", "event");
  for (const std::string& headers :
       {good.substr(0, good.size() - 1), good + '\5', good + "\1h", good + "\1h\12", good + "\1h\7",
        good + std::string("\1h\7\0\2x", 6), good + "\1h\4xx", std::string("\377", 1)}) {
    const Read seen = read(frame(headers, "{}"), 4);
    ASSERT_FALSE(seen.result);
    EXPECT_EQ(seen.result.error().code(), ErrorCode::upstream_protocol);
  }
  EXPECT_FALSE(read(frame(header(":message-type", "letter"), "{}"), 4).result);
  EXPECT_FALSE(read(frame("", "{}"), 4).result);
}

/// Checksums are right, sizes are not.
TEST(AwsEventStream, BelievesNoSizeThatCannotBe) {
  const auto prelude = [](std::size_t total, std::size_t headers) {
    const std::string sizes = number(total) + number(headers);
    return sizes + number(crc32(sizes));
  };
  for (const auto& [total, headers] : {std::pair<std::size_t, std::size_t>{0, 0},
                                       {15, 0},
                                       {16, 1},
                                       {100, 85},
                                       {100, 0xffffffff},
                                       {300'000, 131'073},
                                       {0xffffffff, 0}}) {
    const Read seen = read(prelude(total, headers), 12);
    ASSERT_FALSE(seen.result) << total << " " << headers;
    EXPECT_EQ(seen.result.error().code(), ErrorCode::upstream_protocol);
  }
}

TEST(AwsEventStream, BoundsAMessage) {
  EXPECT_FALSE(read(event, 1, event.size() - 1).result);
  EXPECT_FALSE(read(event, event.size(), event.size() - 1).result);
  EXPECT_TRUE(read(event, 1, event.size()).result);
}

TEST(AwsEventStream, StopsWhereItIsTold) {
  AwsEventStreamReader reader(1 << 20);
  Collect seen;
  seen.most = 1;
  ASSERT_TRUE(reader.feed(event + event, seen));
  EXPECT_EQ(seen.messages.size(), 1U);
}

}  // namespace
}  // namespace sluice::http
