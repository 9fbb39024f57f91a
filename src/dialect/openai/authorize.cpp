#include "dialect/openai/openai.hpp"

#include <string>

namespace sluice::dialect::openai {

void authorize(const Secret& key, std::vector<Header>& headers) {
  headers.push_back({"authorization", "Bearer " + std::string(key.reveal())});
}

}  // namespace sluice::dialect::openai
