#include "base/hash.hpp"
#include "base/text.hpp"
#include "dialect/anthropic/answer_format.hpp"
#include "dialect/anthropic/anthropic.hpp"
#include "dialect/anthropic/encode_messages.hpp"
#include "dialect/anthropic/encode_tools.hpp"
#include "dialect/anthropic/sampling.hpp"
#include "dialect/anthropic/thinking.hpp"
#include "dialect/one_text_answer.hpp"
#include "dialect/unsent_members.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::dialect::anthropic {
namespace {

/// Members of Anthropic's own API, and of newer OpenAI ones, that a client may put into its request.
constexpr std::array<std::string_view, 5> extensions{"metadata", "thinking", "output_config",
                                                     "web_search_options", "modalities"};

void write_thinking(const ThinkingPlan& plan, json::Writer& json) {
  using Mode = ThinkingPlan::Mode;
  if (plan.mode == Mode::unset) return;
  json.key("thinking").begin_object().key("type");
  switch (plan.mode) {
    case Mode::unset:
    case Mode::disabled:
      json.string("disabled");
      break;
    case Mode::adaptive:
      json.string("adaptive");
      break;
    case Mode::enabled:
      json.string("enabled").key("budget_tokens").integer(plan.budget);
      break;
  }
  if (!plan.display.empty()) json.key("display").string(plan.display);
  json.end_object();
}

/// Effort and schema are ours to settle; other members go through as the client wrote them.
void write_output_config(const chat::Request& request, const ThinkingPlan& plan, std::string_view schema,
                         json::Writer& json) {
  const json::Value native = request.other("output_config");
  bool has_others = false;
  for (const json::Member& member : native.members()) has_others |= !member.key.equals("effort");
  if (plan.effort.empty() && schema.empty() && !has_others) return;
  json.key("output_config").begin_object();
  if (!plan.effort.empty()) json.key("effort").string(plan.effort);
  if (!schema.empty()) {
    json.key("format").begin_object().key("type").string("json_schema");
    json.key("schema").raw(schema).end_object();
  }
  for (const json::Member& member : native.members())
    if (!member.key.equals("effort") && !(!schema.empty() && member.key.equals("format")))
      json.key(member.key).raw(member.value.raw());
  json.end_object();
}

/// The API refuses user ids that name a person: addresses and numbers are sent as a hash.
bool names_a_person(std::string_view id) {
  constexpr std::size_t max_length = 256, fewest_digits = 7;
  if (id.size() > max_length || id.find('@') != std::string_view::npos) return true;
  const bool all_of_a_number = id.find_first_not_of("0123456789+-(). /") == std::string_view::npos;
  const auto digits = std::ranges::count_if(id, [](char c) { return c >= '0' && c <= '9'; });
  return all_of_a_number && digits >= static_cast<std::ptrdiff_t>(fewest_digits);
}

std::string hashed(std::string_view id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "user_";
  const Sha256 hash = sha256(id);
  for (std::size_t i = 0; i < hash.size() / 2; ++i) out.append({digits[hash[i] >> 4], digits[hash[i] & 15]});
  return out;
}

void write_user(const chat::Request& request, json::Writer& json, chat::Changes& changes) {
  const json::Value metadata = request.other("metadata");
  const json::Value native = metadata["user_id"];
  if (metadata.size() > (native.exists() ? 1U : 0U))
    changes.dropped("metadata", "this API keeps only a `user_id`");
  const json::Text user = native.is_string() ? native.text() : request.user;
  if (user.is_blank()) return;
  const std::string id = user.decode();
  const bool personal = names_a_person(id);
  if (personal)
    changes.mapped(
        native.is_string() ? "metadata.user_id" : "user",
        "sent as a hash: this API takes no addresses, telephone numbers or ids of more than 256 characters");
  json.key("metadata").begin_object().key("user_id").string(personal ? hashed(id) : id).end_object();
}

struct Tier {
  std::string_view asked, sent;
};
constexpr std::array tiers{Tier{"auto", "auto"}, Tier{"default", "standard_only"},
                           Tier{"standard_only", "standard_only"}};

void write_service_tier(const chat::Request& request, json::Writer& json, chat::Changes& changes) {
  if (request.service_tier.empty()) return;
  const auto* tier =
      std::ranges::find_if(tiers, [&](const Tier& t) { return request.service_tier.equals(t.asked); });
  if (tier != tiers.end()) {
    json.key("service_tier").string(tier->sent);
  } else {
    changes.dropped("service_tier", "this API knows only `auto` and `default`");
  }
}

/// For a path; Vertex AI's ids hold an `@` before the version, which its documents leave as it is.
std::string versioned(std::string_view model) {
  const std::size_t at = model.find('@');
  if (at == std::string_view::npos) return encode_percent(model);
  return encode_percent(model.substr(0, at)) + '@' + encode_percent(model.substr(at + 1));
}

/// Who is asked, in which version of the API: Vertex AI has the model in the path and the version in the
/// body.
void address(const chat::Request& request, const Target& target, json::Writer& json, Outgoing& out) {
  if (target.cloud.vertex) {
    out.path = "/models/" + versioned(target.model) + (request.stream ? ":streamRawPredict" : ":rawPredict");
    json.key("anthropic_version").string("vertex-2023-10-16");
    return;
  }
  out.path = "/v1/messages";
  out.headers.push_back({"anthropic-version", "2023-06-01"});
  json.key("model").string(target.model);
}

}  // namespace

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out) {
  if (auto possible = expect_one_text_answer(request, target); !possible) return fail(possible);
  const History history = read_history(request, out.changes);
  const ThinkingPlan thinking = plan_thinking(request, history, target.capabilities, out.changes);
  const AnswerFormat format =
      plan_answer_format(request, target.capabilities, schema::Subset::claude, out.changes);

  out.body.reserve(request.source.raw().size() + 1024);
  json::Writer json(out.body);
  CacheMarkers markers(out.body);
  RepeatedChanges repeated;
  const BlockContext context{target, json, repeated};
  json.begin_object();
  address(request, target, json, out);
  json.key("max_tokens").integer(thinking.max_tokens);
  if (request.stream) json.key("stream").boolean(true);
  write_thinking(thinking, json);
  write_sampling(request, target, thinking, json, out.changes);
  write_output_config(request, thinking, format.schema, json);
  write_user(request, json, out.changes);
  write_service_tier(request, json, out.changes);
  // In the order of the prompt, which is also the order of cache markers.
  if (auto done = write_tools(request, target, thinking, json, markers, out); !done) return fail(done);
  if (auto done = write_system(context, history, format.instruction, markers); !done) return fail(done);
  if (auto done = write_messages(context, history, out.renamed_tools, markers); !done) return fail(done);
  const json::Value automatic = request.source["cache_control"];
  if (automatic.is_object()) json.key("cache_control").raw(automatic.raw());
  json.end_object();
  markers.trim(automatic.is_object() ? 1 : 0, out.changes);
  repeated.report(out.changes);
  report_unsent_members(request, extensions, out.changes);
  return {};
}

void authorize(const Credentials& credentials, const Destination&, Outgoing& out) {
  if (!credentials.access_token.empty()) {
    out.headers.push_back({"authorization", "Bearer " + std::string(credentials.access_token.reveal())});
    return;
  }
  out.headers.push_back({"x-api-key", std::string(credentials.api_key.reveal())});
}

}  // namespace sluice::dialect::anthropic
