// A chunked body is the same however it is cut.

#include "fuzz/check.hpp"
#include "http/chunked.hpp"

namespace sluice::fuzz {
namespace {

using State = http::ChunkedDecoder::State;

struct Body {
  State state = State::more;
  std::string content;
  std::size_t size = 0;  ///< of a complete one, with its framing
  bool operator==(const Body&) const = default;
};

Body decode(std::vector<std::string> pieces) {
  http::ChunkedDecoder decoder;
  Body body;
  for (std::string& piece : pieces) {
    const auto step = decoder.decode(piece);
    check(step.consumed <= piece.size() && step.decoded <= step.consumed, "more is decoded than there was");
    check(step.state != State::more || step.consumed == piece.size(),
          "something is left, but more is wanted");
    check((step.state == State::refused) == !decoder.why().empty(), "a refusal without a reason");
    body.content.append(piece, 0, step.decoded);
    body.size += step.consumed;
    body.state = step.state;
    if (step.state != State::more) break;
  }
  if (body.state != State::complete) body.size = 0;
  return body;
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::string_view coded = text_of(data, size);
  const Body whole = decode({std::string(coded)});
  Choices choices(coded);
  for (int i = 0; i < 4; ++i) check(decode(cut(coded, choices)) == whole, "a cut changes the body");

  // And back: the input as content, in chunks.
  std::string encoded;
  for (const std::string& piece : cut(coded, choices)) {
    http::append_chunk_size(encoded, piece.size());
    encoded.append(piece).append("\r\n");
  }
  encoded += "0\r\n\r\n";
  check(decode(cut(encoded, choices)) == Body{State::complete, std::string(coded), encoded.size()},
        "what was encoded is not decoded");
  return 0;
}
