#include "json/repair/stream.hpp"

#include "json/repair/layers.hpp"

#include <algorithm>
#include <utility>

namespace sluice::json::repair {
namespace {

constexpr std::size_t prose_reach = 480;
constexpr std::size_t longest_first = 512;
constexpr Reach encoding_reach{.near = 64, .far = 64, .clean = false};

}  // namespace

Stream::Stream(const StreamOptions& options)
    : options_(options), prose_(prose_reach), parser_({.streaming = true}) {}

void Stream::feed(std::string_view piece, std::string& out) {
  size_ += piece.size();
  if (size_ > max_bytes) return;
  if (phase_ == Phase::prose && first_.size() <= longest_first)
    first_ += piece.substr(0, longest_first + 1 - first_.size());
  read(piece, false, out);
}

/// Reads what is held and `piece`, and holds what is left.
void Stream::read(std::string_view piece, bool whole, std::string& out) {
  const std::size_t before = out.size();
  if (held_.empty() && decoder_.encoding() == Encoding::plain) {
    const std::size_t used = advance(piece, whole, out);
    held_ = piece.substr(used);
  } else {
    decoder_.decode(piece, whole, held_);
    held_.erase(0, advance(held_, whole, out));
  }
  if (phase_ == Phase::prose && decoder_.encoding() != Encoding::plain && !held_.empty()) {
    // The encoding was just seen: what is held is still encoded.
    if (!decoding_) {
      decoding_ = true;
      const std::string encoded = std::exchange(held_, {});
      decoder_.decode(encoded, whole, held_);
      held_.erase(0, advance(held_, whole, out));
    }
  }
  begun_ = begun_ || out.size() > before;
}

/// Reads on at the beginning of `text`; returns how much of it was consumed.
std::size_t Stream::advance(std::string_view text, bool whole, std::string& out) {
  std::size_t at = 0;
  while (phase_ == Phase::prose) {
    std::size_t consumed = 0;
    const Prose::Found found = prose_.scan(text.substr(at), whole, consumed);
    at += consumed;
    if (found == Prose::Found::nothing) return at;
    bool stuck = false;
    const bool begin = begins(found, text.substr(at), whole, stuck);
    if (stuck) return at;
    if (begin) {
      parser_.start(found == Prose::Found::members ? Parser::Start::members : Parser::Start::value);
      phase_ = Phase::value;
    } else {
      prose_.pass_over();
    }
  }
  if (phase_ == Phase::value) {
    at += parser_.read(text.substr(at), whole, out);
    if (!parser_.done() && !parser_.too_deep()) return at;
    phase_ = Phase::tail;
  }
  const auto visible = [](char c) { return static_cast<unsigned char>(c) > ' '; };
  if (std::ranges::any_of(text.substr(at), visible)) fixes_.add(Fix::prose);
  return text.size();
}

bool Stream::begins(Prose::Found found, std::string_view text, bool whole, bool& stuck) {
  const Window here{.bytes = text, .whole = whole};
  const bool string = found == Prose::Found::string;
  if (decoder_.encoding() == Encoding::plain && found != Prose::Found::members) {
    Look look(here, 0, encoding_reach);
    if (string) look.pass(look.peek());
    const bool document = !string || (options_.object && (look.peek().blank() || look.peek().is(Kind::open)));
    const Encoding encoding = document ? encoding_at(look) : Encoding::plain;
    stuck = here.starved;
    if (stuck) return false;
    if (encoding != Encoding::plain) {
      fixes_.add(Fix::escaped_text);
      decoder_ = Decoder(encoding);
      stuck = true;  // until it is decoded
      return false;
    }
  }
  if (string) return !options_.object;
  return !options_.object || !text.starts_with('[');
}

std::expected<void, Reason> Stream::finish(std::string& out) {
  if (size_ <= max_bytes) read({}, true, out);
  if (size_ > max_bytes) return std::unexpected(Reason::too_large);
  if (parser_.too_deep()) return std::unexpected(Reason::too_deep);
  if (phase_ == Phase::tail) return {};
  return last_try(out);
}

/// No value was found. A short text may still be one scalar, or all of it escaped.
std::expected<void, Reason> Stream::last_try(std::string& out) {
  if (size_ > first_.size())
    return std::unexpected(prose_.only_reasoning() || prose_.thinking() ? Reason::only_reasoning
                                                                        : Reason::no_json);
  std::string buffer;
  const auto repaired =
      whole(first_, buffer, {.object = options_.object, .empty_is_object = options_.empty_is_object});
  if (!repaired) return std::unexpected(repaired.error());
  fixes_.add(repaired->fixes);
  out += trimmed(repaired->json);
  begun_ = true;
  return {};
}

Fixes Stream::fixes() const {
  Fixes all = fixes_;
  all.add(prose_.fixes());
  all.add(parser_.fixes());
  return all;
}

}  // namespace sluice::json::repair
