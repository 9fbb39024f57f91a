#include "dialect/bedrock/redacted.hpp"

#include "base/text.hpp"

namespace sluice::dialect::bedrock {
namespace {

constexpr std::string_view claude_format = "anthropic-claude-v1";
constexpr std::string_view own_format = "aws-bedrock-v1";

}  // namespace

Redacted read_redacted(std::string_view bytes) {
  if (is_base64(bytes)) return {std::string(bytes), claude_format};
  return {encode_base64(bytes), own_format};
}

std::string write_redacted(json::Text data, json::Text format) {
  const std::string plain = data.decode();
  if (format.equals(claude_format)) return encode_base64(plain);
  return format.equals(own_format) ? plain : std::string();
}

}  // namespace sluice::dialect::bedrock
