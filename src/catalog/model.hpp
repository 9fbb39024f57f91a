#pragma once
// What is publicly known of a model. Data: data/models.json, and what a configuration adds to it.

#include "catalog/region.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::catalog {

/// US dollars per million tokens, which is micro-dollars per token.
struct Prices {
  double input = 0;
  double output = 0;
  std::optional<double> cache_read;   ///< of a token that came from the provider's prompt cache
  std::optional<double> cache_write;  ///< of a token that was put there, for the shortest lifetime on offer
};

/// A provider that serves the model, and the model's name there.
struct Route {
  std::string provider;  ///< as providers are named by default: `anthropic`, `openai`, ...
  std::string model;
};

struct Model {
  std::string id;  ///< what clients ask for; case matters
  std::string name;
  std::string creator;                             ///< who trained it; empty if unknown
  std::optional<std::int64_t> lmarena_score;       ///< higher is better
  std::optional<double> latency_per_10k_tokens_s;  ///< seconds; measured, so it drifts
  std::optional<std::int64_t> context_window;      ///< tokens, question and answer together
  Regions regions;
  std::optional<Prices> prices;
  std::optional<bool> streaming, tools, structured_outputs;
  std::string
      prompt_caching;  ///< `explicit` (the client marks what to keep), `automatic`, `none`; empty if unknown
  std::vector<Route> routes;  ///< who serves it by default, the preferred one first
};

/// A number of tokens that text of so many bytes (decoded, not as escaped in JSON) certainly has.
///
/// No average will do, since being wrong would refuse a request that fits: a page of blanks packs far better
/// than prose. But no token is longer than the longest entry of its vocabulary, and in the published ones
/// (cl100k, o200k, Llama 3, Qwen) that is a run of 128 blanks. So this says little (prose has thirty times as
/// many), and never too much.
constexpr std::int64_t estimate_tokens_at_least(std::uint64_t text_bytes) {
  constexpr std::uint64_t longest_token = 128;
  return static_cast<std::int64_t>(text_bytes / longest_token);
}

/// Whether text of so many bytes certainly exceeds the model's context window; false where that is unknown.
constexpr bool exceeds_context(const Model& model, std::uint64_t text_bytes) {
  return model.context_window && estimate_tokens_at_least(text_bytes) >= *model.context_window;
}

}  // namespace sluice::catalog
