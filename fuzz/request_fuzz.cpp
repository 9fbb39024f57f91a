// A client's body: refused with the member at fault, or a request that every dialect can write down as JSON.

#include "base/secret.hpp"
#include "catalog/families.hpp"
#include "dialect/dialect.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "fuzz/check.hpp"

#include <memory_resource>

namespace sluice::fuzz {
namespace {

std::string joined(const dialect::Outgoing& outgoing) {
  if (outgoing.pieces.empty()) return outgoing.body;
  std::string body;
  for (const std::string_view piece : outgoing.pieces) body.append(piece);
  return body;
}

bool is_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

/// `model` as the provider knows it, on `host`.
void encode(const dialect::Dialect& dialect, const chat::Request& request, std::string_view model,
            const dialect::HostProfile& host) {
  if (request.doubt && !dialect.of_clients) {
    check(!request.doubt->message().empty() && !request.doubt->param().empty(), "a doubt about nothing", "");
    return;
  }
  static const auto families = catalog::built_in_families();
  const catalog::Capabilities& capabilities = families->capabilities(model);
  dialect::Outgoing outgoing;
  const auto encoded =
      dialect.encode_request(request, {.model = model, .capabilities = capabilities, .host = host}, outgoing);
  if (!encoded) {
    check(encoded.error().traits().http_status < 500, "an encoder blames itself", encoded.error().message());
    return;
  }
  const std::string body = joined(outgoing);
  json::Document document;
  const auto parsed = document.parse(body);
  check(parsed && parsed->is_object(), "what is sent is no JSON object", body);
  check(outgoing.path.starts_with('/') && is_line(outgoing.path), "a path that is none", outgoing.path);
  dialect.authorize({.api_key = Secret("secret")}, {}, outgoing);
  dialect.authorize(
      {.access_key_id = Secret("id"), .secret_access_key = Secret("secret"), .region = "us-east-1"},
      {.host = "host"}, outgoing);
  for (const dialect::Header& header : outgoing.headers)
    check(is_line(header.name) && is_line(header.value), "a header that is more than one", header.value);
  for (const chat::Change& change : outgoing.changes.list())
    check(!change.param.empty() && !change.reason.empty(), "a report that says nothing",
          change.param + change.reason);
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::vector<char> exact(data, data + size);
  const std::string_view body(exact.data(), exact.size());
  json::Document document;
  const auto root = document.parse(body);
  if (!root) return 0;
  std::pmr::monotonic_buffer_resource arena;
  chat::Request request(&arena);
  if (const auto decoded = dialect::openai::decode_request(*root, request); !decoded) {
    const int status = decoded.error().traits().http_status;
    check(status >= 400 && status < 500 && !decoded.error().message().empty(), "not the client's fault",
          decoded.error().message());
    std::string answer;
    dialect::openai::encode_error(decoded.error(), "id", answer);
    json::Document error;
    check(error.parse(answer).has_value(), "an error that is no JSON", answer);
    return 0;
  }
  Choices choices(body);
  static constexpr const char* claude[] = {"claude-sonnet-4-6", "claude-opus-4-1", "claude-haiku-4-5"};
  static constexpr const char* gemini[] = {"gemini-2.5-flash", "gemini-3-pro-preview", "gemini-2.0-flash"};
  static constexpr const char* gpt[] = {"gpt-4o", "gpt-5", "o3-mini", "some-model"};
  static constexpr const char* converse[] = {"us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                                             "us.amazon.nova-2-lite-v1:0", "mistral.mistral-large-2407-v1:0",
                                             "amazon.titan-text-lite-v1",
                                             "arn:aws:bedrock:us-east-1:1:application-inference-profile/x"};
  static constexpr const char* ollama[] = {"qwen3:4b", "gpt-oss:20b", "gemma3"};
  const auto hosts = dialect::host_profiles();
  const auto& host = hosts[choices.below(hosts.size())];
  encode(*dialect::find("openai.chat"), request, gpt[choices.below(std::size(gpt))], host);
  encode(*dialect::find("anthropic.messages"), request, claude[choices.below(std::size(claude))], host);
  encode(*dialect::find("bedrock.converse"), request, converse[choices.below(std::size(converse))], host);
  encode(*dialect::find("ollama"), request, ollama[choices.below(std::size(ollama))], host);
  encode(*dialect::find("gemini"), request, gemini[choices.below(std::size(gemini))], host);
  return 0;
}
