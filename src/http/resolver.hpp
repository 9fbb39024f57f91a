#pragma once
// Resolver: names to addresses, on threads of its own because the system's resolver blocks.

#include "base/result.hpp"
#include "http/address.hpp"
#include "http/event_loop.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sluice::http {

/// One for the process. Honours /etc/hosts and nsswitch.conf, as getaddrinfo does. Several names are looked
/// up at once, and a name that is asked for again meanwhile is looked up once.
class Resolver {
 public:
  using Found = Result<std::vector<Address>>;
  using Answer = std::function<void(Found)>;
  /// May block. Called on any thread, several at a time.
  using LookUp = Found (*)(const std::string& host, std::uint16_t port);

  explicit Resolver(LookUp look_up = &Resolver::ask_system);
  /// Questions that are still open are never answered; a lookup that still blocks is not waited for.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Calls `answer` on the loop's thread. The loop must outlive the resolver. Any thread may ask.
  void resolve(const std::string& host, std::uint16_t port, EventLoop& loop, Answer answer);

 private:
  struct State;
  static Found ask_system(const std::string& host, std::uint16_t port);
  static void work(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace sluice::http
