#include "app/default_config.hpp"

#include "app/known_providers.hpp"
#include "http/grammar.hpp"

namespace sluice::app {
namespace {

/// The first variable of the row that is set; an empty key if none is.
Result<Secret> key_of(const KnownProvider& known, const Environment& environment) {
  for (std::string_view variable : known.variables) {
    if (variable.empty()) continue;
    auto value = environment(std::string(variable));
    if (!value || value->empty()) continue;
    if (http::is_field_value(*value)) return Secret(std::move(*value));
    return fail(ErrorCode::invalid_request,
                "environment variable " + std::string(variable) +
                    ": holds a line break or another control character, so it is no key");
  }
  return Secret();
}

}  // namespace

Result<Config> default_config(const Environment& environment) {
  auto providers = providers_from(environment);
  if (!providers) return fail(providers);
  Config config;
  config.listen.push_back(default_listener());
  config.providers = std::move(*providers);
  config.demo = config.providers.empty();
  return config;
}

Result<std::vector<ProviderConfig>> providers_from(const Environment& environment) {
  std::vector<ProviderConfig> providers;
  for (const KnownProvider& known : known_providers) {
    auto key = key_of(known, environment);
    if (!key) return fail(key);
    if (key->empty()) continue;
    providers.push_back({.name = std::string(known.name),
                         .api = std::string(known.api),
                         .base_url = http::parse_url(known.base_url).value(),
                         .api_key = std::move(*key),
                         .regions = known.regions});
  }
  return providers;
}

ListenConfig default_listener() {
  return {.address = http::parse_listen_address("127.0.0.1:8080").value()};
}

}  // namespace sluice::app
