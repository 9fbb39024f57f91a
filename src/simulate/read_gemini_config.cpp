#include "base/text.hpp"
#include "simulate/contains.hpp"
#include "simulate/read_gemini.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::gemini {
namespace {

constexpr std::size_t most_stops = 5;
constexpr std::int64_t most_candidates = 8;

constexpr std::array<std::string_view, 25> config_members{"candidateCount",
                                                          "stopSequences",
                                                          "responseMimeType",
                                                          "responseSchema",
                                                          "responseJsonSchema",
                                                          "responseModalities",
                                                          "thinkingConfig",
                                                          "maxOutputTokens",
                                                          "temperature",
                                                          "topP",
                                                          "topK",
                                                          "seed",
                                                          "presencePenalty",
                                                          "frequencyPenalty",
                                                          "responseLogprobs",
                                                          "logprobs",
                                                          "speechConfig",
                                                          "imageConfig",
                                                          "mediaResolution",
                                                          "audioTimestamp",
                                                          "routingConfig",
                                                          "modelSelectionConfig",
                                                          "enableEnhancedCivicAnswers",
                                                          "enableAffectiveDialog",
                                                          "responseFormat"};
constexpr std::array<std::string_view, 3> thinking_members{"includeThoughts", "thinkingBudget",
                                                           "thinkingLevel"};
struct NumberRange {
  std::string_view name;
  double least, most;
  std::string_view complaint;
};
constexpr std::array number_ranges{
    NumberRange{"temperature", 0, 2, "temperature must be in the range [0.0, 2.0]."},
    NumberRange{"topP", 0, 1, "top_p must be in the range [0.0, 1.0]."},
    NumberRange{"presencePenalty", -2, 2, "presence_penalty must be in the range [-2.0, 2.0)."},
    NumberRange{"frequencyPenalty", -2, 2, "frequency_penalty must be in the range [-2.0, 2.0)."},
    NumberRange{"candidateCount", 1, most_candidates, "candidate_count must be in the range [1, 8]."},
    NumberRange{"maxOutputTokens", 1, 1e9, "max_output_tokens must be positive."},
    NumberRange{"seed", -2147483648.0, 2147483647.0, "seed must be an int32."},
};

}  // namespace

Objection ConfigReader::read() {
  if (auto objection = check_members(config_, "generation_config", config_members)) return objection;
  constexpr std::array steps{&ConfigReader::check_numbers, &ConfigReader::read_limits,
                             &ConfigReader::read_format, &ConfigReader::read_thinking};
  for (const auto step : steps)
    if (auto objection = (this->*step)()) return objection;
  return std::nullopt;
}

Objection ConfigReader::check_numbers() {
  for (const NumberRange& range : number_ranges) {
    const json::Value value = get(config_, range.name);
    if (!value) continue;
    const std::string place = "generation_config." + snake_case(range.name);
    const auto number = value.number();
    if (!number) return invalid_value(place, "TYPE_DOUBLE", value);
    if (*number < range.least || *number > range.most) return invalid_field(place, range.complaint);
  }
  return std::nullopt;
}

Objection ConfigReader::read_limits() {
  if (const auto most = get(config_, "maxOutputTokens").integer())
    reading_.max_tokens = static_cast<std::size_t>(*most);
  reading_.choices = static_cast<std::size_t>(get(config_, "candidateCount").integer().value_or(1));
  for (json::Value stop : get(config_, "stopSequences").elements()) reading_.stops.push_back(stop.string());
  if (reading_.stops.size() > most_stops)
    return invalid_field("generation_config.stop_sequences",
                         "the number of stop sequences must be at most 5.");
  return std::nullopt;
}

Objection ConfigReader::read_format() {
  const std::string type = get(config_, "responseMimeType").string();
  const json::Value subset = get(config_, "responseSchema");
  const json::Value schema = get(config_, "responseJsonSchema");
  constexpr std::array known{"", "text/plain", "application/json", "text/x.enum"};
  if (!contains(known, type))
    return invalid_field(
        "generation_config.response_mime_type",
        "allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and "
        "`text/x.enum`.");
  if (subset && schema)
    return complain("Only one of `response_schema` or `response_json_schema` should be set.");
  if ((subset || schema) && (type.empty() || type == "text/plain"))
    return complain("response_schema is only supported when response_mime_type is set to application/json.");
  if (auto objection = check_schema(subset, "generation_config.response_schema")) return objection;
  if (type == "application/json") reading_.format = Format::json_object;
  if (!subset && !schema) return std::nullopt;
  reading_.format = Format::json_schema;
  reading_.schema = (subset ? subset : schema).raw();
  return std::nullopt;
}

/// Generations from 2.5 on think unless told not to, and show it only when asked.
Objection ConfigReader::read_thinking() {
  const json::Value thinking = get(config_, "thinkingConfig");
  if (auto objection = check_members(thinking, "generation_config.thinking_config", thinking_members))
    return objection;
  if (thinking)
    if (auto objection = check_thinking(thinking)) return objection;
  const bool can_think = variant_.gemini_3 || variant_.gemini_25;
  const bool thinks = can_think && get(thinking, "thinkingBudget").integer() != 0;
  reading_.signs_calls = thinks;
  if (!thinks) return std::nullopt;
  reading_.reasoning =
      get(thinking, "includeThoughts").boolean() == true ? Reasoning::shown : Reasoning::counted;
  return std::nullopt;
}

Objection ConfigReader::check_thinking(json::Value thinking) const {
  const auto budget = get(thinking, "thinkingBudget").integer();
  const json::Value level = get(thinking, "thinkingLevel");
  if (!variant_.gemini_3 && !variant_.gemini_25)
    return complain("Unable to submit request because thinking is not supported by this model.");
  if (budget && level) return complain("You can only set only one of thinking budget and thinking level.");
  if (level && !variant_.gemini_3) return complain("Thinking level is not supported for this model.");
  const bool pro = reading_.model.contains("pro");
  if (budget == 0 && pro) return complain("Budget 0 is invalid. This model only works in thinking mode.");
  const std::string name = ascii_lower(level.string());
  constexpr std::array levels{"minimal", "low", "medium", "high"};
  if (level && !contains(levels, name))
    return invalid_value(
        "generation_config.thinking_config.thinking_level",
        "type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig.ThinkingLevel", level);
  if (name == "minimal" && pro)
    return complain(
        "Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.");
  return std::nullopt;
}

}  // namespace sluice::simulate::gemini
