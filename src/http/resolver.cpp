#include "http/resolver.hpp"

#include "http/limits.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <list>
#include <mutex>
#include <netdb.h>
#include <thread>

namespace sluice::http {
namespace {

struct Asker {
  EventLoop* loop;
  Resolver::Answer answer;
};

struct Question {
  std::string host;
  std::uint16_t port;
  std::vector<Asker> askers;
  bool taken = false;  ///< a thread looks it up
};

}  // namespace

/// What the threads share; they may outlive the resolver, as getaddrinfo cannot be stopped.
struct Resolver::State {
  LookUp look_up;
  std::mutex mutex;  ///< all below
  std::condition_variable asked;
  std::list<Question> questions;
  std::size_t threads = 0, idle = 0;
  bool stopping = false;
};

Resolver::Found Resolver::ask_system(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0)
    return fail(ErrorCode::upstream_unreachable, "cannot resolve " + host + ": " + gai_strerror(code));
  std::vector<Address> found;
  for (const addrinfo* entry = list; entry; entry = entry->ai_next) {
    Address address;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.length = entry->ai_addrlen;
    found.push_back(address);
  }
  freeaddrinfo(list);
  return found;
}

Resolver::Resolver(LookUp look_up) : state_(std::make_shared<State>()) {
  state_->look_up = look_up;
}

Resolver::~Resolver() {
  const std::lock_guard lock(state_->mutex);
  state_->stopping = true;
  state_->asked.notify_all();
}

void Resolver::resolve(const std::string& host, std::uint16_t port, EventLoop& loop, Answer answer) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  const auto same = std::ranges::find_if(
      state.questions, [&](const Question& open) { return open.host == host && open.port == port; });
  if (same != state.questions.end()) {
    same->askers.push_back({&loop, std::move(answer)});
    return;
  }
  state.questions.push_back({host, port, {}});
  state.questions.back().askers.push_back({&loop, std::move(answer)});
  const auto untaken = static_cast<std::size_t>(std::ranges::count(state.questions, false, &Question::taken));
  if (untaken > state.idle && state.threads < max_lookups) {
    std::thread(&Resolver::work, state_).detach();
    ++state.threads;
  }
  state.asked.notify_one();
}

void Resolver::work(const std::shared_ptr<State>& shared) {
  State& state = *shared;
  std::unique_lock lock(state.mutex);
  while (true) {
    const auto untaken = [&] { return std::ranges::find(state.questions, false, &Question::taken); };
    ++state.idle;
    state.asked.wait(lock, [&] { return state.stopping || untaken() != state.questions.end(); });
    --state.idle;
    if (state.stopping) return;
    const auto question = untaken();
    question->taken = true;
    lock.unlock();
    auto found = std::make_shared<Found>(state.look_up(question->host, question->port));
    lock.lock();
    // Posting under the lock: once the resolver is gone, no loop is touched any more.
    if (state.stopping) return;
    for (Asker& asker : question->askers)
      asker.loop->post([found, answer = std::move(asker.answer)] {
        answer(*found ? Found(**found) : Found(fail(found->error().clone())));
      });
    state.questions.erase(question);
  }
}

}  // namespace sluice::http
