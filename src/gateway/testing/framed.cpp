#include "gateway/testing/framed.hpp"

#include "http/aws_event_stream.hpp"
#include "http/limits.hpp"
#include "http/ndjson.hpp"
#include "http/sse.hpp"

namespace sluice::gateway::testing {
namespace {

struct Collect final : http::SseReader::Sink, http::AwsEventStreamReader::Sink, http::NdjsonReader::Sink {
  std::vector<FramedMessage> messages;

  bool on_event(std::string_view type, std::string_view data) override {
    messages.push_back({std::string(type), std::string(data)});
    return true;
  }
  bool on_message(const http::AwsMessage& message) override {
    const bool event = message.kind == http::AwsMessage::Kind::event;
    return on_event((event ? "" : "!") + std::string(message.type), message.payload);
  }
  bool on_line(std::string_view line) override { return on_event({}, line); }
};

template <class Reader>
Framed read(Reader reader, std::span<const std::string> pieces) {
  Collect collect;
  Framed framed;
  for (const std::string& piece : pieces)
    if (framed.result) framed.result = reader.feed(piece, collect);
  if (framed.result) framed.result = reader.finish(collect);
  framed.messages = std::move(collect.messages);
  return framed;
}

}  // namespace

Framed read_frames(dialect::Framing framing, std::span<const std::string> pieces) {
  switch (framing) {
    case dialect::Framing::aws_event_stream:
      return read(http::AwsEventStreamReader(http::max_aws_message), pieces);
    case dialect::Framing::ndjson:
      return read(http::NdjsonReader(http::max_ndjson_line), pieces);
    case dialect::Framing::sse:
      break;
  }
  return read(http::SseReader(http::max_sse_event), pieces);
}

}  // namespace sluice::gateway::testing
