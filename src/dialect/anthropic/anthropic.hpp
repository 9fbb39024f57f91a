#pragma once
// anthropic: the Messages API (docs.anthropic.com/en/api/messages), as a provider.

#include "dialect/dialect.hpp"

namespace sluice::dialect::anthropic {

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out);
void authorize(const Credentials& credentials, const Destination& to, Outgoing& out);
Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink);
std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context);
Error decode_error(const ErrorAnswer& answer);

}  // namespace sluice::dialect::anthropic
