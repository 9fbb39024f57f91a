#pragma once
// A bounded queue from one thread to one other, without locks.

#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace sluice::observe {

/// One thread pushes, one thread takes. Either role may move to another thread if something else (a mutex, a
/// join) orders the two. Values still inside are destroyed with the ring.
template <class T>
class SpscRing {
 public:
  /// Room for at least `capacity` values; rounded up to a power of two. Memory is touched as it is first
  /// used.
  explicit SpscRing(std::size_t capacity)
      : capacity_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity)),
        slots_(std::allocator<T>().allocate(capacity_)) {}
  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;
  ~SpscRing() {
    while (front()) pop();
    std::allocator<T>().deallocate(slots_, capacity_);
  }

  std::size_t capacity() const { return capacity_; }

  /// Producer: makes a T of `args` inside the ring. False if it is full; then `args` are untouched.
  template <class... Args>
  bool try_push(Args&&... args) {
    const std::size_t at = producer_.next.load(std::memory_order_relaxed);
    if (at - producer_.other_seen == capacity_) {
      producer_.other_seen = consumer_.next.load(std::memory_order_acquire);
      if (at - producer_.other_seen == capacity_) return false;
    }
    std::construct_at(slot(at), std::forward<Args>(args)...);
    producer_.next.store(at + 1, std::memory_order_release);
    return true;
  }

  /// Consumer: the oldest value, which stays inside until pop(); nullptr if there is none.
  T* front() {
    const std::size_t at = consumer_.next.load(std::memory_order_relaxed);
    if (at == consumer_.other_seen) {
      consumer_.other_seen = producer_.next.load(std::memory_order_acquire);
      if (at == consumer_.other_seen) return nullptr;
    }
    return slot(at);
  }

  /// Consumer: destroys what front() returned and frees its place; call it only after that.
  void pop() {
    const std::size_t at = consumer_.next.load(std::memory_order_relaxed);
    assert(at != consumer_.other_seen);
    std::destroy_at(slot(at));
    consumer_.next.store(at + 1, std::memory_order_release);
  }

  /// Consumer: the oldest value, moved out.
  std::optional<T> try_pop() {
    T* oldest = front();
    if (!oldest) return std::nullopt;
    std::optional<T> value(std::move(*oldest));
    pop();
    return value;
  }

 private:
  /// What one side writes, on a cache line of its own. `other_seen` spares it most reads of the other's line.
  struct alignas(64) Side {
    std::atomic<std::size_t> next{0};
    std::size_t other_seen = 0;
  };

  T* slot(std::size_t index) { return slots_ + (index & (capacity_ - 1)); }

  const std::size_t capacity_;
  T* const slots_;
  Side producer_;
  Side consumer_;
};

}  // namespace sluice::observe
