#include "app/build_routes.hpp"

#include "app/known_providers.hpp"
#include "app/served_models.hpp"
#include "dialect/host_profile.hpp"

#include <algorithm>
#include <string_view>

namespace sluice::app {
namespace {

using gateway::Provider;
using gateway::Target;
using Providers = std::vector<std::unique_ptr<Provider>>;

const dialect::HostProfile& host_of(const ProviderConfig& config) {
  const dialect::HostProfile* named = dialect::profile_named(config.profile);
  if (!named && config.azure) named = dialect::profile_named("azure");
  return named ? *named : dialect::profile_for(config.base_url.host);
}

/// Azure's v1 has both of OpenAI's APIs; of its dated versions only some.
bool serves_responses(const ProviderConfig& config, const dialect::HostProfile& host) {
  if (config.api != "openai.chat") return false;
  return host.responses || (config.azure && !config.azure->deployments);
}

void place_at_azure(const AzureConfig& config, Provider& provider) {
  provider.cloud.deployments = config.deployments;
  if (!config.api_version.empty()) provider.cloud.query = "?api-version=" + config.api_version;
  provider.credentials.access_token = config.entra_token;
}

std::unique_ptr<Provider> make_provider(const ProviderConfig& config, const http::Deadlines& deadlines) {
  auto provider = std::make_unique<Provider>();
  provider->name = config.name;
  provider->dialect = dialect::find(config.api);
  provider->host = &host_of(config);
  const bool has_responses = config.responses.value_or(serves_responses(config, *provider->host));
  if (has_responses) provider->responses = dialect::find("openai.responses");
  provider->base = config.base_url;
  provider->credentials = {.api_key = config.api_key,
                           .access_key_id = config.access_key_id,
                           .secret_access_key = config.secret_access_key,
                           .session_token = config.session_token,
                           .region = config.region};
  if (config.azure) place_at_azure(*config.azure, *provider);
  if (config.vertex) {
    provider->cloud.vertex = true;
    provider->token_source = {.account = config.vertex->account,
                              .metadata_server = config.vertex->metadata_server};
  }
  provider->credentials.api_key_field = provider->host->api_key_field;
  provider->regions = config.regions;
  provider->deadlines = deadlines;
  for (const auto& [name, value] : config.headers) provider->headers.push_back({name, value});
  return provider;
}

/// The simulator as a provider of one dialect, reached as that dialect's vendor is.
std::unique_ptr<Provider> make_simulated(const dialect::Dialect& dialect, http::Url base,
                                         const http::Deadlines& deadlines) {
  auto provider = std::make_unique<Provider>();
  if (dialect.api.starts_with("openai.")) base.path = "/v1";
  provider->name = demo_provider;
  provider->dialect = &dialect;
  provider->host = &dialect::profile_for("api.openai.com");
  if (dialect.api == "openai.chat") provider->responses = dialect::find("openai.responses");
  provider->base = std::move(base);
  provider->credentials.api_key = Secret("simulated");
  provider->regions = {catalog::Region::us, catalog::Region::eu, catalog::Region::global};
  provider->deadlines = deadlines;
  return provider;
}

/// The dialect in which the model's usual provider is asked.
std::string_view usual_api(const catalog::Model& model) {
  for (const catalog::Route& route : model.routes)
    if (const KnownProvider* known = known_provider(route.provider)) return known->api;
  return "openai.chat";
}

/// The name whose family tells what the model takes.
const std::string& family_name(const TargetConfig& config, const Provider& provider,
                               const catalog::Model& model, const catalog::Catalog& built_in) {
  if (!config.base_model.empty()) return config.base_model;
  return provider.host->deployments && built_in.find(model.id) ? model.id : config.model;
}

Target make_target(const TargetConfig& config, const catalog::Model& model, const Providers& providers,
                   const catalog::Families& families, const catalog::Catalog& built_in) {
  const bool simulated = config.provider == demo_provider;
  const auto provider = std::ranges::find_if(providers, [&](const auto& p) {
    return p->name == config.provider && (!simulated || p->dialect->api == usual_api(model));
  });
  return {.provider = provider->get(),
          .model = config.model,
          .capabilities = &families.capabilities(family_name(config, **provider, model, built_in)),
          .regions = config.regions,
          .weight = static_cast<double>(config.weight),
          .priority = static_cast<int>(config.priority)};
}

}  // namespace

gateway::Routes build_routes(const Config& config, const catalog::Catalog& built_in,
                             const catalog::Families& families, const std::optional<http::Url>& simulator) {
  Providers providers;
  for (const ProviderConfig& provider : config.providers)
    providers.push_back(make_provider(provider, config.limits.timeouts));
  if (simulator)
    for (const dialect::Dialect& dialect : dialect::all())
      providers.push_back(make_simulated(dialect, *simulator, config.limits.timeouts));
  std::vector<gateway::Routes::Entry> entries;
  for (ServedModel& served : served_models(config, built_in)) {
    gateway::Routes::Entry entry{.model = std::move(served.model), .targets = {}};
    for (const TargetConfig& target : served.targets)
      entry.targets.push_back(make_target(target, entry.model, providers, families, built_in));
    entries.push_back(std::move(entry));
  }
  return {std::move(providers), std::move(entries), built_in};
}

}  // namespace sluice::app
