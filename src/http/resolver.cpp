#include "http/resolver.hpp"

#include <cstring>
#include <netdb.h>

namespace sluice::http {
namespace {

Result<std::vector<Address>> look_up(const std::string& host, std::uint16_t port) {
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

}  // namespace

Resolver::Resolver() : thread_([this] { work(); }) {}

Resolver::~Resolver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

void Resolver::resolve(std::string host, std::uint16_t port, EventLoop& loop, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    questions_.push_back({std::move(host), port, &loop, std::move(answer)});
  }
  asked_.notify_one();
}

void Resolver::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    asked_.wait(lock, [this] { return stopping_ || !questions_.empty(); });
    if (stopping_) return;
    Question question = std::move(questions_.front());
    questions_.pop_front();
    lock.unlock();
    auto found = std::make_shared<Result<std::vector<Address>>>(look_up(question.host, question.port));
    question.loop->post([found, answer = std::move(question.answer)] { answer(std::move(*found)); });
    lock.lock();
  }
}

}  // namespace sluice::http
