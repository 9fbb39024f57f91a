#include "dialect/gemini/generation_config.hpp"

#include "dialect/gemini/schema.hpp"
#include "dialect/gemini/thinking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::dialect::gemini {
namespace {

using Format = chat::ResponseFormat::Kind;

constexpr std::int64_t max_choices = 8;
constexpr std::size_t max_stop_sequences = 5;
/// Penalties reach from -2 up to but not including 2.
constexpr double max_penalty = 1.99;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> modalities{
    {{"text", "TEXT"}, {"image", "IMAGE"}, {"audio", "AUDIO"}}};

/// Writes the members of the object that is open.
class ConfigWriter {
 public:
  ConfigWriter(Encoding& encoding, json::Writer config)
      : encoding_(encoding), config_(config), sampling_(encoding.request.sampling) {}

  Result<> write() {
    if (auto done = choices(); !done) return fail(done);
    sampling();
    limits();
    penalties();
    logprobs();
    response_format();
    response_modalities();
    thinking();
    return {};
  }

 private:
  void number(std::string_view name, const std::optional<double>& value) {
    if (value) config_.key(name).number(*value);
  }

  Result<> choices() {
    const std::int64_t wanted = sampling_.n.value_or(1);
    if (wanted == 1) return {};
    const std::int64_t most = encoding_.capabilities().multiple_choices ? max_choices : 1;
    if (wanted > most)
      return fail(Error(ErrorCode::unsupported_parameter,
                        fmt::format("n: {} answers with at most {} choices", encoding_.target.model, most))
                      .with_param("n"));
    config_.key("candidateCount").integer(wanted);
    return {};
  }

  void sampling() {
    if (encoding_.capabilities().sampling == catalog::SamplingRule::rejected) {
      drop_sampling();
    } else {
      temperature();
      number("topP", sampling_.top_p);
      if (sampling_.top_k) config_.key("topK").integer(*sampling_.top_k);
    }
    if (!sampling_.seed) return;
    const auto seed = static_cast<std::int64_t>(static_cast<std::uint64_t>(*sampling_.seed) & 0x7fffffffU);
    if (seed != *sampling_.seed)
      encoding_.changes().mapped("seed", fmt::format("Gemini takes seeds of 31 bits; {} was sent", seed));
    config_.key("seed").integer(seed);
  }

  void drop_sampling() {
    const std::pair<std::string_view, bool> given[] = {{"temperature", sampling_.temperature.has_value()},
                                                       {"top_p", sampling_.top_p.has_value()},
                                                       {"top_k", sampling_.top_k.has_value()}};
    for (const auto& [param, is_given] : given)
      if (is_given)
        encoding_.changes().dropped(std::string(param), "this model takes no sampling parameters");
  }

  void temperature() {
    const double most = encoding_.capabilities().max_temperature;
    if (sampling_.temperature && *sampling_.temperature > most) {
      encoding_.changes().clamped("temperature", fmt::format("this model takes at most {}", most));
      return number("temperature", most);
    }
    number("temperature", sampling_.temperature);
  }

  void limits() {
    const auto& most = encoding_.capabilities().max_output_tokens;
    if (auto tokens = encoding_.request.max_tokens) {
      if (most && *tokens > *most) {
        encoding_.changes().clamped("max_tokens", fmt::format("this model writes at most {} tokens", *most));
        tokens = most;
      }
      config_.key("maxOutputTokens").integer(*tokens);
    }
    const auto& stop = encoding_.request.stop;
    if (stop.empty()) return;
    if (!encoding_.capabilities().stop)
      return encoding_.changes().dropped("stop", "this model takes no stop sequences");
    config_.key("stopSequences").begin_array();
    for (std::size_t i = 0; i < std::min(stop.size(), max_stop_sequences); ++i) config_.text(stop[i]);
    config_.end_array();
    if (stop.size() > max_stop_sequences)
      encoding_.changes().dropped(
          "stop",
          fmt::format("Gemini takes {} stop sequences; the first of them were sent", max_stop_sequences));
  }

  void penalties() {
    penalty("presencePenalty", "presence_penalty", sampling_.presence_penalty);
    penalty("frequencyPenalty", "frequency_penalty", sampling_.frequency_penalty);
  }

  void penalty(std::string_view name, std::string_view param, const std::optional<double>& value) {
    if (value && *value > max_penalty)
      encoding_.changes().clamped(std::string(param),
                                  fmt::format("Gemini takes less than 2; {} was sent", max_penalty));
    if (value) config_.key(name).number(std::min(*value, max_penalty));
  }

  void logprobs() {
    if (!sampling_.logprobs.value_or(false)) return;
    config_.key("responseLogprobs").boolean(true);
    if (sampling_.top_logprobs.value_or(0) > 0) config_.key("logprobs").integer(*sampling_.top_logprobs);
  }

  void response_format() {
    const chat::ResponseFormat& format = encoding_.request.response_format;
    if (format.kind == Format::text) return;
    if (!holds_response_format(encoding_)) {
      encoding_.changes().add(
          chat::Change::Kind::emulated, "response_format",
          "this model cannot be held to the format in this request; it was asked in words");
      return;
    }
    config_.key("responseMimeType").string("application/json");
    if (format.kind != Format::json_schema) return;
    config_.key("responseJsonSchema");
    if (!append_schema(config_.out(), format.schema, format.description))
      encoding_.repeated.schema.at([] { return "response_format.json_schema.schema"; });
  }

  void response_modalities() {
    const json::Value wanted = encoding_.request.source["modalities"];
    if (wanted.size() == 0 || (wanted.size() == 1 && wanted[std::size_t{0}].equals("text"))) return;
    config_.key("responseModalities").begin_array();
    for (json::Value word : wanted.elements()) {
      const auto* row = std::ranges::find_if(modalities, [&](const auto& m) { return word.equals(m.first); });
      if (row != modalities.end()) {
        config_.string(row->second);
      } else {
        encoding_.changes().dropped("modalities", "Gemini answers with text, image and audio only");
      }
    }
    config_.end_array();
  }

  void thinking() {
    const ThinkingConfig plan =
        plan_thinking(encoding_.request.reasoning, encoding_.capabilities(), encoding_.changes());
    if (plan.is_empty()) return;
    config_.key("thinkingConfig").begin_object();
    if (plan.budget) config_.key("thinkingBudget").integer(*plan.budget);
    if (!plan.level.empty()) config_.key("thinkingLevel").string(plan.level);
    if (plan.include_thoughts) config_.key("includeThoughts").boolean(true);
    config_.end_object();
  }

  Encoding& encoding_;
  json::Writer config_;
  const chat::Sampling& sampling_;
};

}  // namespace

bool holds_response_format(const Encoding& encoding) {
  const auto& capabilities = encoding.capabilities();
  if (encoding.has_tools() && !capabilities.json_schema_with_tools) return false;
  const bool has_schema = encoding.request.response_format.kind == Format::json_schema;
  return has_schema ? capabilities.json_schema : capabilities.json_object;
}

Result<> write_generation_config(Encoding& encoding) {
  std::string config;
  json::Writer writer(config);
  writer.begin_object();
  if (auto done = ConfigWriter(encoding, writer).write(); !done) return fail(done);
  writer.end_object();
  if (config != "{}") encoding.body.key("generationConfig").raw(config);
  return {};
}

}  // namespace sluice::dialect::gemini
