#include "gateway/fallbacks.hpp"

#include "json/patch.hpp"

#include <algorithm>
#include <array>

namespace sluice::gateway {
namespace {

Failure wrong(std::string param, std::string message) {
  return fail(Error(ErrorCode::invalid_request, std::move(message)).with_param(std::move(param)));
}

/// Members of an entry that say when and what, and are no change of the request.
constexpr std::array<std::string_view, 2> own_members{"model", "on"};

bool changes_request(json::Value entry) {
  for (const json::Member& member : entry.members())
    if (std::ranges::find(own_members, member.key.escaped()) == own_members.end()) return true;
  return false;
}

/// The client's body with the members of the entry in the place of its own.
std::string changed_body(const chat::Request& request, json::Value entry) {
  json::Patch patch(request.source);
  patch.remove("fallbacks");
  patch.remove("fallback_config");
  if (entry["messages"].exists()) patch.remove("prompt");
  if (entry["prompt"].exists()) patch.remove("messages");
  for (const json::Member& member : entry.members())
    if (!member.key.equals("on")) patch.set(member.key.decode(), member.value.raw());
  std::string body;
  patch.append_to(body);
  return body;
}

Result<Fallback> read_fallback(const chat::Request& request, json::Value entry, std::string param) {
  if (!entry.is_object()) return wrong(param, "must be an object with at least a 'model'");
  if (!entry["model"].is_string())
    return wrong(param + ".model", "must be a string: the model to fall back to");
  if (entry["stream"].exists()) return wrong(param + ".stream", "cannot be changed by a fallback");
  Fallback fallback{
      .model = entry["model"].string(), .on = FailureSet::usual(), .question = {}, .param = param};
  if (const json::Value on = entry["on"]) {
    auto failures = read_failures(on);
    if (!failures) return fail(std::move(failures.error()).with_param(param + ".on"));
    fallback.on = *failures;
  }
  if (!changes_request(entry)) return fallback;
  fallback.question = std::make_unique<Question>();
  if (auto read = fallback.question->read_own(changed_body(request, entry)); !read)
    return fail(std::move(read.error()).within(param).with_param(param));
  return fallback;
}

}  // namespace

Result<FallbackConfig> read_fallback_config(const chat::Request& request, std::uint32_t max_depth) {
  FallbackConfig config;
  const json::Value said = request.source["fallback_config"];
  if (!said) return config;
  if (!said.is_object())
    return wrong("fallback_config", "must be an object with 'retry' (true or false) and 'depth' (a number)");
  if (const json::Value retry = said["retry"]) {
    config.retry = retry.boolean();
    if (!config.retry) return wrong("fallback_config.retry", "must be true or false");
  }
  if (const json::Value depth = said["depth"]) {
    const auto number = depth.integer();
    if (!number || *number < 0 || *number > max_depth)
      return wrong("fallback_config.depth", "must be a number from 0 to " + std::to_string(max_depth));
    config.depth = static_cast<std::uint32_t>(*number);
  }
  return config;
}

Result<std::vector<Fallback>> read_fallbacks(const chat::Request& request, std::uint32_t depth) {
  std::vector<Fallback> out;
  const json::Value list = request.source["fallbacks"];
  if (!list) return out;
  if (!list.is_array()) return wrong("fallbacks", "must be an array of objects, each with a 'model'");
  for (const json::Value entry : list.elements()) {
    if (out.size() == depth) break;
    auto fallback = read_fallback(request, entry, "fallbacks[" + std::to_string(out.size()) + "]");
    if (!fallback) return fail(fallback);
    out.push_back(std::move(*fallback));
  }
  return out;
}

Result<FailureSet> read_failures(json::Value list) {
  FailureSet set;
  if (!list.is_array())
    return fail(ErrorCode::invalid_request,
                "must be an array of error codes and statuses, as [\"timeout\", 529]");
  for (const json::Value one : list.elements()) {
    bool known = false;
    const auto status = one.integer();
    for (const ErrorTraits& row : error_table) {
      const bool overloaded = status == 529 && row.code == ErrorCode::upstream_overloaded;
      if (row.fault == Fault::gateway || row.code == ErrorCode::client_gone) continue;
      if (!(one.equals(row.name) || (status && (row.http_status == *status || overloaded)))) continue;
      set.add(row.code);
      known = true;
    }
    if (!known)
      return fail(
          ErrorCode::invalid_request,
          "knows no failure " + std::string(one.raw().substr(0, 60)) +
              "; an error code as \"timeout\", \"overloaded\" or \"rate_limit_exceeded\", or a status");
  }
  return set;
}

}  // namespace sluice::gateway
