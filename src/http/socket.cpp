#include "http/socket.hpp"

#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace sluice::http {

Socket::Socket(EventLoop& loop, int fd) try
    : loop_(loop),
      fd_(fd),
      registration_(loop.add(fd, this)),
      deadline_(loop.deadlines(), &Socket::expire, this) {
} catch (...) {
  close(fd);
  throw;
}

Socket::~Socket() {
  loop_.remove(fd_, registration_);
  close(fd_);
}

void Socket::handle(std::uint32_t events) {
  // A waiter that is resumed may destroy this socket: the registration, freed at the end of the turn, tells.
  auto* const registration = registration_;
  const auto alive = [&] { return registration->socket == this; };

  const bool hangs_up = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 && !hung_up_;
  const bool breaks = (events & (EPOLLHUP | EPOLLERR)) != 0 && !broken_;
  hung_up_ |= hangs_up;
  broken_ |= breaks;
  readable_ |= (events & EPOLLIN) != 0 || hung_up_;
  writable_ |= (events & EPOLLOUT) != 0 || broken_;

  if (readable_ && reader_) wake(reader_, Wake::ready);
  if (alive() && writable_ && writer_) wake(writer_, Wake::ready);
  if (alive() && (hangs_up || breaks) && !reader_ && hang_up_action_) hang_up_action_(hang_up_context_);
}

void Socket::wake(SocketWait*& slot, Wake wake) {
  SocketWait* const wait = std::exchange(slot, nullptr);
  if (wait->attempt(wake)) wait->waiting.resume();
}

/// Who is woken may begin another wait before the second is woken: only those who wait now are meant.
void Socket::wake_both(Wake wake) {
  auto* const registration = registration_;
  SocketWait* const reader = std::exchange(reader_, nullptr);
  SocketWait* writer = std::exchange(writer_, nullptr);
  if (reader && reader->attempt(wake)) reader->waiting.resume();
  if (writer && registration->socket == this && writer->attempt(wake)) writer->waiting.resume();
}

void Socket::expire(void* self) {
  static_cast<Socket*>(self)->wake_both(Wake::expired);
}

void Socket::cancel() {
  auto* const registration = registration_;
  cancelled_ = true;
  wake_both(Wake::cancelled);
  if (registration->socket == this && hang_up_action_) hang_up_action_(hang_up_context_);
}

}  // namespace sluice::http
