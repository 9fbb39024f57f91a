#include "policy/target_health.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::policy {
namespace {

using std::chrono::seconds;

// Ten slots make the window in which failures are counted.
constexpr seconds slot_time(3);
constexpr std::uint32_t most_in_a_row = 5, fewest_to_judge = 20;
// How long the breaker stays open, doubled each time it opens again without a success in between.
constexpr seconds shortest_open(2), longest_open(60);
constexpr seconds longest_rest(30);
constexpr seconds slow_start(30);
// The average falls to a third in this time, and jumps up at once: a target that has become slow is noticed
// by its first slow answer.
constexpr double memory_s = 10;
constexpr double unknown_first_token_s = 0.5;

std::int64_t slot_number(TargetHealth::Time now) {
  return now.time_since_epoch() / slot_time;
}
double in_seconds(TargetHealth::Duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

TargetHealth::Slot& TargetHealth::slot(Time now) {
  const std::int64_t number = slot_number(now);
  Slot& slot = window_[static_cast<std::size_t>(number) % window_.size()];
  if (slot.number != number) slot = {.number = number};
  return slot;
}

bool TargetHealth::available(Time now) const {
  if (now < rests_until_) return false;
  return !open_ || (now >= retry_at_ && !probing_);
}

void TargetHealth::begin(Time now) {
  ++in_flight_;
  if (open_ && now >= retry_at_) probing_ = true;
}

void TargetHealth::ended() {
  if (in_flight_ > 0) --in_flight_;
  probing_ = false;
}

void TargetHealth::succeeded(Time now, Duration first_token) {
  ended();
  ++slot(now).good;
  failures_in_a_row_ = 0;
  if (open_) {
    open_ = false;
    closed_at_ = now;
    window_ = {};
  } else if (times_opened_ > 0 && now - closed_at_ > slow_start) {
    times_opened_ = 0;
  }
  const double measured = in_seconds(first_token);
  const double kept = std::exp(-in_seconds(now - measured_at_) / memory_s);
  const double average = first_token_s_ * kept + measured * (1 - kept);
  first_token_s_ = first_token_s_ == 0 ? measured : std::max(average, std::min(measured, 2 * average));
  measured_at_ = now;
}

void TargetHealth::failed(Time now) {
  ended();
  ++slot(now).bad;
  ++failures_in_a_row_;
  if (open_ || failures_in_a_row_ >= most_in_a_row || window_is_bad(now)) open(now);
}

bool TargetHealth::window_is_bad(Time now) const {
  const std::int64_t oldest = slot_number(now) - static_cast<std::int64_t>(window_.size());
  std::uint32_t good = 0, bad = 0;
  for (const Slot& slot : window_) {
    if (slot.number <= oldest) continue;
    good += slot.good;
    bad += slot.bad;
  }
  return good + bad >= fewest_to_judge && bad >= good;
}

void TargetHealth::open(Time now) {
  // Those that were on their way when it opened say nothing new.
  if (open_ && now < retry_at_) return;
  open_ = true;
  constexpr std::uint32_t most_doublings = 5;
  const seconds wait = shortest_open * (1U << std::min(times_opened_, most_doublings));
  retry_at_ = now + std::min(wait, longest_open);
  ++times_opened_;
}

void TargetHealth::rest(Time now, Duration wait) {
  rests_until_ = std::max(rests_until_, now + std::min<Duration>(wait, longest_rest));
}

double TargetHealth::cost(Time now, double weight) const {
  const double first_token = first_token_s_ == 0 ? unknown_first_token_s : first_token_s_;
  double share = weight;
  if (closed_at_ != Time() && now - closed_at_ < slow_start)
    share *= std::max(0.1, in_seconds(now - closed_at_) / in_seconds(slow_start));
  return first_token * (in_flight_ + 1) / std::max(share, 1e-6);
}

}  // namespace sluice::policy
