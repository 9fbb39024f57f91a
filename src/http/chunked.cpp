#include "http/chunked.hpp"

#include "http/grammar.hpp"
#include "http/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace sluice::http {
namespace {

/// chunk-ext = *( ";" token [ "=" ( token / quoted-string ) ] ); the optional white space of the grammar is
/// refused: nobody sends it and parsers differ.
bool is_chunk_extension(std::string_view text) {
  while (!text.empty()) {
    if (text.front() != ';') return false;
    text.remove_prefix(1);
    const auto token_end = [&] {
      return static_cast<std::size_t>(std::ranges::find_if_not(text, is_token_character) - text.begin());
    };
    std::size_t end = token_end();
    if (end == 0) return false;
    text.remove_prefix(end);
    if (!text.starts_with('=')) continue;
    text.remove_prefix(1);
    if (!text.starts_with('"')) {
      end = token_end();
      if (end == 0) return false;
      text.remove_prefix(end);
      continue;
    }
    std::size_t i = 1;
    while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
    if (i >= text.size() || !is_field_value(text.substr(0, i))) return false;
    text.remove_prefix(i + 1);
  }
  return true;
}

}  // namespace

void ChunkedDecoder::reset() {
  *this = {};
}

bool ChunkedDecoder::refuse(std::string_view why) {
  why_ = why;
  return false;
}

/// Adds bytes up to the line's end to line_. False if they cannot be a line.
bool ChunkedDecoder::take_line(std::span<char> bytes, std::size_t& at, std::size_t limit, bool& complete) {
  complete = false;
  const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
  const std::size_t end =
      found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
  if (line_.size() + (end - at) > limit + 1) return refuse("a line of the chunked coding is too long");
  line_.append(bytes.data() + at, end - at);
  at = end;
  // A CR may only stand before the LF, which may not have come yet.
  const auto cr = line_.find('\r');
  if (cr != std::string::npos && cr + 1 != line_.size()) return refuse("a bare CR in the chunked coding");
  if (!found) return true;
  if (cr == std::string::npos) return refuse("a line of the chunked coding must end with CR LF");
  line_.pop_back();
  ++at;
  complete = true;
  return true;
}

bool ChunkedDecoder::end_size_line() {
  const std::string_view line = line_;
  const auto digits = line.substr(0, line.find_first_not_of("0123456789abcdefABCDEF"));
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (digits.empty() || error != std::errc() || size > (std::uint64_t{1} << 40))
    return refuse("a malformed chunk size");
  if (!is_chunk_extension(line.substr(digits.size()))) return refuse("a malformed chunk extension");
  left_ = size;
  phase_ = size > 0 ? Phase::data : Phase::trailer_line;
  line_.clear();
  return true;
}

bool ChunkedDecoder::end_trailer_line() {
  if (line_.empty()) {
    phase_ = Phase::complete;
    return true;
  }
  // Trailer fields are checked and forgotten: they must not be merged into the header (RFC 9110
  // section 6.5.1).
  trailer_size_ += line_.size();
  const auto colon = line_.find(':');
  if (trailer_size_ > max_trailer) return refuse("the trailer is too large");
  if (colon == std::string::npos || !is_token(std::string_view(line_).substr(0, colon)) ||
      !is_field_value(line_))
    return refuse("a malformed trailer field");
  line_.clear();
  return true;
}

ChunkedDecoder::Step ChunkedDecoder::decode(std::span<char> bytes) {
  std::size_t at = 0, out = 0;
  bool good = true;
  while (good && at < bytes.size() && phase_ != Phase::complete) {
    bool complete = false;
    switch (phase_) {
      case Phase::size_line:
        good = take_line(bytes, at, max_chunk_line, complete) && (!complete || end_size_line());
        break;
      case Phase::data: {
        const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
        if (out != at) std::memmove(bytes.data() + out, bytes.data() + at, take);
        out += take;
        at += take;
        left_ -= take;
        if (left_ == 0) phase_ = Phase::data_end;
        break;
      }
      case Phase::data_end:
        if (bytes[at++] != "\r\n"[data_end_]) {
          good = refuse("a chunk is not followed by CR LF");
        } else if (++data_end_ == 2) {
          data_end_ = 0;
          phase_ = Phase::size_line;
        }
        break;
      case Phase::trailer_line:
        good = take_line(bytes, at, max_trailer, complete) && (!complete || end_trailer_line());
        break;
      case Phase::complete:
        break;
    }
  }
  const State state = !good ? State::refused : phase_ == Phase::complete ? State::complete : State::more;
  return {state, out, at};
}

void append_chunk_size(std::string& out, std::size_t bytes) {
  std::array<char, 16> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), bytes, 16);
  out.append(digits.data(), end);
  out.append("\r\n");
}

}  // namespace sluice::http
