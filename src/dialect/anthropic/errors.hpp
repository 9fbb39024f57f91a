#pragma once
// Anthropic's error objects.

#include "dialect/dialect.hpp"

namespace sluice::dialect::anthropic {

/// `body` is `{"type":"error","error":{...},"request_id":...}`; the id by which Anthropic's support finds the
/// request goes into the error's metadata.
Error make_error(const ErrorAnswer& answer, json::Value body);

}  // namespace sluice::dialect::anthropic
