#pragma once
// Structured output of models that know no schema but call tools: the schema becomes the parameters of a tool
// that must be called, and the call's arguments become the answer.

#include "chat/forward.hpp"
#include "chat/request.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

/// The client's body with the tool in the place of the response format.
std::string body_with_forced_tool(const chat::Request& request);

/// Tells the first call as the answer it stands for, whatever name the model gives it: there is only one
/// tool. What it says beside it is left out; where it called nothing, what it said is the answer.
class ForcedToolAnswer final : public chat::Forward {
 public:
  using Forward::Forward;

  void on(const chat::TextDelta& e) override;
  void on(const chat::ToolCallStart& e) override;
  void on(const chat::ToolCallDelta& e) override;
  void on(const chat::Finish& e) override;
  /// The provider's own words tell of a call.
  void begin_native(const chat::Native&) override {}
  void end_native() override {}

 private:
  struct Choice {
    std::uint32_t index;
    bool called = false;
    std::uint32_t call = 0;
    std::string said;  ///< escaped
  };
  Choice& choice(std::uint32_t index);

  std::vector<Choice> choices_;
};

}  // namespace sluice::gateway
