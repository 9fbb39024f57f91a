#pragma once
// Tool call ids as a host takes them.

#include "dialect/host_profile.hpp"
#include "json/text.hpp"

#include <string>

namespace sluice::dialect::openai {

/// The id to send for `id`, escaped: itself where the host takes it, else one made from it that is the same
/// in every request, so that a call and its result agree.
std::string sent_call_id(json::Text id, const HostProfile& host);

}  // namespace sluice::dialect::openai
