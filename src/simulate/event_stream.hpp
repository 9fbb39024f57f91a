#pragma once
// Messages of an AWS event stream, as AWS writes them.

#include <string>
#include <string_view>

namespace sluice::simulate {

/// `json` is the event's bare member.
std::string event_message(std::string_view type, std::string_view json);
/// A failure in the middle of a stream.
std::string exception_message(std::string_view type, std::string_view json);

}  // namespace sluice::simulate
