#include "gateway/request_echo.hpp"

#include "json/patch.hpp"

namespace sluice::gateway {

std::string request_echo(const chat::Request& request, bool by_default) {
  std::string echo;
  if (!request.source["echo_request"].boolean().value_or(by_default)) return echo;
  json::Patch patch(request.source);
  for (std::string_view name : {"messages", "prompt", "echo_request"}) patch.remove(name);
  patch.append_to(echo);
  return echo;
}

}  // namespace sluice::gateway
