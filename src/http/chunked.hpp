#pragma once
// The chunked transfer coding (RFC 9112 section 7.1), decoded strictly and in place.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::http {

/// Fed with whatever arrives. One per body; reset() for the next.
class ChunkedDecoder {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  struct Step {
    State state;
    std::size_t decoded;   ///< content, moved to the front of the span
    std::size_t consumed;  ///< bytes taken from the span; those behind belong to the next message
  };

  /// Decodes `bytes` in place.
  Step decode(std::span<char> bytes);
  void reset();
  std::string_view why() const { return why_; }

 private:
  enum class Phase : std::uint8_t { size_line, data, data_end, trailer_line, complete };

  bool take_line(std::span<char> bytes, std::size_t& at, std::size_t limit, bool& complete);
  bool end_size_line();
  bool end_trailer_line();
  bool refuse(std::string_view why);

  Phase phase_ = Phase::size_line;
  std::uint64_t left_ = 0;  ///< bytes of the current chunk still to come
  std::size_t trailer_size_ = 0;
  unsigned data_end_ = 0;  ///< how much of the CR LF behind a chunk has come
  std::string line_;       ///< a line that is not complete yet, without its end
  std::string_view why_;
};

/// Appends the size line of a chunk of `bytes` bytes.
void append_chunk_size(std::string& out, std::size_t bytes);

}  // namespace sluice::http
