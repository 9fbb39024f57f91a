#include "http/chunked.hpp"

#include "http/limits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::http {
namespace {

using namespace std::string_literals;
using State = ChunkedDecoder::State;

struct Outcome {
  State state;
  std::string content;
  std::size_t consumed;  ///< of a complete body
  bool operator==(const Outcome&) const = default;
};

/// Feeds `coded` in pieces, each in memory of its own that is freed at once.
Outcome decode(std::string_view coded, const std::vector<std::size_t>& cuts) {
  ChunkedDecoder decoder;
  Outcome outcome{State::more, "", 0};
  std::size_t at = 0;
  for (std::size_t i = 0; i <= cuts.size() && outcome.state == State::more; ++i) {
    const std::size_t end = i < cuts.size() ? cuts[i] : coded.size();
    std::vector<char> piece(coded.begin() + static_cast<std::ptrdiff_t>(at),
                            coded.begin() + static_cast<std::ptrdiff_t>(end));
    const auto step = decoder.decode(piece);
    outcome.state = step.state;
    outcome.content.append(piece.data(), step.decoded);
    EXPECT_LE(step.consumed, piece.size());
    EXPECT_LE(step.decoded, step.consumed);
    if (step.state == State::more) EXPECT_EQ(step.consumed, piece.size());
    if (step.state == State::complete) outcome.consumed = at + step.consumed;
    if (step.state == State::refused) EXPECT_FALSE(decoder.why().empty());
    at = end;
  }
  return outcome;
}

/// The outcome, which must be the same in one piece, in two cut anywhere, and byte by byte.
Outcome same_at_every_cut(std::string_view coded) {
  const Outcome whole = decode(coded, {});
  std::vector<std::size_t> all;
  for (std::size_t cut = 0; cut <= coded.size(); ++cut) {
    all.push_back(cut);
    EXPECT_EQ(decode(coded, {cut}), whole) << "cut at " << cut << " of " << coded.substr(0, 100);
  }
  EXPECT_EQ(decode(coded, all), whole) << "byte by byte: " << coded.substr(0, 100);
  return whole;
}

TEST(Chunked, DecodesAndLeavesTheNextMessage) {
  const std::string coded =
      "5\r\nhello\r\n0A;a;b=c;d=\"x;\\\"y\"\r\n 0123456\r\n\r\n00\r\nTrailer: x\r\nother:\r\n\r\n";
  const Outcome outcome = same_at_every_cut(coded + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(outcome.state, State::complete);
  EXPECT_EQ(outcome.content, "hello 0123456\r\n");
  EXPECT_EQ(outcome.consumed, coded.size());
}

TEST(Chunked, DecodesAnEmptyBody) {
  EXPECT_EQ(same_at_every_cut("0\r\n\r\n"), (Outcome{State::complete, "", 5}));
}

TEST(Chunked, WaitsForTheRest) {
  for (std::string_view coded :
       {"", "5", "5\r", "5\r\n", "5\r\nhel", "5\r\nhello", "5\r\nhello\r", "5\r\nhello\r\n0\r\n",
        "0\r\nTrailer: x", "0\r\nTrailer: x\r\n", "0\r\n\r", "fFfF\r\n"})
    EXPECT_EQ(same_at_every_cut(coded).state, State::more) << coded;
}

TEST(Chunked, RefusesWhatAnotherParserCouldReadDifferently) {
  for (const std::string& coded : {"\r\n"s,
                                   "x\r\n"s,
                                   " 5\r\n"s,
                                   "5 \r\n"s,
                                   "5\t\r\n"s,
                                   "-5\r\n"s,
                                   "+5\r\n"s,
                                   "0x5\r\n"s,
                                   "5,5\r\n"s,
                                   "5.\r\n"s,
                                   "5\n"s,
                                   "5\r\rhello"s,
                                   "5\rXhello"s,
                                   "5\0\r\n"s,
                                   "5\r\nhelloX\n"s,
                                   "5\r\nhello\n\r\n"s,
                                   "5\r\nhello\rX"s,
                                   "5\r\nhello\r\n\r\n"s,
                                   "5\r\nhelloworld"s,
                                   "5;\r\n"s,
                                   "5;;a\r\n"s,
                                   "5;a=\r\n"s,
                                   "5;a=\"x\r\n"s,
                                   "5;a=\"\\\r\n"s,
                                   "5;a=\"x\"y\r\n"s,
                                   "5; a\r\n"s,
                                   "5 ;a\r\n"s,
                                   "5;a =b\r\n"s,
                                   "5;a\0\r\n"s,
                                   "5;a=\"\x01\"\r\n"s,
                                   "5;a\nb\r\n"s,
                                   "10000000001\r\n"s,
                                   "fffffffffffffffff\r\n"s,
                                   "0\r\n x: folded\r\n"s,
                                   "0\r\nx : y\r\n"s,
                                   "0\r\n: y\r\n"s,
                                   "0\r\nno colon\r\n"s,
                                   "0\r\nx: \0\r\n"s,
                                   "0\r\nx: y\n\r\n"s,
                                   "0\r\nx: a\rb\r\n"s,
                                   "0\n\n"s})
    EXPECT_EQ(same_at_every_cut(coded + "0\r\n\r\n").state, State::refused) << coded;
}

TEST(Chunked, BoundsSizeLinesAndTrailers) {
  EXPECT_EQ(same_at_every_cut(std::string(max_chunk_line, '0') + "\r\n\r\n").state, State::complete);
  EXPECT_EQ(same_at_every_cut(std::string(max_chunk_line + 1, '0') + "\r\n\r\n").state, State::refused);
  EXPECT_EQ(decode(std::string(1 << 20, '0'), {}).state, State::refused);

  const std::string field = "x: " + std::string(509, 'y');
  std::string trailer = "0\r\n";
  for (std::size_t i = 0; i < max_trailer / field.size(); ++i) trailer += field + "\r\n";
  EXPECT_EQ(decode(trailer + "\r\n", {}).state, State::complete);
  EXPECT_EQ(decode(trailer + "x:\r\n\r\n", {}).state, State::refused);
  EXPECT_EQ(decode("0\r\nx: " + std::string(max_trailer, 'y'), {}).state, State::refused);
}

TEST(Chunked, TakesALargeChunkInWhateverPiecesItComes) {
  const std::string content(100'000, 'z');
  std::string coded;
  append_chunk_size(coded, content.size());
  EXPECT_EQ(coded, "186a0\r\n");
  coded += content + "\r\n0\r\n\r\n";
  for (std::size_t piece : {1UL, 7UL, 4096UL, 65536UL}) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = piece; at < coded.size(); at += piece) cuts.push_back(at);
    EXPECT_EQ(decode(coded, cuts), (Outcome{State::complete, content, coded.size()})) << piece;
  }
}

TEST(Chunked, IsReadyForAnotherBodyAfterReset) {
  ChunkedDecoder decoder;
  std::string broken = "x";
  EXPECT_EQ(decoder.decode(broken).state, State::more);
  decoder.reset();
  std::string body = "1\r\na\r\n0\r\n\r\n";
  const auto step = decoder.decode(body);
  EXPECT_EQ(step.state, State::complete);
  EXPECT_EQ(body.substr(0, step.decoded), "a");
}

}  // namespace
}  // namespace sluice::http
