#include "app/check_free.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::app {

Result<> check_free(const http::Address& address) {
  const int fd = socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const int bound = bind(fd, address.get(), address.length);
  const int why = errno;
  close(fd);
  if (bound == 0) return {};
  return fail(ErrorCode::internal, "cannot listen on " + to_string(address) + ": " + std::strerror(why));
}

}  // namespace sluice::app
