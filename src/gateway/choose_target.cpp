#include "gateway/choose_target.hpp"

#include "base/hash.hpp"
#include "policy/region.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sluice::gateway {
namespace {

/// How much more the usual target may cost before another is taken: a cached prompt is worth something.
constexpr double worth_of_a_cached_prompt = 2;

/// The same for all turns of a conversation: who speaks, the instructions, the first question.
std::uint64_t conversation(const chat::Request& request, std::string_view key) {
  constexpr std::size_t enough = 4096;
  std::uint64_t hash = fnv1a(key);
  for (const chat::Message& message : request.messages) {
    hash = (hash * 31) ^ fnv1a(message.source.raw().substr(0, enough));
    if (message.role == chat::Role::user) break;
  }
  return hash;
}

/// Spreads bits that differ in few places (murmur3's finalizer).
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 33U)) * 0xff51afd7ed558ccdU;
  bits = (bits ^ (bits >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return bits ^ (bits >> 33U);
}

/// Weighted rendezvous hashing: each target keeps its share of conversations, and those of a target that is
/// away spread over the others.
const Target* usual_target(std::span<const Target* const> equals, std::uint64_t conversation) {
  const Target* best = nullptr;
  double best_score = 0;
  for (const Target* target : equals) {
    const std::uint64_t bits = mixed(conversation ^ fnv1a(target->provider->name) ^ (target->index << 32U));
    const double fraction = (static_cast<double>(bits >> 11U) + 0.5) / 9007199254740992.0;  // in (0, 1)
    const double score = -target->weight / std::log(fraction);
    if (best && score <= best_score) continue;
    best = target;
    best_score = score;
  }
  return best;
}

const Target* choose_among(const Core& core, std::span<const Target* const> equals,
                           const chat::Request& request, const Story& story) {
  if (equals.size() == 1) return equals.front();
  const auto now = http::Clock::now();
  const auto cost = [&](const Target* target) {
    return core.health[target->index].cost(now, target->weight);
  };
  const Target* usual = usual_target(equals, conversation(request, story.key));
  const Target* other = equals[story.id.random_bits() % equals.size()];
  return cost(usual) <= worth_of_a_cached_prompt * cost(other) ? usual : other;
}

}  // namespace

const Target* choose_target(const Core& core, const Route& route, std::optional<catalog::Region> region,
                            std::span<const Target* const> tried, Unwell unwell, const chat::Request& request,
                            const Story& story) {
  const auto now = http::Clock::now();
  std::vector<const Target*> equals;
  for (const Target& target : route.targets) {
    if (!equals.empty() && target.priority != equals.front()->priority) break;
    if (!policy::may_reach(target.regions, region) || std::ranges::find(tried, &target) != tried.end())
      continue;
    if (unwell == Unwell::accepted || core.health[target.index].available(now)) equals.push_back(&target);
  }
  return equals.empty() ? nullptr : choose_among(core, equals, request, story);
}

}  // namespace sluice::gateway
