#include "dialect/ollama/ollama.hpp"
#include "dialect/provider_error.hpp"

namespace sluice::dialect::ollama {

Error decode_error(const ErrorAnswer& answer) {
  return read_provider_error(answer);
}

}  // namespace sluice::dialect::ollama
