#pragma once
// try_models: asks target after target until one answers, or nothing is left that could.

#include "base/result.hpp"
#include "base/task.hpp"
#include "gateway/core.hpp"
#include "gateway/plan.hpp"
#include "gateway/story.hpp"
#include "http/cancellation.hpp"
#include "http/exchange.hpp"

#include <memory>

namespace sluice::gateway {

/// What the attempts of one request share. All must outlive them but the question, which they let go of.
struct Trial {
  Core& core;
  http::Exchange& exchange;
  Story& story;
  http::Cancellation& cancellation;
  std::unique_ptr<Question>& question;
  Plan& plan;
};

/// Ok once a client has an answer, be it a stream that broke off and says so. Fails with the last failure.
///
/// After a failure that another target may not share, the next is asked at once: other targets of the model,
/// then the models to fall back to. Where nothing else is left, the same target is asked once more after a
/// while. Further attempts are paid from the budget of the provider that is asked.
Task<Result<>> try_models(Trial trial);

}  // namespace sluice::gateway
