#include "simulate/openai_models.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::openai {
namespace {

// The first prefix that fits counts.
constexpr std::array families{
    ModelFamily{"gpt-oss", false, false},  // open weights, served by hosts
    ModelFamily{"gpt-5-chat", false, false},
    ModelFamily{"gpt-5-codex", true, true, true, false},
    ModelFamily{"gpt-5-pro", true, true, true, false},
    ModelFamily{"gpt-5.1-codex", true, true, true, false},
    ModelFamily{"gpt-5.1", true, false},
    ModelFamily{"gpt-5.2", true, false, false},
    ModelFamily{"gpt-5.3", true, false, false},
    ModelFamily{"gpt-5.4", true, false, false},
    ModelFamily{"gpt-5.", true, true, false},
    ModelFamily{"gpt-5", true, true},
    ModelFamily{"codex-mini", true, true, true, false},
    ModelFamily{"o1-pro", true, true, true, false},
    ModelFamily{"o3-pro", true, true, true, false},
    ModelFamily{"o1", true, true},
    ModelFamily{"o3", true, true},
    ModelFamily{"o4", true, true},
    ModelFamily{"gpt-", false, false},
    ModelFamily{"chatgpt-", false, false},
};

}  // namespace

const ModelFamily* own_family(std::string_view model) {
  const auto* found =
      std::ranges::find_if(families, [&](const ModelFamily& f) { return model.starts_with(f.prefix); });
  return found == families.begin() || found == families.end() ? nullptr : found;
}

}  // namespace sluice::simulate::openai
