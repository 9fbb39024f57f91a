#pragma once
// responses: OpenAI's Responses API (platform.openai.com/docs/api-reference/responses), as a provider.
//
// Every request stands for itself: nothing is stored at the provider, and what a model thought goes back to
// it in encrypted form, as the client carries it.

#include "dialect/dialect.hpp"

namespace sluice::dialect::responses {

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out);
Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink);
std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context);
Error decode_error(const ErrorAnswer& answer);

}  // namespace sluice::dialect::responses
