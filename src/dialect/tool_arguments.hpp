#pragma once
// Arguments of tool calls: a JSON text inside a string in OpenAI's dialect, an object in others.

#include "chat/request.hpp"

#include <string>
#include <string_view>

namespace sluice::dialect {

/// Appends `json`, a complete and valid JSON value, so that it may stand between the quotes of a string:
/// without white space between tokens, digits and the order of members as they were.
void append_arguments_text(std::string& out, std::string_view json);

/// Appends a call's arguments as an object. None, white space and `null` are `{}`; another value goes under
/// `value`, the text of a custom tool under `input`, and text that is no JSON under `_raw`, where the model
/// can see its own mistake. Whether they were an object or nothing (or those of a custom tool).
bool append_arguments_object(std::string& out, const chat::ToolCallPart& call);

}  // namespace sluice::dialect
