#include "simulate/receive.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate {
namespace {

constexpr std::string_view mask = "***";

/// Whether a field, or a parameter of a query, is a credential: by the words that its name is made of.
bool is_secret(std::string_view name) {
  constexpr std::array words{"authorization", "api-key", "apikey", "goog-api-key",
                             "cookie",        "token",   "secret", "password"};
  return name == "key" ||
         std::ranges::any_of(words, [&](std::string_view word) { return icontains(name, word); });
}

std::string without_secrets(std::string_view query, bool& refused) {
  std::string out;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    const std::size_t sign = parameter.find('=');
    if (!out.empty()) out += '&';
    if (sign != std::string_view::npos && is_secret(parameter.substr(0, sign))) {
      refused |= icontains(parameter, "invalid");
      out.append(parameter.substr(0, sign + 1)).append(mask);
    } else {
      out.append(parameter);
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return out;
}

}  // namespace

Received receive(const http::Exchange& exchange) {
  Received request;
  request.method = exchange.head().method_name;
  request.path = decode_percent(exchange.head().path);
  request.query = without_secrets(exchange.head().query, request.key_is_refused);
  const http::Fields& fields = exchange.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const http::Field field = fields[i];
    const bool secret = is_secret(field.name);
    if (secret) request.key_is_refused |= icontains(field.value, "invalid");
    request.fields.emplace_back(ascii_lower(field.name), secret && !field.value.empty() ? mask : field.value);
  }
  return request;
}

}  // namespace sluice::simulate
