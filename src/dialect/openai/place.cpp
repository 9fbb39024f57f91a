#include "dialect/openai/place.hpp"

namespace sluice::dialect::openai {
namespace {

constexpr std::size_t most_quoted = 64;

/// "a string", "an integer": JSON's types in OpenAI's words.
std::string_view type_of(json::Value value) {
  if (!value.is_number()) return json::name(value.type());
  return value.integer() ? "an integer" : "a decimal";
}

Failure refuse_as(std::string_view code, std::string param, std::string message) {
  return fail(Error(ErrorCode::invalid_request, std::move(message))
                  .with_param(std::move(param))
                  .with_native_code(std::string(code)));
}

/// `'a', 'b', and 'c'`.
std::string listed(std::initializer_list<std::string_view> words) {
  std::string out;
  std::size_t left = words.size();
  for (std::string_view word : words) {
    out.append("'").append(word).append("'");
    if (--left > 0) out.append(left > 1 ? ", " : words.size() > 2 ? ", and " : " and ");
  }
  return out;
}

/// `direction` is "above maximum" or "below minimum"; `bound` as "<= 2".
Failure refuse_beyond(const Place& at, json::Value value, std::string_view kind, std::string_view direction,
                      const std::string& bound) {
  std::string place = at.text();
  std::string message = "Invalid '" + place + "': ";
  message.append(kind).append(" ").append(direction).append(" value. Expected a value ").append(bound);
  message.append(", but got ").append(value.raw().substr(0, most_quoted)).append(" instead.");
  const std::string code =
      std::string(kind) + (direction.starts_with("above") ? "_above_max_value" : "_below_min_value");
  return refuse_as(code, std::move(place), std::move(message));
}

}  // namespace

std::string Place::text() const {
  std::string path = outer_ ? outer_->text() : std::string();
  if (index_ != no_index) return path + "[" + std::to_string(index_) + "]";
  if (!path.empty()) path += '.';
  return path.append(member_);
}

Failure refuse(const Place& at, std::string_view complaint) {
  std::string place = at.text();
  std::string message = "Invalid '" + place + "': it ";
  message.append(complaint).append(".");
  return refuse_as("invalid_value", std::move(place), std::move(message));
}

Failure refuse_type(const Place& at, json::Value value, std::string_view expected) {
  std::string place = at.text();
  if (!value.exists()) {
    std::string message = "Missing required parameter: '" + place + "'. It must be ";
    message.append(expected).append(".");
    return refuse_as("missing_required_parameter", std::move(place), std::move(message));
  }
  std::string message = "Invalid type for '" + place + "': expected ";
  message.append(expected).append(", but got ").append(type_of(value)).append(" instead.");
  return refuse_as("invalid_type", std::move(place), std::move(message));
}

Failure refuse_word(const Place& at, json::Value value, std::initializer_list<std::string_view> words) {
  if (!value.is_string()) return refuse_type(at, value, "one of " + listed(words));
  std::string place = at.text();
  const bool is_short = value.raw().size() <= most_quoted;
  std::string message = "Invalid value for '" + place + "': ";
  message.append(is_short ? "'" + value.string() + "'" : "a long string").append(". Supported values are: ");
  message.append(listed(words)).append(".");
  return refuse_as("invalid_value", std::move(place), std::move(message));
}

Failure refuse_empty_array(const Place& at) {
  std::string place = at.text();
  std::string message =
      "Invalid '" + place +
      "': empty array. Expected an array with minimum length 1, but got an empty array instead.";
  return refuse_as("empty_array", std::move(place), std::move(message));
}

Failure refuse_above(const Place& at, json::Value value, std::string_view kind, std::int64_t highest) {
  return refuse_beyond(at, value, kind, "above maximum", "<= " + std::to_string(highest));
}

Failure refuse_below(const Place& at, json::Value value, std::string_view kind, std::int64_t lowest) {
  return refuse_beyond(at, value, kind, "below minimum", ">= " + std::to_string(lowest));
}

Result<> leave_to_provider(chat::Request& request, Failure doubt) {
  if (!request.doubt) request.doubt = std::move(doubt.error());
  return {};
}

Result<json::Text> required_text(json::Value value, const Place& at) {
  if (!value.is_string()) return refuse_type(at, value, "a string");
  if (value.text().empty()) return refuse(at, "is an empty string");
  return value.text();
}

Result<json::Value> required_object(json::Value value, const Place& at) {
  if (!value.is_object()) return refuse_type(at, value, "an object");
  return value;
}

Result<json::Text> optional_text(json::Value value, const Place& at) {
  if (value && !value.is_string()) return refuse_type(at, value, "a string");
  return value.text();
}

Result<std::optional<bool>> optional_boolean(json::Value value, const Place& at) {
  if (value && !value.is_boolean()) return refuse_type(at, value, "a boolean");
  return value.boolean();
}

Result<json::Value> optional_object(json::Value value, const Place& at) {
  if (!value) return json::Value();
  return required_object(value, at);
}

}  // namespace sluice::dialect::openai
