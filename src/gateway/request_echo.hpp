#pragma once
// The hosted service's `request` member: what was asked, without the conversation.

#include "chat/request.hpp"

#include <string>

namespace sluice::gateway {

/// The client's body without `messages` and `prompt`, as a JSON object, if the request asks for it with
/// `"echo_request": true`, or by default; empty otherwise.
std::string request_echo(const chat::Request& request, bool by_default);

}  // namespace sluice::gateway
