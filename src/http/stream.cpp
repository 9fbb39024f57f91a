#include "http/stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <system_error>

namespace sluice::http {
namespace {

std::string system_message(int error) {
  return std::generic_category().message(error);
}

/// Takes `bytes` off the front.
void consume(std::span<iovec>& pieces, std::size_t bytes) {
  while (!pieces.empty() && bytes >= pieces.front().iov_len) {
    bytes -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (!pieces.empty() && bytes > 0) {
    pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + bytes;
    pieces.front().iov_len -= bytes;
  }
}

}  // namespace

Stream::~Stream() {
  if (!tls_) return;
  // Says goodbye if the socket takes it at once; nobody waits for the answer.
  if (!socket_.broken() && SSL_is_init_finished(tls_)) SSL_shutdown(tls_);
  SSL_free(tls_);
  ERR_clear_error();
}

void Stream::fail_with(std::string why, IoResult& result) {
  failure_ = std::move(why);
  result = {IoStatus::failed, 0};
}

Stream::Step Stream::read_once(std::span<char> into, IoResult& result) {
  if (tls_) return read_tls(into, result);
  if (!socket_.readable()) return Step::wants_read;
  while (true) {
    const ssize_t n = recv(socket_.fd(), into.data(), into.size(), 0);
    if (n > 0) {
      const auto bytes = static_cast<std::size_t>(n);
      // A short read has emptied the socket (epoll(7)): no second call to be told so.
      if (bytes < into.size()) socket_.not_readable();
      result = {IoStatus::ok, bytes};
      return Step::done;
    }
    if (n == 0) {
      result = {IoStatus::end, 0};
      return Step::done;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // After a hang-up this can only be a half-closed peer whose end was already seen by an event.
      socket_.not_readable();
      if (socket_.readable()) {
        result = {IoStatus::end, 0};
        return Step::done;
      }
      return Step::wants_read;
    }
    fail_with(system_message(errno), result);
    return Step::done;
  }
}

Stream::Step Stream::write_once(std::span<iovec>& pieces, IoResult& result) {
  if (tls_) return write_tls(pieces, result);
  while (!pieces.empty()) {
    if (!socket_.writable() && !socket_.broken()) return Step::wants_write;
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = std::min<std::size_t>(pieces.size(), 512);
    const ssize_t n = sendmsg(socket_.fd(), &message, MSG_NOSIGNAL);
    if (n >= 0) {
      result.bytes += static_cast<std::size_t>(n);
      consume(pieces, static_cast<std::size_t>(n));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      socket_.not_writable();
      return Step::wants_write;
    }
    fail_with(system_message(errno), result);
    return Step::done;
  }
  return Step::done;
}

Stream::Step Stream::tls_step(int returned, IoResult& result) {
  switch (SSL_get_error(tls_, returned)) {
    case SSL_ERROR_WANT_READ:
      socket_.not_readable();
      return Step::wants_read;
    case SSL_ERROR_WANT_WRITE:
      socket_.not_writable();
      return Step::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      result = {IoStatus::end, result.bytes};
      return Step::done;
    case SSL_ERROR_SYSCALL:
      fail_with(errno != 0 ? system_message(errno) : "the connection was closed inside TLS", result);
      return Step::done;
    default: {
      const long verified = SSL_get_verify_result(tls_);
      std::string why = tls_error();
      if (verified != X509_V_OK) why += std::string(": ") + X509_verify_cert_error_string(verified);
      fail_with("TLS: " + why, result);
      return Step::done;
    }
  }
}

Stream::Step Stream::read_tls(std::span<char> into, IoResult& result) {
  ERR_clear_error();
  std::size_t total = 0;
  while (total < into.size()) {  // a record holds 16 KB at most: take all that have arrived
    std::size_t n = 0;
    errno = 0;
    const int returned = SSL_read_ex(tls_, into.data() + total, into.size() - total, &n);
    if (returned == 1) {
      total += n;
      continue;
    }
    if (total > 0) {  // whatever it is will be met again by the next read
      if (SSL_get_error(tls_, returned) == SSL_ERROR_WANT_READ) socket_.not_readable();
      break;
    }
    return tls_step(returned, result);
  }
  result = {IoStatus::ok, total};
  return Step::done;
}

Stream::Step Stream::write_tls(std::span<iovec>& pieces, IoResult& result) {
  ERR_clear_error();
  while (!pieces.empty()) {
    // Small neighbours share a record: a record each would cost more than the copy.
    std::array<char, 16 * 1024> joined;
    std::size_t length = 0;
    for (const iovec& next : pieces) {
      const std::size_t take = std::min(next.iov_len, joined.size() - length);
      std::memcpy(joined.data() + length, next.iov_base, take);
      length += take;
      if (length == joined.size()) break;
    }
    std::size_t written = 0;
    errno = 0;
    const int returned = length == 0 ? 1 : SSL_write_ex(tls_, joined.data(), length, &written);
    if (returned != 1) return tls_step(returned, result);
    result.bytes += written;
    if (length == 0) {
      pieces = {};
    } else {
      consume(pieces, written);
    }
  }
  return Step::done;
}

Stream::Step Stream::handshake_once(IoResult& result) {
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_do_handshake(tls_);
  return returned == 1 ? Step::done : tls_step(returned, result);
}

Stream::Handshake Stream::handshake(TlsClientContext& context) {
  tls_ = context.open(socket_.fd());
  return Handshake(*this);
}

bool Stream::has_unread() {
  if (!tls_) return socket_.readable();
  if (!socket_.readable() && SSL_pending(tls_) == 0) return false;
  ERR_clear_error();
  char byte;
  std::size_t n = 0;
  const int returned = SSL_peek_ex(tls_, &byte, 1, &n);
  if (returned == 1 || SSL_get_error(tls_, returned) != SSL_ERROR_WANT_READ) return true;
  socket_.not_readable();
  return socket_.readable();
}

bool Stream::wait_for(Step step, SocketWait& wait) {
  if (socket_.cancelled()) return false;
  if (step == Step::wants_read) {
    socket_.wait_readable(wait);
  } else {
    socket_.wait_writable(wait);
  }
  return true;
}

bool Stream::Read::attempt(Wake wake) {
  if (wake == Wake::ready && !stream_.socket_.cancelled()) {
    const Step step = stream_.read_once(into_, result_);
    if (step == Step::done) return true;
    if (stream_.wait_for(step, *this)) return false;
    wake = Wake::cancelled;
  }
  result_ = {status_of(wake), 0};
  return true;
}

bool Stream::Write::attempt(Wake wake) {
  if (wake == Wake::ready && !stream_.socket_.cancelled()) {
    const std::size_t before = result_.bytes;
    const Step step = stream_.write_once(pieces_, result_);
    if (step == Step::done) return true;
    if (result_.bytes > before || !waited_)
      stream_.socket_.set_deadline(std::min(last_, after(stream_.loop().now(), progress_)));
    waited_ = true;
    if (stream_.wait_for(step, *this)) return false;
    wake = Wake::cancelled;
  }
  result_ = {status_of(wake), result_.bytes};
  return true;
}

bool Stream::Connect::attempt(Wake wake) {
  auto& socket = stream_.socket_;
  if (wake != Wake::ready || socket.cancelled()) {
    result_ = {status_of(socket.cancelled() ? Wake::cancelled : wake), 0};
    return true;
  }
  if (!socket.writable()) {
    socket.wait_writable(*this);
    return false;
  }
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) stream_.fail_with(system_message(error), result_);
  return true;
}

bool Stream::Handshake::attempt(Wake wake) {
  if (!stream_.tls_) {
    stream_.fail_with("TLS: " + tls_error(), result_);
    return true;
  }
  if (wake == Wake::ready && !stream_.socket_.cancelled()) {
    const Step step = stream_.handshake_once(result_);
    if (step == Step::done) return true;
    if (stream_.wait_for(step, *this)) return false;
    wake = Wake::cancelled;
  }
  result_ = {status_of(wake), 0};
  return true;
}

}  // namespace sluice::http
