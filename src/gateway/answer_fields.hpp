#pragma once
// The header fields that the gateway adds to an answer: which request it was, and who answered it.

#include "gateway/story.hpp"
#include "http/exchange.hpp"

#include <array>
#include <string>
#include <vector>

namespace sluice::gateway {

/// Keeps the texts of the fields; must live until they are sent.
class AnswerFields {
 public:
  explicit AnswerFields(const Story& story)
      : story_(story),
        attempts_(std::to_string(story.attempts.size())),
        overhead_(std::to_string(story.overhead_us())) {}

  void append_to(std::vector<http::OutField>& fields) const {
    fields.push_back({"x-request-id", story_.id.text()});
    fields.push_back({"x-sluice-attempts", attempts_});
    fields.push_back({"x-sluice-overhead-us", overhead_});
    const Attempt* attempt = story_.last_attempt();
    if (!attempt) return;
    fields.push_back({"x-sluice-model", attempt->route->model->id});
    fields.push_back({"x-sluice-provider", attempt->target->provider->name});
  }

 private:
  const Story& story_;
  std::string attempts_, overhead_;
};

}  // namespace sluice::gateway
