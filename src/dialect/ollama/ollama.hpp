#pragma once
// ollama: its own chat API (github.com/ollama/ollama/blob/main/docs/api.md), as a provider.

#include "dialect/dialect.hpp"

namespace sluice::dialect::ollama {

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out);
void authorize(const Credentials& credentials, const Destination& to, Outgoing& out);
Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink);
std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context);
Error decode_error(const ErrorAnswer& answer);

}  // namespace sluice::dialect::ollama
