#include "dialect/anthropic/anthropic.hpp"
#include "dialect/bedrock/bedrock.hpp"
#include "dialect/dialect.hpp"
#include "dialect/gemini/gemini.hpp"
#include "dialect/ollama/ollama.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/responses/responses.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect {
namespace {

constexpr std::array dialects{
    Dialect{.api = "openai.chat",
            .of_clients = true,
            .encode_request = openai::encode_request,
            .authorize = openai::authorize,
            .decode_response = openai::decode_response,
            .new_stream_decoder = openai::new_stream_decoder,
            .decode_error = openai::decode_error},
    Dialect{.api = "openai.responses",
            .encode_request = responses::encode_request,
            .authorize = openai::authorize,
            .decode_response = responses::decode_response,
            .new_stream_decoder = responses::new_stream_decoder,
            .decode_error = responses::decode_error},
    Dialect{.api = "anthropic.messages",
            .encode_request = anthropic::encode_request,
            .authorize = anthropic::authorize,
            .decode_response = anthropic::decode_response,
            .new_stream_decoder = anthropic::new_stream_decoder,
            .decode_error = anthropic::decode_error},
    Dialect{.api = "gemini",
            .encode_request = gemini::encode_request,
            .authorize = gemini::authorize,
            .decode_response = gemini::decode_response,
            .new_stream_decoder = gemini::new_stream_decoder,
            .decode_error = gemini::decode_error},
    Dialect{.api = "bedrock.converse",
            .framing = Framing::aws_event_stream,
            .encode_request = bedrock::encode_request,
            .authorize = bedrock::authorize,
            .decode_response = bedrock::decode_response,
            .new_stream_decoder = bedrock::new_stream_decoder,
            .decode_error = bedrock::decode_error},
    Dialect{.api = "ollama",
            .framing = Framing::ndjson,
            .encode_request = ollama::encode_request,
            .authorize = ollama::authorize,
            .decode_response = ollama::decode_response,
            .new_stream_decoder = ollama::new_stream_decoder,
            .decode_error = ollama::decode_error},
};

}  // namespace

std::span<const Dialect> all() {
  return dialects;
}

const Dialect* find(std::string_view api) {
  const auto* row = std::ranges::find(dialects, api, &Dialect::api);
  return row == dialects.end() ? nullptr : row;
}

}  // namespace sluice::dialect
