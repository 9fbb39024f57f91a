#pragma once
// An answer that has not the form that was asked for: how the client is told, and how the model is.

#include "base/error.hpp"
#include "chat/event.hpp"
#include "chat/request.hpp"
#include "json/repair/repair.hpp"
#include "json/schema/schema.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::gateway {

/// Where in the answer, and of what size. None of the model's text is in it.
struct Rejected {
  std::string param;  ///< `choices[0].message.content`
  bool repair_step;
  std::size_t bytes;
  std::optional<chat::FinishReason> finish;
  const chat::Usage* usage = nullptr;  ///< billed all the same; null if not known
};

Error unrepairable(const Rejected& rejected, json::repair::Reason reason);
Error mismatched(const Rejected& rejected, const json::schema::Outcome& outcome);

/// What can be sent back to the model, so that it does better.
struct Complaint {
  std::string answer;  ///< what it said, not escaped
  std::string faults;  ///< what is wrong with it
};
/// The client's body with the answer and the complaint behind its messages.
std::string body_with_complaint(const chat::Request& request, const Complaint& complaint);

}  // namespace sluice::gateway
