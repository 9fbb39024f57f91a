#pragma once
// A stored request as clients read it.

#include "store/records.hpp"

#include <string>

namespace sluice::store {

/// Appends the body of GET /v1/requests/{id}. Members that answers have too carry the same names; what is not
/// known is null.
void append_json(std::string& out, const RequestRow& row);

}  // namespace sluice::store
