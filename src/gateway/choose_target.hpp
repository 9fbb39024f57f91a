#pragma once
// choose_target: which of a model's targets to ask next.

#include "catalog/region.hpp"
#include "chat/request.hpp"
#include "gateway/core.hpp"
#include "gateway/story.hpp"

#include <optional>
#include <span>

namespace sluice::gateway {

/// Whether an unwell target may be asked, where no other is left.
enum class Unwell : std::uint8_t { avoided, accepted };

/// The target of the lowest priority that is well, may be reached from `region`, and is not among those that
/// `tried`; nullptr if there is none. Among equals a conversation stays where it has been, so that the
/// provider's prompt cache serves it, unless another one drawn at random is clearly less busy or quicker.
const Target* choose_target(const Core& core, const Route& route, std::optional<catalog::Region> region,
                            std::span<const Target* const> tried, Unwell unwell, const chat::Request& request,
                            const Story& story);

}  // namespace sluice::gateway
