#pragma once
// Config: everything an operator can say, checked and ready for use. The comment of a field is its manual
// entry.
//
// load_config.hpp makes one from a file, default_config.hpp from the environment alone.

#include "base/secret.hpp"
#include "catalog/model.hpp"
#include "gateway/service_account.hpp"
#include "http/address.hpp"
#include "http/limits.hpp"
#include "http/url.hpp"
#include "observe/log_event.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::app {

/// `listen`: one of these, or a list; a string is its address alone.
struct ListenConfig {
  /// `address`: HOST:PORT with an address literal. Port 0 takes any free one.
  http::Address address;
  /// `region`: us or eu. What enters here is served there only. Without one it may be served anywhere.
  std::optional<catalog::Region> region;
  int line = 0;  ///< of the file, for messages; 0 if it is not from one
};

/// `store`: `memory` (nothing survives the process), `sqlite:PATH`, or `postgres://...`. Default:
/// `sqlite:sluice.db`.
struct StoreConfig {
  enum class Kind : std::uint8_t { memory, sqlite, postgres };
  Kind kind = Kind::sqlite;
  std::string path = "sluice.db";  ///< Kind::sqlite: relative to the working directory
  Secret url;                      ///< Kind::postgres; it holds the password
};

/// `providers.NAME.azure`: OpenAI's APIs at a resource of Azure, whose models are deployments.
struct AzureConfig {
  /// `deployments`: whether paths are those of dated versions, /openai/deployments/MODEL/chat/completions;
  /// else those of v1, /openai/v1/chat/completions. Default: false.
  bool deployments = false;
  /// `api_version`: with deployments, as 2024-10-21; else none, `preview` or `latest`.
  std::string api_version;
  /// `entra_token`: sent as Bearer in place of an api_key.
  Secret entra_token;
};

/// `providers.NAME.vertex`: Anthropic's and Google's models on Vertex AI.
struct VertexConfig {
  /// `project`: the id of a project of Google Cloud. `location`: as europe-west1, us-east5, eu, us or global.
  std::string project, location;
  /// `credentials_file`: the key file of a service account. Default: the account that the machine runs as.
  std::optional<gateway::ServiceAccount> account;
  /// `metadata_server`: who knows that account. Default: http://metadata.google.internal.
  http::Url metadata_server;
};

/// `providers.NAME`: who answers.
struct ProviderConfig {
  std::string name;
  /// `api`: the wire format it speaks: `openai.chat`, `anthropic.messages`, `gemini`, ...
  std::string api;
  /// `base_url`: http(s)://HOST[:PORT][/PATH]. The api adds `/chat/completions` (openai.chat), `/responses`
  /// (openai.responses), `/v1/messages` (anthropic.messages), `/v1beta/models/...` (gemini), `/model/...`
  /// (bedrock.converse) or `/api/chat` (ollama).
  http::Url base_url;
  /// `api_key`: sent as the api wants it. A local server needs none. For bedrock.converse it is a Bedrock API
  /// key.
  Secret api_key;
  /// `access_key_id`, `secret_access_key`, `session_token`: for bedrock.converse, in place of an api_key;
  /// requests are signed with them.
  Secret access_key_id, secret_access_key, session_token;
  /// `region`: for bedrock.converse, AWS' name for it, as eu-central-1. Default for base_url and regions.
  std::string region;
  /// `regions`: every place where its inference and storage may happen: `us`, `eu`, `global` (anywhere), or a
  /// list. What entered through a region goes only to providers that are in that one alone. Default:
  /// `global`.
  catalog::Regions regions{catalog::Region::global};
  /// `profile`: how an OpenAI-compatible host deviates, by the name of a row in dialect/host_profile.cpp.
  /// Default: what fits the host of `base_url`.
  std::string profile;
  /// `responses`: whether an openai.chat provider serves OpenAI's Responses API (`/responses`) at the same
  /// address. What its models give only there is asked there. Default: only at api.openai.com.
  std::optional<bool> responses;
  /// `azure`: for openai.chat and openai.responses at Azure. `base_url` is the resource's address then,
  /// without /openai. An api_key goes into the field `api-key`.
  std::optional<AzureConfig> azure;
  /// `vertex`: for anthropic.messages and gemini on Vertex AI. Default for base_url and regions.
  std::optional<VertexConfig> vertex;
  /// `headers`: name: value, sent with every request.
  std::vector<std::pair<std::string, Secret>> headers;
  int line = 0;
};

/// `models[].targets[]`: a place where the model is served.
struct TargetConfig {
  /// `provider`: its name under `providers`.
  std::string provider;
  /// `model`: its name there. Default: what the catalog knows, else the id.
  std::string model;
  /// `base_model`: which model that is, where its name there does not tell: at Azure, a deployment; at AWS,
  /// an ARN. It decides what can be sent. Default: at Azure the id, if the catalog has it; else `model`.
  std::string base_model;
  /// `regions`: some of the provider's. Default: all of them.
  catalog::Regions regions;
  /// `weight`: share of the requests among targets of one priority. Default: 1.
  std::uint32_t weight = 1;
  /// `priority`: 0 is tried first. Default: 0.
  std::uint32_t priority = 0;
  int line = 0;
};

/// `models[]`: adds a model to the built-in catalog, or says more about one.
struct ModelConfig {
  /// `id`: what clients ask for. Case matters.
  std::string id;
  /// `targets`: default for a model of the catalog: every configured provider that the catalog says has it.
  std::vector<TargetConfig> targets;
  /// `name`, `creator`: for people.
  std::optional<std::string> name, creator;
  /// `context_window`: tokens.
  std::optional<std::int64_t> context_window;
  /// `lmarena_score`, `latency_per_10k_tokens_s`: what `sort` goes by.
  std::optional<std::int64_t> lmarena_score;
  std::optional<double> latency_per_10k_tokens_s;
  /// `prices`: input, output, and if there are such: cache_read, cache_write. US dollars per million tokens.
  std::optional<catalog::Prices> prices;
  int line = 0;
};

/// `keys[]`: a client's credential.
struct KeyConfig {
  /// `name`: appears in logs and metrics.
  std::string name;
  /// `secret`: what the client sends.
  Secret secret;
  int line = 0;
};

/// `limits`
struct LimitsConfig {
  /// `max_body_bytes`: of a client's request, as 1000000 or 32MiB.
  std::size_t max_body_bytes = http::ServerLimits{}.max_body;
  /// `timeouts`: of a provider, as 500ms, 30s or 5m. `connect`; `first_byte`: until the answer begins;
  /// `idle`: between two pieces of it; `total`: for all of it.
  http::Deadlines timeouts;
};

/// `log`
struct LogConfig {
  /// `level`: debug, info, warn or error. Default: info.
  observe::Level level = observe::Level::info;
  /// `format`: text or json. Default: text.
  bool json = false;
};

struct Config {
  /// Default: 127.0.0.1:8080.
  std::vector<ListenConfig> listen;
  StoreConfig store;
  /// Default: those whose usual environment variable is set (known_providers.hpp).
  std::vector<ProviderConfig> providers;
  std::vector<ModelConfig> models;
  std::vector<KeyConfig> keys;
  LimitsConfig limits;
  LogConfig log;
  /// `echo_request`: answers repeat the request without its messages, as the hosted service does. Default:
  /// false.
  bool echo_request = false;
  /// The simulator runs inside the process as the provider `demo`. Not from the file: `--demo`, or nothing
  /// else there.
  bool demo = false;
};

}  // namespace sluice::app
