#pragma once
// ResolverWait: awaits the addresses of a name, within a deadline, unless cancelled.

#include "http/cancellation.hpp"
#include "http/resolver.hpp"

#include <coroutine>
#include <memory>

namespace sluice::http {

/// Lives in the frame of the coroutine that awaits it, on the loop's thread.
class ResolverWait {
 public:
  struct Question {
    const std::string& host;
    std::uint16_t port;
    TimePoint until;
    Cancellation* cancellation;  ///< may be null
  };

  ResolverWait(EventLoop& loop, Resolver& resolver, Question question)
      : loop_(loop),
        resolver_(resolver),
        question_(question),
        deadline_(loop.deadlines(), &ResolverWait::expire, this) {}
  ~ResolverWait() { *here_ = nullptr; }
  ResolverWait(const ResolverWait&) = delete;
  ResolverWait& operator=(const ResolverWait&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    deadline_.set(question_.until);
    if (question_.cancellation) question_.cancellation->watch(&ResolverWait::cancel, this);
    resolver_.resolve(question_.host, question_.port, loop_, [here = here_](Resolver::Found found) {
      if (*here) (*here)->end(std::move(found));
    });
  }
  /// Fails with upstream_unreachable or client_gone.
  Resolver::Found await_resume() { return std::move(found_); }

 private:
  void end(Resolver::Found found) {
    *here_ = nullptr;
    deadline_.clear();
    if (question_.cancellation) question_.cancellation->watch(nullptr, nullptr);
    found_ = std::move(found);
    waiting_.resume();
  }
  static void expire(void* self) {
    auto& wait = *static_cast<ResolverWait*>(self);
    wait.end(fail(ErrorCode::upstream_unreachable,
                  "cannot resolve " + wait.question_.host + ": it took too long"));
  }
  static void cancel(void* self) {
    static_cast<ResolverWait*>(self)->end(
        fail(ErrorCode::client_gone, "cancelled while the provider's name was looked up"));
  }

  EventLoop& loop_;
  Resolver& resolver_;
  Question question_;
  Deadline deadline_;
  std::coroutine_handle<> waiting_;
  Resolver::Found found_;
  /// What the resolver's answer finds: this wait, or that it is over.
  std::shared_ptr<ResolverWait*> here_ = std::make_shared<ResolverWait*>(this);
};

}  // namespace sluice::http
