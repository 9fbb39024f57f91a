// Where the words stand in an error body: every provider has its own shape, and hosts wrap each other's.

#include "base/text.hpp"
#include "dialect/provider_error.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace sluice::dialect {
namespace {

using std::chrono::milliseconds;

/// Bodies nest: an `error` in an `error`, a body as text in another's `raw`. Deeper than this is no error
/// body.
constexpr int max_nesting = 6;

constexpr std::array<std::string_view, 5> message_keys{"message", "Message", "msg", "detail",
                                                       "error_description"};

std::string find_message(json::Value value, int depth);

/// The message in a text that is JSON itself; else the text.
std::string unwrapped(std::string text, int depth) {
  const std::string_view trimmed = trim(text);
  if (depth >= max_nesting || !(trimmed.starts_with('{') || trimmed.starts_with('['))) return text;
  json::Document inner;
  const auto root = inner.parse(trimmed);
  if (!root) return text;
  std::string found = find_message(*root, depth + 1);
  return found.empty() ? text : found;
}

/// FastAPI's `detail`: a list of `{loc, msg}`; `loc` says what the message is about.
std::string with_location(json::Value item, const std::string& message) {
  std::string place;
  for (json::Value step : item["loc"].elements()) {
    if (step.equals("body")) continue;
    if (!place.empty()) place += '.';
    place += step.is_string() ? step.string() : std::string(step.raw());
  }
  return place.empty() || message.empty() ? message : place + ": " + message;
}

std::string find_in_list(json::Value list, int depth) {
  std::string all;
  for (json::Value item : list.elements()) {
    const std::string one = with_location(item, find_message(item, depth + 1));
    if (one.empty()) continue;
    if (!all.empty()) all += "; ";
    all += one;
  }
  return all;
}

std::string own_message(json::Value object, int depth) {
  if (const json::Value error = object["error"]) {
    std::string found = find_message(error, depth + 1);
    if (!found.empty()) return found;
  }
  for (std::string_view key : message_keys) {
    std::string found = find_message(object[key], depth + 1);
    if (!found.empty()) return found;
  }
  return find_message(object["errors"], depth + 1);
}

/// OpenRouter's own message is "Provider returned error"; what that provider said is in metadata.raw.
std::string beside_inner(std::string outer, const std::string& inner) {
  if (inner.empty() || outer.contains(inner)) return outer;
  if (outer.empty() || inner.contains(outer)) return inner;
  return outer.append(": ").append(inner);
}

std::string find_in_object(json::Value object, int depth) {
  const json::Value raw = object["metadata"]["raw"];
  return beside_inner(own_message(object, depth), raw ? find_message(raw, depth + 1) : std::string());
}

std::string find_message(json::Value value, int depth) {
  if (depth > max_nesting) return {};
  if (value.is_string()) return unwrapped(value.string(), depth);
  if (value.is_array()) return find_in_list(value, depth);
  if (value.is_object()) return find_in_object(value, depth);
  return {};
}

/// The object whose members are the words: behind `error` and lists.
json::Value error_object(json::Value value) {
  for (int depth = 0; depth < max_nesting; ++depth) {
    if (value.is_array()) {
      value = value[0];
    } else if (value["error"].is_object() || value["error"].is_array()) {
      value = value["error"];
    } else {
      break;
    }
  }
  return value;
}

std::string word(json::Value value) {
  return value.is_string() ? value.string() : std::string(value ? value.raw() : "");
}

/// A wait in words, as Go and Google write it: `34.07s`, `6m0s`, `120ms`. Nothing if `text` does not begin
/// so.
std::optional<milliseconds> read_duration(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> units{
      {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}}};
  constexpr double most = 7 * 24 * 3.6e6;
  double total = 0;
  bool any = false;
  while (!text.empty()) {
    double amount = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), amount, std::chars_format::fixed);
    if (error != std::errc() || amount < 0) break;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto* unit = units.begin();
    while (unit != units.end() && !text.starts_with(unit->first)) ++unit;
    if (unit == units.end()) break;
    text.remove_prefix(unit->first.size());
    total += amount * unit->second;
    any = true;
  }
  if (!any || !(total <= most)) return std::nullopt;
  return milliseconds(std::llround(std::ceil(total)));
}

/// `Please try again in 1.2s.`, `Please retry in 34.07s.`
std::optional<milliseconds> wait_in_message(std::string_view message) {
  constexpr std::array<std::string_view, 2> leads{"try again in ", "retry in "};
  const std::string lower = ascii_lower(message);
  for (std::string_view lead : leads) {
    const std::size_t at = lower.find(lead);
    if (at != std::string::npos) return read_duration(std::string_view(lower).substr(at + lead.size()));
  }
  return std::nullopt;
}

/// Google's google.rpc.RetryInfo.
std::optional<milliseconds> wait_in_details(json::Value object) {
  for (json::Value detail : object["details"].elements())
    if (const json::Value delay = detail["retryDelay"]; delay.is_string())
      return read_duration(delay.string());
  return std::nullopt;
}

/// Google says what is wrong with a key only in google.rpc.ErrorInfo.
std::string reason_in_details(json::Value object) {
  for (json::Value detail : object["details"].elements())
    if (const json::Value reason = detail["reason"]; reason.is_string()) return reason.string();
  return {};
}

}  // namespace

std::string error_message(json::Value error) {
  return find_message(error, 0);
}

ProviderWords read_provider_words(json::Value error) {
  const json::Value object = error_object(error);
  ProviderWords words{.message = error_message(error)};
  words.code = reason_in_details(object);
  if (words.code.empty()) words.code = word(object["code"]);
  words.type = word(object["type"]);
  if (words.type.empty() && object["status"].is_string()) words.type = object["status"].string();
  // AWS puts the name of the service before it: com.amazon.coral.service#AccessDeniedException.
  if (words.type.empty()) words.type = word(object["__type"]);
  if (const std::size_t mark = words.type.rfind('#'); mark != std::string::npos)
    words.type.erase(0, mark + 1);
  if (object["param"].is_string()) words.param = object["param"].string();
  words.retry_after = wait_in_details(object);
  if (!words.retry_after) words.retry_after = wait_in_message(words.message);
  return words;
}

}  // namespace sluice::dialect
