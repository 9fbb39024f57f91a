#pragma once
// Failures that this API tells of inside an answer that began well.

#include "base/error.hpp"
#include "json/document.hpp"

namespace sluice::dialect::responses {

/// `error` is the value of a member `error`, or an event of the type `error`, whose words may stand in it
/// directly.
Error make_error(json::Value error);

}  // namespace sluice::dialect::responses
