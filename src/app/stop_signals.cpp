#include "app/stop_signals.hpp"

#include <signal.h>

namespace sluice::app {
namespace {

sigset_t stop_set() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = stop_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void StopSignals::wait() {
  const sigset_t set = stop_set();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
}

bool StopSignals::came_within(std::chrono::milliseconds time) {
  const sigset_t set = stop_set();
  const timespec wait{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
  return sigtimedwait(&set, nullptr, &wait) > 0;
}

}  // namespace sluice::app
