#include "http/client_connection.hpp"

#include <algorithm>
#include <array>

namespace sluice::http {
namespace {

Error protocol_error(std::string_view why) {
  return {ErrorCode::upstream_protocol, "the provider's answer is malformed: " + std::string(why)};
}

}  // namespace

ClientConnection::ClientConnection(Client& client, int fd, const Address& remote)
    : stream(client.loop_, fd),
      address(remote),
      client_(client),
      parser_({1024, client.limits_.max_head, client.limits_.max_fields}),
      idle_deadline_(client.loop_.deadlines(), &ClientConnection::idle_over, this) {}

ClientConnection::~ClientConnection() {
  release();
}

void ClientConnection::obey(Cancellation* cancellation) {
  cancellation_ = cancellation;
  if (cancellation_)
    cancellation_->watch([](void* self) { static_cast<ClientConnection*>(self)->stream.cancel(); }, this);
}

void ClientConnection::release() {
  if (cancellation_) cancellation_->watch(nullptr, nullptr);
  cancellation_ = nullptr;
}

void ClientConnection::begin(const Deadlines& deadlines, TimePoint started, TimePoint last,
                             Cancellation* cancellation) {
  idle_deadline_.clear();
  stream.socket().on_hang_up(nullptr, nullptr);
  first_byte_ = deadlines.first_byte;
  idle_ = deadlines.idle;
  started_ = started;
  last_ = last;
  obey(cancellation);
  parser_.reset();
  input_.clear();
  chunked_.reset();
  head = {};
  times = {};
  times.connected = elapsed(Clock::now());
  received_ = 0;
  complete_ = sound_ = false;
}

std::uint32_t ClientConnection::elapsed(TimePoint now) const {
  using namespace std::chrono;
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(duration_cast<microseconds>(now - started_).count(), 1, UINT32_MAX));
}

Error ClientConnection::failure(IoResult io, std::string_view doing) const {
  const std::string during = " while " + std::string(doing);
  switch (io.status) {
    case IoStatus::expired:
      return {ErrorCode::upstream_timeout, "the provider took too long" + during};
    case IoStatus::cancelled:
      return {ErrorCode::client_gone, "cancelled" + during};
    case IoStatus::end:
      return {ErrorCode::upstream_truncated, "the provider closed the connection" + during};
    default:
      return {ErrorCode::upstream_truncated,
              "the connection to the provider broke" + during + ": " + stream.failure()};
  }
}

Task<Result<>> ClientConnection::send(const ClientRequest& request, const Url& origin,
                                      std::string_view head_tail) {
  std::size_t length = 0;
  for (std::string_view part : request.body) length += part.size();
  std::string text;
  text.reserve(256 + request.fields.size() + request.path.size() + head_tail.size());
  text.append(request.method).append(" ").append(origin.path).append(request.path);
  if (origin.path.empty() && request.path.empty()) text.push_back('/');
  text.append(" HTTP/1.1\r\n")
      .append(request.fields)
      .append("content-length: ")
      .append(std::to_string(length));
  text.append("\r\n").append(head_tail);

  std::vector<iovec> pieces;
  pieces.reserve(request.body.size() + 1);
  pieces.push_back(piece(text));
  for (std::string_view part : request.body)
    if (!part.empty()) pieces.push_back(piece(part));
  const IoResult io = co_await stream.write(pieces, idle_, last_);
  written_ = Clock::now();
  times.sent = elapsed(written_);
  if (io.status != IoStatus::ok) co_return fail(failure(io, "the request was sent"));
  co_return Result<>();
}

