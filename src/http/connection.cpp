#include "http/connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <sys/socket.h>
#include <utility>

namespace sluice::http {
namespace {

Failure client_left() {
  return fail(ErrorCode::client_gone, "the client closed its connection");
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

}  // namespace

ServerConnection::ServerConnection(EventLoop& loop, int fd, Peer peer, Handler& handler,
                                   const ServerLimits& limits)
    : stream_(loop, fd),
      peer_(std::move(peer)),
      handler_(handler),
      limits_(limits),
      parser_({limits.max_request_line, limits.max_head, limits.max_fields}) {}

void ServerConnection::on_client_gone(void (*action)(void*), void* context) {
  stream_.socket().on_hang_up(action, context);
  if (action && client_gone()) action(context);
}

void ServerConnection::drain() {
  draining_ = true;
  if (idle_) stream_.cancel();
}

Task<> ServerConnection::run() {
  unsigned turns = 0;
  bool first = true;
  while (true) {
    idle_ = input_.empty();
    if (draining_) break;
    stream_.socket().set_deadline(first            ? limits_.first_request
                                  : input_.empty() ? limits_.idle
                                                   : limits_.head_deadline);
    first = false;
    if (!co_await read_head()) break;
    co_await answer_one();
    if (!keep_alive_ || draining_ || gone_ || answer_ != Answer::complete) break;
    if (body_state_ == BodyState::unread && !co_await discard_body()) break;
    next_request();
    if (++turns % fairness_turns == 0) co_await stream_.loop().yield();
  }
  co_await close_gracefully();
}

/// True once a request's head is there and well formed. What is not is answered here.
Task<bool> ServerConnection::read_head() {
  head_ = {};
  while (true) {
    if (!input_.empty()) {
      const auto state = parser_.parse(arrived());
      if (state == HeadParser::State::complete) break;
      if (state == HeadParser::State::refused) {
        co_await refuse(parser_.refusal());
        co_return false;
      }
    }
    // Idle connections own no buffer: the first bytes land in the core's and are copied out.
    const auto scratch = stream_.loop().scratch();
    const IoResult io = co_await stream_.read(scratch);
    if (io.status != IoStatus::ok) {
      if (io.status == IoStatus::expired && !input_.empty())
        co_await refuse({408, "the request did not arrive in time"});
      if (io.status == IoStatus::end && !input_.empty()) co_await refuse({400, "the request was cut off"});
      co_return false;
    }
    if (input_.empty()) {
      idle_ = false;
      began_ = stream_.loop().now();
      stream_.socket().set_deadline(limits_.head_deadline);
    }
    bytes_in_ += io.bytes;
    input_.erase(0, std::exchange(start_, 0));
    input_.append(scratch.data(), io.bytes);
  }
  if (auto refusal = read_request_head(parser_, limits_, head_)) {
    co_await refuse(*refusal);
    co_return false;
  }
  keep_alive_ = head_.keep_alive;
  co_return true;
}

Task<> ServerConnection::answer_one() {
  answer_ = Answer::none;
  body_end_ = start_ + parser_.size();
  body_state_ = head_.framing == BodyFraming::none ? BodyState::complete : BodyState::unread;
  if (head_.framing == BodyFraming::length && input_.size() - body_end_ >= head_.content_length) {
    body_view_ = std::string_view(input_).substr(body_end_, head_.content_length);
    body_end_ += head_.content_length;
    body_state_ = BodyState::complete;
  }
  stream_.socket().clear_deadline();
  bool failed = false;
  try {
    co_await handler_.serve(*this);
  } catch (const std::exception& bug) {
    handler_.on_exception(bug.what());
    failed = true;
  } catch (...) {
    handler_.on_exception("not a standard exception");
    failed = true;
  }
  stream_.socket().on_hang_up(nullptr, nullptr);
  if (!failed) co_return;
  if (answer_ == Answer::none || answer_ == Answer::prepared) co_await refuse({500, "an internal error"});
  keep_alive_ = false;
}

void ServerConnection::next_request() {
  if (!following_.empty()) {
    input_ = std::exchange(following_, {});
    start_ = 0;
  } else if (body_end_ < input_.size()) {
    start_ = body_end_;
  } else {
    input_ = {};
    start_ = 0;
  }
  if (!input_.empty()) began_ = stream_.loop().now();
  parser_.reset();
  body_ = {};
  body_view_ = {};
  answer_ = Answer::none;
  bytes_in_ = arrived().size();
  bytes_out_ = 0;
}

/// Answers what never reached the handler, and closes: the framing of what follows cannot be trusted.
Task<> ServerConnection::refuse(Refusal refusal) {
  keep_alive_ = false;
  body_state_ = BodyState::failed;
  const RefusalAnswer answer = handler_.describe_refusal(refusal.status, refusal.why);
  std::vector<OutField> fields;
  for (const auto& [name, value] : answer.fields) fields.push_back({name, value});
  const std::array pieces{std::string_view(answer.body)};
  auto sent = co_await respond(refusal.status, fields, pieces);
  if (!sent) gone_ = true;
}

// ---- the body
// -----------------------------------------------------------------------------------------------

Task<Result<std::string_view>> ServerConnection::read_body(std::size_t max_bytes) {
  if (body_state_ == BodyState::complete) {
    if (body_view_.size() > max_bytes)
      co_return fail(ErrorCode::request_too_large,
                     "the body is larger than " + std::to_string(max_bytes) + " bytes");
    co_return body_view_;
  }
  if (body_state_ == BodyState::failed)
    co_return fail(ErrorCode::invalid_request, "the body could not be read");
  if (head_.framing == BodyFraming::length && head_.content_length > max_bytes)
    co_return fail(ErrorCode::request_too_large,
                   "the body is larger than " + std::to_string(max_bytes) + " bytes");
  if (head_.expects_continue && input_.size() == body_end_) {
    auto sent = co_await send_continue();
    if (!sent) co_return fail(sent);
  }
  Result<> read = head_.framing == BodyFraming::chunked ? co_await read_chunked_body(max_bytes)
                                                        : co_await read_length_body();
  if (!read) {
    body_state_ = BodyState::failed;
    keep_alive_ = false;
    co_return fail(read);
  }
  body_state_ = BodyState::complete;
  body_view_ = body_;
  co_return body_view_;
}

Task<Result<>> ServerConnection::send_continue() {
  std::array pieces{piece("HTTP/1.1 100 Continue\r\n\r\n")};
  co_return co_await send(pieces);
}

Task<Result<>> ServerConnection::read_length_body() {
  const auto length = static_cast<std::size_t>(head_.content_length);
  // What is announced is believed only step by step: memory follows what has arrived.
  constexpr std::size_t first_step = std::size_t{1} << 20;
  body_.reserve(std::min(length, first_step));
  body_.assign(input_, body_end_);
  input_.resize(body_end_);
  const TimePoint last = after(stream_.loop().now(), limits_.body_deadline);
  for (unsigned turns = 1; body_.size() < length; ++turns) {
    if (turns % fairness_turns == 0) co_await stream_.loop().yield();
    const std::size_t have = body_.size();
    const std::size_t step = std::min(length - have, std::max(have, first_step));
    body_.reserve(have + step);
    stream_.socket().set_deadline(std::min(last, after(stream_.loop().now(), limits_.body_progress)));
    const auto scratch = stream_.loop().scratch();
    const IoResult io = co_await stream_.read(scratch.first(std::min(scratch.size(), length - have)));
    if (io.status == IoStatus::expired)
      co_return fail(ErrorCode::request_timeout, "the body did not arrive in time");
    if (io.status != IoStatus::ok) co_return client_left();
    bytes_in_ += io.bytes;
    body_.append(scratch.data(), io.bytes);
  }
  co_return Result<>();
}

Task<Result<>> ServerConnection::read_chunked_body(std::size_t max_bytes) {
  chunked_.reset();
  std::string beginning = input_.substr(body_end_);
  input_.resize(body_end_);
  const TimePoint last = after(stream_.loop().now(), limits_.body_deadline);
  std::span<char> bytes(beginning);
  for (unsigned turns = 1;; ++turns) {
    const auto step = chunked_.decode(bytes);
    if (step.state == ChunkedDecoder::State::refused)
      co_return fail(ErrorCode::invalid_request, std::string(chunked_.why()));
    if (body_.size() + step.decoded > max_bytes)
      co_return fail(ErrorCode::request_too_large,
                     "the body is larger than " + std::to_string(max_bytes) + " bytes");
    body_.append(bytes.data(), step.decoded);
    if (step.state == ChunkedDecoder::State::complete) {
      following_.assign(bytes.data() + step.consumed, bytes.size() - step.consumed);
      co_return Result<>();
    }
    if (turns % fairness_turns == 0) co_await stream_.loop().yield();
    stream_.socket().set_deadline(std::min(last, after(stream_.loop().now(), limits_.body_progress)));
    const auto scratch = stream_.loop().scratch();
    const IoResult io = co_await stream_.read(scratch);
    if (io.status == IoStatus::expired)
      co_return fail(ErrorCode::request_timeout, "the body did not arrive in time");
    if (io.status != IoStatus::ok) co_return client_left();
    bytes_in_ += io.bytes;
    bytes = scratch.first(io.bytes);
  }
}

/// Whether a body will come, or not, that nobody is going to read: no request can be told from it.
bool ServerConnection::leaves_body() const {
  if (body_state_ != BodyState::unread) return false;
  // A client that waits for 100 may or may not send its body after another answer.
  return head_.expects_continue ||
         (head_.framing == BodyFraming::length && head_.content_length > max_discarded_body);
}

/// Swallows a body that the handler did not want, so that the connection can be kept. False: too much of it.
Task<bool> ServerConnection::discard_body() {
  if (leaves_body()) co_return false;
  const auto body = co_await read_body(max_discarded_body);
  co_return body.has_value();
}

// ---- the answer
// ---------------------------------------------------------------------------------------------

void ServerConnection::append_head(std::string& out, int status, std::span<const OutField> fields,
                                   std::optional<std::size_t> length) {
  if (draining_ || leaves_body()) keep_alive_ = false;
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(status));
  out.push_back(' ');
  out.append(reason_phrase(status));
  out.append("\r\ndate: ").append(loop().http_date());
  for (const OutField& field : fields) out.append("\r\n").append(field.name).append(": ").append(field.value);
  if (status == 204) {
    // Neither field may be in it: RFC 9110 section 8.6, RFC 9112 section 6.1.
  } else if (length) {
    out.append("\r\ncontent-length: ");
    append_number(out, *length);
  } else if (!head_.http_1_0) {
    out.append("\r\ntransfer-encoding: chunked");
  } else {
    keep_alive_ = false;
  }
  if (!keep_alive_) {
    out.append("\r\nconnection: close");
  } else if (head_.http_1_0) {
    out.append("\r\nconnection: keep-alive");
  }
  out.append("\r\n\r\n");
}

Task<Result<>> ServerConnection::send(std::span<iovec> pieces) {
  const IoResult io = co_await stream_.write(pieces, limits_.write_progress);
  bytes_out_ += io.bytes;
  if (io.status == IoStatus::ok) co_return Result<>();
  gone_ = true;
  co_return client_left();
}

Task<Result<>> ServerConnection::respond(int status, std::span<const OutField> fields,
                                         std::span<const std::string_view> body) {
  std::size_t length = 0;
  for (std::string_view part : body) length += part.size();
  std::string answer_head;
  answer_head.reserve(512);
  append_head(answer_head, status, fields, length);
  answer_ = Answer::begun;

  std::vector<iovec> pieces;
  pieces.reserve(body.size() + 1);
  pieces.push_back(piece(answer_head));
  if (head_.method != Method::head)
    for (std::string_view part : body)
      if (!part.empty()) pieces.push_back(piece(part));
  auto sent = co_await send(pieces);
  if (sent) answer_ = Answer::complete;
  co_return sent;
}

void ServerConnection::begin_stream(int status, std::span<const OutField> fields) {
  answer_head_.clear();
  append_head(answer_head_, status, fields, std::nullopt);
  answer_ = Answer::prepared;
}

Task<Result<>> ServerConnection::write(std::string_view bytes) {
  if (gone_) co_return client_left();
  std::array<char, 20> size_line;
  std::size_t size_length = 0;
  if (!head_.http_1_0) {
    const auto [end, error] = std::to_chars(size_line.data(), size_line.data() + 16, bytes.size(), 16);
    size_length = static_cast<std::size_t>(end - size_line.data());
    size_line[size_length++] = '\r';
    size_line[size_length++] = '\n';
  }
  std::array<iovec, 4> pieces;
  std::size_t count = 0;
  if (answer_ == Answer::prepared) pieces[count++] = piece(answer_head_);
  if (!bytes.empty() && head_.method != Method::head) {
    if (size_length > 0) pieces[count++] = piece({size_line.data(), size_length});
    pieces[count++] = piece(bytes);
    if (size_length > 0) pieces[count++] = piece("\r\n");
  }
  answer_ = Answer::begun;
  const IoResult io = co_await stream_.write(std::span(pieces).first(count), limits_.write_progress);
  bytes_out_ += io.bytes;
  if (!answer_head_.empty()) answer_head_ = {};
  if (io.status == IoStatus::ok) co_return Result<>();
  gone_ = true;
  co_return client_left();
}

Task<Result<>> ServerConnection::end_stream(std::string_view bytes) {
  if (gone_) co_return client_left();
  std::string last;
  last.swap(answer_head_);
  if (answer_ != Answer::prepared) last.clear();
  if (head_.method != Method::head) {
    if (!bytes.empty()) {
      if (!head_.http_1_0) append_chunk_size(last, bytes.size());
      last.append(bytes);
      if (!head_.http_1_0) last.append("\r\n");
    }
    if (!head_.http_1_0) last.append("0\r\n\r\n");
  }
  answer_ = Answer::begun;
  std::array pieces{piece(last)};
  auto sent = co_await send(std::span(pieces).first(last.empty() ? 0 : 1));
  if (sent) answer_ = Answer::complete;
  co_return sent;
}

Task<Result<>> ServerConnection::write_raw(std::string_view bytes) {
  if (gone_) co_return client_left();
  std::string due;
  if (answer_ == Answer::prepared) due.swap(answer_head_);
  answer_ = Answer::begun;
  std::array pieces{piece(due), piece(bytes)};
  co_return co_await send(pieces);
}

void ServerConnection::reset_connection() {
  constexpr linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(stream_.socket().fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  gone_ = true;
}

/// Closing with unread bytes in the socket would reset the connection and could destroy the answer on its way
/// (RFC 9112 section 9.6): end our side, then swallow what still comes, for a short time.
Task<> ServerConnection::close_gracefully() {
  if (answer_ != Answer::complete || gone_ || stream_.socket().broken() || stream_.socket().cancelled())
    co_return;
  shutdown(stream_.socket().fd(), SHUT_WR);
  const TimePoint last = stream_.loop().now() + closing_time;
  std::size_t swallowed = 0;
  for (unsigned turns = 1; swallowed < limits_.max_body; ++turns) {
    if (turns % fairness_turns == 0) co_await stream_.loop().yield();
    stream_.socket().set_deadline(last);
    const auto scratch = stream_.loop().scratch();
    const IoResult io = co_await stream_.read(scratch);
    if (io.status != IoStatus::ok) co_return;
    swallowed += io.bytes;
  }
}

}  // namespace sluice::http
