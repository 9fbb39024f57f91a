#include "dialect/bedrock/bedrock.hpp"
#include "dialect/provider_error.hpp"

namespace sluice::dialect::bedrock {

/// The body is only `{"message"}`; what kind of failure it is stands in a header, or in an exception's type.
Error decode_error(const ErrorAnswer& answer) {
  return read_provider_error(answer);
}

}  // namespace sluice::dialect::bedrock
