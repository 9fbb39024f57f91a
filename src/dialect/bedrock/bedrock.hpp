#pragma once
// bedrock: the Converse API of AWS Bedrock (docs.aws.amazon.com/bedrock/latest/APIReference, Converse and
// ConverseStream), as a provider.

#include "dialect/dialect.hpp"

namespace sluice::dialect::bedrock {

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out);
/// A Bedrock API key goes as it is; without one the request is signed.
void authorize(const Credentials& credentials, const Destination& to, Outgoing& out);
Result<> decode_response(std::string_view body, const AnswerContext& context, chat::EventSink& sink);
std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context);
Error decode_error(const ErrorAnswer& answer);

}  // namespace sluice::dialect::bedrock
