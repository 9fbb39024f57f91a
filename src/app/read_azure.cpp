#include "app/read_azure.hpp"

#include "dialect/host_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sluice::app {
namespace {

/// As 2024-10-21 or 2025-04-01-preview.
bool is_dated_version(std::string_view text) {
  constexpr std::string_view form = "0000-00-00", preview = "-preview";
  if (text.ends_with(preview)) text.remove_suffix(preview.size());
  return std::ranges::equal(
      text, form, [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

void check_version(const YamlValue& azure, const AzureConfig& out) {
  const std::string& version = out.api_version;
  if (out.deployments && version.empty())
    azure.wrong("'api_version' is missing: the version of the API, as 2024-10-21");
  else if (out.deployments && !is_dated_version(version))
    azure.wrong(
        fmt::format("api_version '{}' has no deployments; write a dated one, as 2024-10-21", version));
  else if (!out.deployments && !version.empty() && version != "preview" && version != "latest")
    azure.wrong(
        fmt::format("api_version '{}' is none of v1; leave it out, write preview or latest, or add "
                    "deployments: true for a dated one",
                    version));
}

AzureConfig read_section(const YamlValue& value) {
  AzureConfig out;
  YamlMap map(value);
  map.read("deployments", out.deployments, &YamlValue::flag);
  map.read("api_version", out.api_version, &YamlValue::text);
  map.read("entra_token", out.entra_token, &YamlValue::secret);
  map.finish();
  check_version(value, out);
  return out;
}

void check_credentials(const YamlValue& azure, const ProviderConfig& out) {
  if (out.api_key.empty() && out.azure->entra_token.empty())
    azure.wrong("has no credential; give the provider an api_key, or an entra_token here");
  if (!out.api_key.empty() && !out.azure->entra_token.empty())
    azure.wrong("has an entra_token beside the provider's api_key; one of them is sent");
}

bool holds_path_of_api(std::string_view path) {
  return path.ends_with("/openai") || path.ends_with("/openai/v1") || path.contains("/openai/deployments");
}

}  // namespace

void read_azure(YamlMap& map, const YamlValue& provider, ProviderConfig& out) {
  const auto azure = map.find("azure");
  if (!azure) {
    if (out.base_url.path.empty() && dialect::profile_for(out.base_url.host).name == "azure")
      provider.wrong(
          "is a resource of Azure; add azure: {} for the paths of v1, or azure: {deployments: true, "
          "api_version: ...}");
    return;
  }
  if (out.api != "openai.chat" && out.api != "openai.responses")
    return azure->wrong("is for the apis openai.chat and openai.responses only; leave it out");
  out.azure = read_section(*azure);
  check_credentials(*azure, out);
  if (holds_path_of_api(out.base_url.path))
    azure->wrong(fmt::format("base_url ends with '{}', which is added; leave it out", out.base_url.path));
  out.base_url.path += out.azure->deployments ? "/openai" : "/openai/v1";
}

}  // namespace sluice::app
