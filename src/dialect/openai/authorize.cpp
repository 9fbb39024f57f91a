#include "dialect/openai/openai.hpp"

#include <string>

namespace sluice::dialect::openai {

void authorize(const Credentials& credentials, const Destination&, Outgoing& out) {
  const bool has_token = !credentials.access_token.empty();
  if (!has_token && credentials.api_key_field) {
    out.headers.push_back({"api-key", std::string(credentials.api_key.reveal())});
    return;
  }
  const Secret& bearer = has_token ? credentials.access_token : credentials.api_key;
  out.headers.push_back({"authorization", "Bearer " + std::string(bearer.reveal())});
}

}  // namespace sluice::dialect::openai
