#pragma once
// AWS event streams (application/vnd.amazon.eventstream), read from bytes in any pieces.
//
//   u32 total | u32 headers | u32 crc of these 8 | headers | payload | u32 crc of all before     (big endian)
//
// A header is `u8 length, name, u8 type, value`; of text values the length comes first, in 16 bits.

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::http {

/// The texts are valid during the call that tells of them.
struct AwsMessage {
  enum class Kind : std::uint8_t {
    event,
    exception,  ///< a failure that the service's model knows
    error,      ///< one that it does not know
  };
  Kind kind = Kind::event;
  std::string_view type;     ///< `:event-type`, `:exception-type` or `:error-code`
  std::string_view payload;  ///< JSON; of an error its `:error-message`, plain text
};

/// Splits a stream into messages. Both checksums are compared, and no length is trusted before. A message
/// that lies in one piece of input is not copied.
class AwsEventStreamReader {
 public:
  class Sink {
   public:
    /// False: stop reading.
    virtual bool on_message(const AwsMessage& message) = 0;

   protected:
    ~Sink() = default;
  };

  /// Fails with upstream_protocol if a message is damaged, or larger than `max_message`.
  explicit AwsEventStreamReader(std::size_t max_message) : max_message_(max_message) {}
  Result<> feed(std::string_view bytes, Sink& sink);
  /// The stream is over. Fails with upstream_truncated inside a message.
  Result<> finish(Sink& sink);
  /// Bytes that belong to a message which is not complete.
  std::size_t pending() const { return begun_.size(); }

 private:
  Result<std::size_t> total_size(std::string_view prelude) const;
  bool fill(std::string_view& bytes, std::size_t size);
  Result<std::string_view> take_frame(std::string_view& bytes);

  std::size_t max_message_;
  std::string begun_;  ///< a message that is not complete
};

}  // namespace sluice::http