Task<Result<>> ClientConnection::read_head() {
  std::size_t informational = 0;
  const TimePoint until = std::min(last_, after(stream.loop().now(), first_byte_));
  while (true) {
    const auto state = input_.empty() ? HeadParser::State::more : parser_.parse(input_);
    if (state == HeadParser::State::refused) co_return fail(protocol_error(parser_.refusal().why));
    if (state == HeadParser::State::complete) {
      if (auto refusal = read_response_head(parser_, head)) co_return fail(protocol_error(refusal->why));
      if (head.status >= 200 || head.status == 101) break;
      if (++informational > client_.limits_.max_informational)
        co_return fail(protocol_error("too many informational answers"));
      input_.erase(0, parser_.size());
      parser_.reset();
      continue;
    }
    stream.socket().set_deadline(until);
    const auto scratch = stream.loop().scratch();
    const IoResult io = co_await stream.read(scratch);
    if (io.status != IoStatus::ok) co_return fail(failure(io, "its answer was awaited"));
    if (received_ == 0) times.first_byte = elapsed(Clock::now());
    received_ += io.bytes;
    input_.append(scratch.data(), io.bytes);
  }
  if (head.status == 101) co_return fail(protocol_error("an unasked change of protocol"));
  last_byte_ = stream.loop().now();
  body_at_ = parser_.size();
  left_ = head.content_length;
  sound_ = true;
  complete_ = head.framing == BodyFraming::none;
  if (complete_ && input_.size() > body_at_) sound_ = false;
  co_return Result<>();
}

/// Content in `bytes`, moved to their front. Notes where the body ends.
Result<BodyPiece> ClientConnection::decode(std::span<char> bytes) {
  std::size_t content = bytes.size(), consumed = bytes.size();
  if (head.framing == BodyFraming::length) {
    content = consumed = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    left_ -= content;
    complete_ = left_ == 0;
  } else if (head.framing == BodyFraming::chunked) {
    const auto step = chunked_.decode(bytes);
    content = step.decoded;
    consumed = step.consumed;
    complete_ = step.state == ChunkedDecoder::State::complete;
    if (step.state == ChunkedDecoder::State::refused) {
      sound_ = false;
      // What was well formed before the fault is still the provider's; the fault is met again at the next
      // read.
      if (content == 0) return fail(protocol_error(chunked_.why()));
    }
  }
  if (complete_ && consumed < bytes.size()) sound_ = false;  // more than was announced: never reuse
  return BodyPiece{BodyPiece::State::data, {bytes.data(), content}};
}

Task<Result<BodyPiece>> ClientConnection::read_body(milliseconds quiet) {
  const TimePoint quiet_until = after(stream.loop().now(), quiet);
  while (!complete_) {
    if (!sound_) co_return fail(protocol_error(chunked_.why()));
    if (body_at_ < input_.size()) {
      // The head must stay where it is, as fields view it; the rest of the buffer is the body's beginning.
      const std::span<char> rest(input_.data() + body_at_, input_.size() - body_at_);
      body_at_ = input_.size();
      auto content = decode(rest);
      if (!content || !content->bytes.empty()) co_return content;
      continue;
    }
    // A server that is faster than we are must leave the loop to others too.
    if (++reads_ % fairness_turns == 0) co_await stream.loop().yield();
    const TimePoint silent_until = std::min(last_, after(last_byte_, idle_));
    stream.socket().set_deadline(std::min(silent_until, quiet_until));
    const auto scratch = stream.loop().scratch();
    const IoResult io = co_await stream.read(scratch);
    if (io.status == IoStatus::expired && stream.loop().now() < silent_until)
      co_return BodyPiece{BodyPiece::State::quiet, {}};
    if (io.status == IoStatus::end && head.framing == BodyFraming::until_close) {
      complete_ = true;
      break;
    }
    if (io.status != IoStatus::ok) {
      sound_ = false;
      co_return fail(failure(io, "its answer was read"));
    }
    received_ += io.bytes;
    last_byte_ = stream.loop().now();
    auto content = decode(scratch.first(io.bytes));
    if (!content || !content->bytes.empty()) co_return content;
  }
  co_return BodyPiece{BodyPiece::State::end, {}};
}

bool ClientConnection::reusable() {
  const Socket& socket = stream.socket();
  if (!complete_ || !sound_ || !head.keep_alive || socket.hung_up() || socket.cancelled()) return false;
  return !stream.has_unread();  // bytes that nobody asked for would be taken for the next answer
}

bool ClientConnection::finish() {
  release();
  if (!reusable()) return false;
  stream.socket().clear_deadline();
  stream.socket().on_hang_up([](void* self) { idle_over(self); }, this);
  idle_deadline_.set(after(stream.loop().now(), client_.limits_.idle));
  input_ = {};
  return true;
}

void ClientConnection::idle_over(void* self) {
  auto& connection = *static_cast<ClientConnection*>(self);
  connection.client_.drop_idle(&connection);
}

}  // namespace sluice::http
