#pragma once
// OpenAI's `web_search_options` as Anthropic's own search tool.

#include "chat/change.hpp"
#include "chat/request.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::anthropic {

/// Whether the client asked for it, and can have it: not beside a tool of its own of the same name
/// (reported).
bool wants_web_search(const chat::Request& request, chat::Changes& changes);

/// Writes the tool.
void write_web_search(const chat::Request& request, json::Writer& json, chat::Changes& changes);

}  // namespace sluice::dialect::anthropic
