#include "dialect/gemini/gemini.hpp"
#include "dialect/provider_error.hpp"

namespace sluice::dialect::gemini {

Error decode_error(const ErrorAnswer& answer) {
  return read_provider_error(answer);
}

}  // namespace sluice::dialect::gemini
