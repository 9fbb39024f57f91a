#include "gateway/try_models.hpp"

#include "gateway/attempt.hpp"
#include "gateway/choose_target.hpp"
#include "policy/backoff.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sluice::gateway {
namespace {

using Why = Attempt::Why;

/// More than any sensible configuration has targets; bounds what one request can cost.
constexpr std::size_t most_attempts = 8;
/// A target is asked so many times more, at most.
constexpr unsigned most_retries = 1;

std::chrono::milliseconds time_left(const Trial& trial) {
  return trial.core.shared.total_deadline -
         std::chrono::duration_cast<std::chrono::milliseconds>(http::Clock::now() - trial.story.began);
}

/// Whether a further attempt may be made at all.
bool may_go_on(const Trial& trial) {
  return trial.story.attempts.size() < most_attempts && time_left(trial).count() > 0 &&
         !trial.exchange.client_gone();
}

/// The first attempt is free.
bool affordable(const Trial& trial, const Target& target) {
  return trial.story.attempts.empty() ||
         trial.core.retry_budgets[target.provider->index].take(http::Clock::now());
}

/// How long to wait before the target that failed is asked again; nothing if it should not be.
std::optional<std::chrono::milliseconds> wait_for(const Trial& trial, const Error& error, unsigned retries) {
  if (!trial.plan.retry || !error.traits().retry_here || retries >= most_retries) return std::nullopt;
  return policy::wait_before(retries, error.retry_after(), time_left(trial), trial.story.id.random_bits());
}

/// All the targets of one model. Nothing if none of them could be asked; otherwise how the last one ended.
class ModelTrial {
 public:
  ModelTrial(Trial& trial, const PlannedModel& model, Unwell unwell)
      : trial_(trial), model_(model), unwell_(unwell) {}

  Task<std::optional<Result<>>> run() {
    std::optional<Result<>> last;
    const Target* target = next();
    Why why = trial_.story.attempts.empty() ? Why::first : Why::other_model;
    while (target && may_go_on(trial_) && affordable(trial_, *target)) {
      last = co_await attempt(trial_, *model_.route, question(), *target, why);
      if (*last || !last->error().traits().retry_elsewhere) break;
      if (may_correct(last->error())) {
        why = Why::corrected;
        continue;
      }
      tried_.push_back(target);
      const Target* failed = target;
      why = Why::other_target;
      target = next();
      if (target || !may_go_on(trial_)) continue;
      const auto wait = wait_for(trial_, last->error(), retries_++);
      if (!wait) break;
      trial_.story.wait_begins();
      co_await trial_.core.loop.sleep(*wait);
      trial_.story.wait_ends();
      why = Why::again;
      target = failed;
    }
    co_return last;
  }

 private:
  const Target* next() const {
    return choose_target(trial_.core, *model_.route, trial_.plan.region, tried_, unwell_,
                         question().request(), trial_.story);
  }

  const Question& question() const {
    if (corrected_) return *corrected_;
    return model_.question ? *model_.question : *trial_.question;
  }

  /// An answer that has not the form that was asked for is sent back to the model with what is wrong with it.
  bool may_correct(const Error& error) {
    auto complaint = std::exchange(trial_.story.complaint, std::nullopt);
    if (error.code() != ErrorCode::json_repair_failed || !complaint || !question().form()) return false;
    if (corrections_ == question().form()->reasks || !may_go_on(trial_)) return false;
    ++corrections_;
    auto corrected = std::make_unique<Question>();
    if (!corrected->read_own(body_with_complaint(question().request(), *complaint))) return false;
    corrected_ = std::move(corrected);
    return true;
  }

  Trial& trial_;
  const PlannedModel& model_;
  Unwell unwell_;
  std::vector<const Target*> tried_;
  unsigned retries_ = 0, corrections_ = 0;
  std::unique_ptr<Question> corrected_;
};

/// Model after model, as long as each failed in a way at which the next is to be asked.
Task<std::optional<Result<>>> try_each(Trial& trial, Unwell unwell) {
  std::optional<Result<>> last;
  // Once an answer has begun, the plan is let go of.
  for (std::size_t i = 0; i < trial.plan.models.size(); ++i) {
    const PlannedModel& model = trial.plan.models[i];
    if (last && !model.on.contains(last->error().code())) continue;
    ModelTrial targets(trial, model, unwell);
    auto done = co_await targets.run();
    if (!done) continue;
    last = std::move(done);
    if (*last || last->error().code() == ErrorCode::client_gone) break;
  }
  co_return last;
}

}  // namespace

Task<Result<>> try_models(Trial trial) {
  auto done = co_await try_each(trial, Unwell::avoided);
  // All are unwell: one of them is asked nevertheless, for how else would it be noticed that it is well
  // again.
  if (!done) done = co_await try_each(trial, Unwell::accepted);
  if (done) co_return std::move(*done);
  if (trial.exchange.client_gone())
    co_return fail(ErrorCode::client_gone, "the client closed its connection");
  co_return fail(ErrorCode::upstream_timeout, "the request took too long before a provider could be asked");
}

}  // namespace sluice::gateway
