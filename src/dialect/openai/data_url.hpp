#pragma once
// Media that come inside a request: data URLs and bare base64.

#include "chat/request.hpp"
#include "dialect/openai/place.hpp"

#include <string_view>

namespace sluice::dialect::openai {

bool is_data_url(json::Text url);

/// `data:[type][;parameter]...[;base64],payload` (RFC 2397). The type is what the first bytes tell, else what
/// the URL declares. Texts that the body does not hold in that form are kept in `request`.
Result<chat::Media> decode_data_url(json::Text url, const Place& at, chat::Request& request);

/// Base64 without a header; `declared` is the type where the bytes do not tell (may be empty).
Result<chat::Media> decode_base64_media(json::Text base64, std::string_view declared, const Place& at,
                                        chat::Request& request);

}  // namespace sluice::dialect::openai
