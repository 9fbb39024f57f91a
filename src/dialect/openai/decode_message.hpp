#pragma once
// `messages` -> chat::Message.

#include "chat/request.hpp"
#include "dialect/openai/place.hpp"

namespace sluice::dialect::openai {

Result<> decode_messages(json::Value messages, chat::Request& request);

/// A call id as providers know it, without the thought signature that some clients carry in it
/// (`call_1__thought__<signature>`, LiteLLM's form).
struct CallId {
  json::Text id, signature;
};
CallId split_call_id(json::Text id);

}  // namespace sluice::dialect::openai
