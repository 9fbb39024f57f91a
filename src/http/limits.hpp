#pragma once
// Every limit of this module: nothing is waited for, read or kept beyond these. Configuration may lower or
// raise those that are fields; constants are bounds of the protocol code itself.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sluice::http {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What a server asks of its clients.
struct ServerLimits {
  std::size_t max_connections =
      16'384;  ///< below the usual descriptor limit of 20,000, two per proxied stream
  std::size_t max_request_line =
      16 * 1024;                     ///< no target of ours is near 1 KB; RFC 9112 section 3 asks for 8,000
  std::size_t max_head = 64 * 1024;  ///< all fields together
  std::size_t max_fields = 128;
  std::size_t max_body = std::size_t{32}
                         << 20;              ///< the largest request that a provider takes (Anthropic: 32 MB)
  milliseconds head_deadline = seconds(10);  ///< from the first byte of a request to the end of its head
  milliseconds body_progress = seconds(10);  ///< between two reads of a body
  milliseconds body_deadline = seconds(120);  ///< for a whole body, however it trickles
  milliseconds idle = seconds(15);  ///< between requests; clients open a new connection without notice
  milliseconds first_request = seconds(10);   ///< a new connection that says nothing
  milliseconds write_progress = seconds(30);  ///< a client that takes nothing for so long is gone
  milliseconds drain = seconds(30);           ///< from SIGTERM to the end of running requests
};

/// What a client grants its server; per request.
struct Deadlines {
  milliseconds connect = seconds(5);
  milliseconds first_byte = seconds(600);  ///< reasoning models are silent for minutes before the first byte
  milliseconds idle = seconds(120);        ///< between two reads of an answer
  milliseconds total = seconds(1800);
};

struct ClientLimits {
  std::size_t max_head = 64 * 1024;
  std::size_t max_fields = 256;
  std::size_t max_idle = 1024;        ///< kept connections per core and origin
  milliseconds idle = seconds(55);    ///< below the 60 s after which common servers close
  std::size_t max_informational = 8;  ///< 1xx answers before the real one
};

/// One read takes at most this much; one such buffer per core serves all connections.
inline constexpr std::size_t scratch_bytes = 256 * 1024;
/// Chunk-size line with extensions (RFC 9112 section 7.1.1): long ones are an attack.
inline constexpr std::size_t max_chunk_line = 256;
/// Fields behind a chunked body.
inline constexpr std::size_t max_trailer = 8 * 1024;
/// Unread request body that is swallowed so that the connection can be kept; beyond it is closed.
inline constexpr std::size_t max_discarded_body = 256 * 1024;
/// Requests or reads handled in one go before others get their turn.
inline constexpr unsigned fairness_turns = 32;
/// What the kernel keeps for a client that reads slowly, beyond what is on its way to it. Without a bound it
/// is megabytes, and a write counts as taken only when a third of them has gone.
inline constexpr int max_unsent = 128 * 1024;
/// A kept connection that ends so soon after a request was written, without a byte, was closed before it
/// came.
inline constexpr seconds stale_connection{1};
/// How long accepting pauses when the system has no descriptor or memory left.
inline constexpr milliseconds accept_pause{100};
/// After the last answer: how long a client may take to read it and close its side.
inline constexpr seconds closing_time{2};
/// Names that are looked up at the same time; one slow server must not hold up the others.
inline constexpr std::size_t max_lookups = 4;
/// One SSE event; Gemini sends images of several MB in one.
inline constexpr std::size_t max_sse_event = std::size_t{16} << 20;
/// One message of an AWS event stream; AWS sends none that are larger.
inline constexpr std::size_t max_aws_message = std::size_t{16} << 20;
/// One line of newline-delimited JSON.
inline constexpr std::size_t max_ndjson_line = std::size_t{16} << 20;

}  // namespace sluice::http
