#pragma once
// How a model is asked for JSON where its provider cannot hold it to that.

#include "chat/request.hpp"

#include <string>

namespace sluice::dialect {

/// A paragraph for the system instructions: JSON only, and the schema if there is one. `beside_tools` says
/// that the model may call tools before it answers. `format.kind` must not be text.
std::string json_instruction(const chat::ResponseFormat& format, bool beside_tools);

}  // namespace sluice::dialect
