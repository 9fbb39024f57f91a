#include "http/deadline.hpp"

#include <algorithm>

namespace sluice::http {

void Deadline::set(TimePoint when) {
  when_ = when;
  // A later time needs no new slot: the old one will notice and move it.
  if (linked_tick_ >= 0 && wheel_.tick_of(when) >= linked_tick_) return;
  unlink();
  wheel_.link(*this);
}

void Deadline::unlink() {
  if (linked_tick_ < 0) return;
  const std::size_t slot = DeadlineWheel::slot_of(linked_tick_);
  if (previous_) {
    previous_->next_ = next_;
  } else {
    wheel_.heads_[slot] = next_;
    wheel_.used_[slot] = next_ != nullptr;
  }
  if (next_) next_->previous_ = previous_;
  previous_ = next_ = nullptr;
  linked_tick_ = -1;
}

void DeadlineWheel::link(Deadline& deadline) {
  const std::int64_t wanted = std::max(tick_of(deadline.when_), handled_tick_ + 1);
  deadline.linked_tick_ = std::min(wanted, handled_tick_ + static_cast<std::int64_t>(slots) - 1);
  const std::size_t slot = slot_of(deadline.linked_tick_);
  Deadline*& head = heads_[slot];
  deadline.previous_ = nullptr;
  deadline.next_ = head;
  if (head) head->previous_ = &deadline;
  head = &deadline;
  used_[slot] = true;
}

/// Rounded up, so that nothing fires early.
std::int64_t DeadlineWheel::tick_of(TimePoint when) const {
  if (when == TimePoint::max()) return INT64_MAX;
  const auto since = when - started_;
  return since / tick + (since % tick > since.zero() ? 1 : 0);
}

void DeadlineWheel::advance(TimePoint now) {
  const std::int64_t current = (now - started_) / tick;
  // After a long pause every slot has come up at most once.
  handled_tick_ = std::max(handled_tick_, current - static_cast<std::int64_t>(slots));
  while (handled_tick_ < current) {
    ++handled_tick_;
    const std::size_t slot = slot_of(handled_tick_);
    while (Deadline* deadline = heads_[slot]) {
      deadline->unlink();
      if (deadline->when_ <= now) {
        deadline->clear();
        deadline->action_(deadline->context_);  // may destroy the deadline and change the slot
      } else if (deadline->is_set()) {
        link(*deadline);
      }
    }
  }
}

TimePoint DeadlineWheel::next() const {
  // Bits behind the handled tick first, then those before it: the ring, from its present place on.
  const std::size_t here = slot_of(handled_tick_);
  std::size_t found = used_._Find_next(here);
  std::size_t ahead = found - here;
  if (found == slots) {
    found = used_._Find_first();
    if (found == slots) return TimePoint::max();
    ahead = slots - here + found;
  }
  return started_ + (handled_tick_ + static_cast<std::int64_t>(ahead)) * tick;
}

}  // namespace sluice::http
