#include "simulate/claude_models.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::anthropic {
namespace {

constexpr std::string_view to_max = "high, low, max, medium";
constexpr std::string_view to_xhigh = "high, low, max, medium, xhigh";

// The first prefix that fits counts; the last row fits all.
constexpr std::array models{
    //           prefix             max_output sampling either budgeted adaptive prefill schemas efforts
    ClaudeModel{"claude-opus-5", 128'000, false, true, false, true, false, true, to_xhigh},
    ClaudeModel{"claude-opus-4-8", 128'000, false, true, false, true, false, true, to_xhigh},
    ClaudeModel{"claude-opus-4-7", 128'000, false, true, false, true, false, true, to_xhigh},
    ClaudeModel{"claude-sonnet-5", 128'000, false, true, false, true, false, true, to_xhigh},
    ClaudeModel{"claude-fable-5", 128'000, false, true, false, true, false, true, to_xhigh},
    ClaudeModel{"claude-mythos", 128'000, false, true, false, true, false, true, to_xhigh},
    ClaudeModel{"claude-opus-4-6", 128'000, true, true, true, true, false, true, to_max},
    ClaudeModel{"claude-sonnet-4-6", 128'000, true, true, true, true, false, true, to_max},
    ClaudeModel{"claude-opus-4-5", 64'000, true, true, true, false, true, true, "high, low, medium"},
    ClaudeModel{"claude-sonnet-4-5", 64'000, true, true, true, false, true, true, ""},
    ClaudeModel{"claude-haiku-4-5", 64'000, true, true, true, false, true, true, ""},
    ClaudeModel{"claude-opus-4-1", 32'000, true, false, true, false, true, true, ""},
    ClaudeModel{"claude-opus-4", 32'000, true, false, true, false, true, false, ""},
    ClaudeModel{"claude-sonnet-4", 64'000, true, false, true, false, true, false, ""},
    ClaudeModel{"claude-3-7", 64'000, true, false, true, false, true, false, ""},
    ClaudeModel{"claude-3-5", 8'192, true, false, false, false, true, false, ""},
    ClaudeModel{"claude-3", 4'096, true, false, false, false, true, false, ""},
    ClaudeModel{"", 128'000, true, false, true, true, true, true, to_xhigh},
};

}  // namespace

const ClaudeModel& claude_model(std::string_view model) {
  return *std::ranges::find_if(models, [&](const ClaudeModel& row) { return model.starts_with(row.prefix); });
}

}  // namespace sluice::simulate::anthropic
