#include "dialect/openai/openai.hpp"

#include <string>

namespace sluice::dialect::openai {

void authorize(const Credentials& credentials, const Destination&, Outgoing& out) {
  out.headers.push_back({"authorization", "Bearer " + std::string(credentials.api_key.reveal())});
}

}  // namespace sluice::dialect::openai
