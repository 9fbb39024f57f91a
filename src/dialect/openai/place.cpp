#include "dialect/openai/place.hpp"

namespace sluice::dialect::openai {
namespace {

constexpr std::size_t most_quoted = 40;

/// What to call a value in a complaint: short strings and scalars by themselves, the rest by their type.
std::string described(json::Value value) {
  const bool short_scalar =
      (value.is_string() || value.is_number() || value.is_boolean()) && value.raw().size() <= most_quoted;
  return std::string(short_scalar ? value.raw() : json::name(value.type()));
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
  std::string message = place + " ";
  message.append(complaint);
  return fail(Error(ErrorCode::invalid_request, std::move(message)).with_param(std::move(place)));
}

Failure refuse_value(const Place& at, json::Value value, std::string_view allowed) {
  if (!value.exists()) return refuse(at, "is missing: it must be " + std::string(allowed));
  return refuse(at, "must be " + std::string(allowed) + ", not " + described(value));
}

std::string listed(std::initializer_list<std::string_view> words) {
  std::string out;
  std::size_t left = words.size();
  for (std::string_view word : words) {
    out.append("`").append(word).append("`");
    if (--left > 0) out.append(left == 1 ? " or " : ", ");
  }
  return out;
}

Result<json::Text> required_text(json::Value value, const Place& at) {
  if (!value.is_string() || value.text().empty())
    return refuse_value(at, value, "a string that is not empty");
  return value.text();
}

Result<json::Value> required_object(json::Value value, const Place& at) {
  if (!value.is_object()) return refuse_value(at, value, "an object");
  return value;
}

Result<json::Text> optional_text(json::Value value, const Place& at) {
  if (value && !value.is_string()) return refuse_value(at, value, "a string");
  return value.text();
}

Result<std::optional<bool>> optional_boolean(json::Value value, const Place& at) {
  if (value && !value.is_boolean()) return refuse_value(at, value, "a boolean");
  return value.boolean();
}

Result<json::Value> optional_object(json::Value value, const Place& at) {
  if (!value) return json::Value();
  return required_object(value, at);
}

}  // namespace sluice::dialect::openai
