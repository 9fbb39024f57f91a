#include "app/config_sections.hpp"
#include "app/known_providers.hpp"
#include "app/read_aws.hpp"
#include "app/read_azure.hpp"
#include "app/read_vertex.hpp"
#include "base/text.hpp"
#include "dialect/dialect.hpp"
#include "dialect/host_profile.hpp"
#include "http/grammar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::app {
namespace {

/// Fields that the gateway writes itself.
constexpr std::array<std::string_view, 8> reserved_headers{
    "host",       "content-length",    "content-type", "connection",
    "keep-alive", "transfer-encoding", "upgrade",      "accept-encoding"};

std::vector<std::string_view> api_names() {
  std::vector<std::string_view> names;
  for (const dialect::Dialect& row : dialect::all()) names.push_back(row.api);
  return names;
}

void read_base_url(const YamlValue& value, http::Url& out) {
  const auto text = value.text();
  if (!text) return;
  auto url = http::parse_url(*text);
  if (!url) return value.wrong(url.error().message());
  out = std::move(*url);
}

void read_headers(const YamlValue& value, ProviderConfig& out) {
  YamlMap map(value);
  for (const auto& [name, field] : map.entries()) {
    const std::string lower = ascii_lower(name);
    const auto content = map.find(name) ? field.secret() : std::nullopt;
    if (!http::is_token(name))
      field.wrong("is no header name; use letters, digits and hyphens");
    else if (std::ranges::find(reserved_headers, lower) != reserved_headers.end())
      field.wrong("is written by the gateway itself");
    else if (std::ranges::find(out.headers, lower, &std::pair<std::string, Secret>::first) !=
             out.headers.end())
      field.wrong("is there twice; case does not matter in header names");
    if (content) out.headers.emplace_back(lower, *content);
  }
}

bool is_openai(std::string_view api) {
  return api == "openai.chat" || api == "openai.responses";
}

void read_profile(const YamlValue& value, ProviderConfig& out) {
  std::vector<std::string_view> names;
  for (const dialect::HostProfile& row :
       dialect::host_profiles())  // a vendor with several hosts has several rows
    if (std::ranges::find(names, row.name) == names.end()) names.push_back(row.name);
  out.profile = value.word(names).value_or("");
  if (!is_openai(out.api)) value.wrong("is for the apis openai.chat and openai.responses only; leave it out");
}

void read_responses(const YamlValue& value, ProviderConfig& out) {
  out.responses = value.flag();
  if (out.api != "openai.chat") value.wrong("is for the api openai.chat only; leave it out");
}

/// What a known provider needs not say.
void take_defaults(const KnownProvider& known, ProviderConfig& out) {
  out.api = known.api;
  out.base_url = http::parse_url(known.base_url).value();
}

ProviderConfig read_provider(const std::string& name, const YamlValue& value) {
  ProviderConfig out{.name = name, .line = value.line()};
  YamlMap map(value);
  const KnownProvider* known = known_provider(name);
  if (known) take_defaults(*known, out);
  const auto api = known ? map.find("api") : map.require("api", "the wire format that it speaks");
  if (api) out.api = api->word(api_names()).value_or("");
  // The known address goes with the known api only, which may be either of OpenAI's; on AWS it follows from
  // the region, on Vertex AI from the location.
  const bool is_known = known && (out.api == known->api || (is_openai(out.api) && is_openai(known->api)));
  const bool on_aws = out.api == "bedrock.converse";
  const auto vertex = map.find("vertex");
  const auto base_url = is_known || on_aws || vertex
                            ? map.find("base_url")
                            : map.require("base_url", "its address, as https://api.example.com/v1");
  if (base_url) read_base_url(*base_url, out.base_url);
  map.read("api_key", out.api_key, &YamlValue::secret);
  const auto regions = map.find("regions");
  if (regions) out.regions = regions->regions().value_or(out.regions);
  if (on_aws) read_aws(map, value, base_url.has_value(), regions.has_value(), out);
  if (vertex) read_vertex(*vertex, base_url.has_value(), regions.has_value(), out);
  read_azure(map, value, out);
  if (const auto profile = map.find("profile")) read_profile(*profile, out);
  if (const auto responses = map.find("responses")) read_responses(*responses, out);
  if (const auto headers = map.find("headers")) read_headers(*headers, out);
  map.finish();
  return out;
}

}  // namespace

std::vector<ProviderConfig> read_providers(const YamlValue& value) {
  std::vector<ProviderConfig> out;
  const YamlMap map(value);
  for (const auto& [name, entry] : map.entries()) out.push_back(read_provider(name, entry));
  return out;
}

}  // namespace sluice::app
