// The shared vectors: what must come out of each, and what must hold for all.

#include "json/repair/testing/vectors.hpp"

#include "json/repair/layers.hpp"
#include "json/repair/repair.hpp"
#include "json/repair/stream.hpp"
#include "json/repair/testing/canonical.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::json::repair {
namespace {

class SharedVectors : public testing::Test {
 protected:
  void SetUp() override {
    if (vectors_folder().empty()) GTEST_SKIP() << "no shared vectors; set SLUICE_SHARED";
  }
};

/// What came of a text: the JSON, or nothing.
std::optional<std::string> repaired(std::string_view text, const Options& options = {}) {
  std::string buffer;
  const auto result = whole(text, buffer, options);
  if (!result) return std::nullopt;
  return std::string(result->json);
}

/// Without JSON's white space around it.
std::string_view stripped(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

bool right(const Vector& vector) {
  const auto out = repaired(vector.input);
  if (!out) return vector.mode == "unrepairable" || vector.error_ok;
  if (vector.mode == "already-valid" && trimmed(*out) == trimmed(vector.input)) return true;
  const auto value = canonical_strict(*out);
  return value && vector.accept.contains(*value);
}

TEST_F(SharedVectors, AreRepairedAsExpected) {
  std::map<std::string, std::pair<int, int>> modes;
  int good = 0, all = 0;
  for (const Vector& vector : visible_vectors()) {
    const bool ok = right(vector);
    good += ok;
    ++all;
    modes[vector.mode].first += ok;
    ++modes[vector.mode].second;
  }
  RecordProperty("right", good);
  EXPECT_GT(all, 1000);
  EXPECT_GE(good * 1000, all * 995) << good << " of " << all;
  EXPECT_EQ(modes["already-valid"].first, modes["already-valid"].second);
  EXPECT_EQ(modes["unrepairable"].first, modes["unrepairable"].second);
}

TEST_F(SharedVectors, LeaveWhatIsValidByteForByte) {
  for (const Vector& vector : visible_vectors()) {
    if (vector.mode != "already-valid") continue;
    std::string buffer;
    const auto result = whole(vector.input, buffer);
    ASSERT_TRUE(result) << vector.id;
    EXPECT_EQ(result->json, vector.input) << vector.id;
    EXPECT_FALSE(result->changed()) << vector.id;
  }
}

TEST_F(SharedVectors, GiveStrictJsonOnceAndForAll) {
  for (const Vector& vector : visible_vectors()) {
    std::string buffer, again;
    const auto result = whole(vector.input, buffer);
    if (!result) continue;
    if (result->changed()) {
      EXPECT_TRUE(canonical_strict(result->json)) << vector.id;
    }
    EXPECT_EQ(result->changed(), stripped(result->json) != stripped(vector.input)) << vector.id;
    const auto second = whole(result->json, again);
    ASSERT_TRUE(second) << vector.id;
    EXPECT_EQ(second->json, result->json) << vector.id;
  }
}

std::string streamed(const std::vector<std::string>& pieces, std::optional<Reason>* reason = nullptr,
                     const StreamOptions& options = {}) {
  Stream stream(options);
  std::string out;
  for (const std::string& piece : pieces) stream.feed(piece, out);
  const auto result = stream.finish(out);
  if (reason && !result) *reason = result.error();
  return out;
}

TEST_F(SharedVectors, StreamAsExpected) {
  for (const StreamVector& vector : stream_vectors()) {
    SCOPED_TRACE(vector.id);
    const bool arguments = vector.target == "arguments";
    Stream stream({.object = arguments, .empty_is_object = arguments});
    std::string out;
    std::size_t fed = 0, mark = 0;
    for (const std::string& chunk : vector.chunks) {
      if (fed < vector.silent_before) EXPECT_EQ(out, "") << "before chunk " << fed;
      stream.feed(chunk, out);
      ++fed;
      for (; mark < vector.liveness.size() && vector.liveness[mark].after_chunk < fed; ++mark)
        EXPECT_GE(out.size(), vector.liveness[mark].min_bytes) << "after chunk " << fed << ": " << out;
    }
    const auto result = stream.finish(out);
    if (vector.mode == "unrepairable") {
      EXPECT_FALSE(result);
      EXPECT_EQ(out, "");
      continue;
    }
    ASSERT_TRUE(result);
    const auto value = canonical_strict(out);
    ASSERT_TRUE(value) << out;
    EXPECT_TRUE(vector.accept.contains(*value)) << out;
    if (!vector.final_text.empty()) EXPECT_EQ(out, vector.final_text);
  }
}

TEST_F(SharedVectors, StreamTheSameHoweverTheyAreCut) {
  std::uint64_t seed = 1;
  const auto below = [&](std::size_t bound) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % bound;
  };
  for (const Vector& vector : visible_vectors()) {
    std::optional<Reason> at_once_reason, reason;
    const std::string at_once = streamed({vector.input}, &at_once_reason);
    if (at_once_reason) {
      EXPECT_EQ(at_once, "") << vector.id;
    } else {
      EXPECT_TRUE(canonical_strict(at_once)) << vector.id << ": " << at_once;
    }
    for (int round = 0; round < 21; ++round) {
      std::vector<std::string> pieces;
      const std::size_t longest = round == 0 ? 1 : 1 + below(40);
      for (std::size_t at = 0; at < vector.input.size();) {
        const std::size_t size = 1 + below(longest);
        pieces.push_back(vector.input.substr(at, size));
        at += size;
      }
      reason.reset();
      ASSERT_EQ(streamed(pieces, &reason), at_once) << vector.id << " round " << round;
      ASSERT_EQ(reason, at_once_reason) << vector.id;
    }
  }
}

TEST_F(SharedVectors, StreamAsAWholeWhereTheyMust) {
  const std::set<std::string> categories{"valid",
                                         "trailing-comma",
                                         "leading-comma",
                                         "missing-comma",
                                         "single-quote",
                                         "smart-quote",
                                         "special-quote",
                                         "unquoted-key",
                                         "python-literal",
                                         "nan-infinity",
                                         "undefined",
                                         "comment",
                                         "code-fence",
                                         "preamble",
                                         "think-block",
                                         "control-char",
                                         "invalid-escape",
                                         "hex-escape",
                                         "truncated-array",
                                         "truncated-key",
                                         "truncated-literal",
                                         "truncated-number",
                                         "truncated-object",
                                         "truncated-string",
                                         "tool-args-truncated",
                                         "missing-close",
                                         "extra-close",
                                         "missing-colon",
                                         "leading-plus",
                                         "leading-zero",
                                         "trailing-dot",
                                         "thousands-separator",
                                         "number-misc"};
  for (const Vector& vector : visible_vectors()) {
    const bool mutated = vector.category.starts_with("mut-");
    if (!categories.contains(vector.category) && !mutated) continue;
    if (!right(vector)) continue;
    std::optional<Reason> reason;
    const std::string out = streamed({vector.input}, &reason);
    if (reason && (vector.error_ok || vector.mode == "unrepairable")) continue;
    const auto value = canonical_strict(out);
    const bool ok =
        !reason && value && (vector.accept.contains(*value) || trimmed(out) == trimmed(vector.input));
    if (mutated && !ok) {
      std::printf("differs %s %s\n", vector.category.c_str(), vector.id.c_str());
      continue;
    }
    EXPECT_TRUE(ok) << vector.category << ' ' << vector.id << ": " << vector.input << "\n" << out;
  }
}

TEST_F(SharedVectors, HoldLittleBackWhileAllIsRight) {
  for (const Vector& vector : visible_vectors()) {
    const auto valid = repaired(vector.input);
    if (vector.mode != "already-valid" || !trimmed(vector.input).starts_with('{')) continue;
    Stream stream;
    std::string out;
    for (std::size_t i = 0; i < vector.input.size(); ++i) {
      stream.feed(vector.input.substr(i, 1), out);
      const std::size_t seen = trimmed(std::string_view(vector.input).substr(0, i + 1)).size();
      EXPECT_LE(seen, out.size() + 16) << vector.id << " at " << i << ": " << out;
    }
  }
}

}  // namespace
}  // namespace sluice::json::repair
