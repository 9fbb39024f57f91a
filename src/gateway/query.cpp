#include "gateway/query.hpp"

#include "base/text.hpp"

namespace sluice::gateway {

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (decode_percent(pair.substr(0, equals)) == name)
      return equals == std::string_view::npos ? std::string() : decode_percent(pair.substr(equals + 1));
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return std::nullopt;
}

}  // namespace sluice::gateway
