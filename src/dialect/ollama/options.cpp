#include "dialect/ollama/options.hpp"

#include <array>
#include <string>

namespace sluice::dialect::ollama {
namespace {

/// Members that clients of other servers put beside OpenAI's own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> known_elsewhere{
    {{"min_p", "min_p"}, {"repetition_penalty", "repeat_penalty"}, {"num_ctx", "num_ctx"}}};

class Options {
 public:
  explicit Options(Encoding& encoding) : request_(encoding.request), writer_(text_) {}

  std::string write() && {
    const chat::Sampling& asked = request_.sampling;
    writer_.begin_object();
    number("temperature", asked.temperature);
    number("top_p", asked.top_p);
    integer("top_k", asked.top_k);
    integer("seed", asked.seed);
    integer("num_predict", request_.max_tokens);
    number("presence_penalty", asked.presence_penalty);
    number("frequency_penalty", asked.frequency_penalty);
    stops();
    for (const auto& [theirs, ours] : known_elsewhere)
      if (const json::Value value = request_.other(theirs); value.is_number()) add(ours).raw(value.raw());
    for (const json::Member& member : request_.other("options").members())
      if (!said_.contains("\"" + std::string(member.key.escaped()) + "\"")) {
        any_ = true;
        writer_.key(member.key).raw(member.value.raw());
      }
    writer_.end_object();
    return any_ ? std::move(text_) : std::string();
  }

 private:
  json::Writer& add(std::string_view name) {
    any_ = true;
    said_.append("\"").append(name).append("\"");
    return writer_.key(name);
  }

  void number(std::string_view name, const std::optional<double>& value) {
    if (value) add(name).number(*value);
  }

  void integer(std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) add(name).integer(*value);
  }

  void stops() {
    if (request_.stop.empty()) return;
    add("stop").begin_array();
    for (json::Text stop : request_.stop) writer_.text(stop);
    writer_.end_array();
  }

  const chat::Request& request_;
  std::string text_, said_;  ///< `said_`: names in quotes
  json::Writer writer_;
  bool any_ = false;
};

}  // namespace

void write_options(Encoding& encoding) {
  if (const std::string options = Options(encoding).write(); !options.empty())
    encoding.body.key("options").raw(options);
  const chat::Request& request = encoding.request;
  const auto report = [&](bool asked, std::string_view param) {
    if (asked) encoding.changes().dropped(std::string(param), "Ollama has no such parameter");
  };
  report(request.sampling.logit_bias.size() > 0, "logit_bias");
  report(!request.user.empty(), "user");
  report(!request.service_tier.empty() && !request.service_tier.equals("auto"), "service_tier");
}

}  // namespace sluice::dialect::ollama
