#pragma once
// For tests: messages of an AWS event stream.

#include <string>
#include <string_view>

namespace sluice::gateway::testing {

std::string aws_event(std::string_view type, std::string_view json);
std::string aws_exception(std::string_view type, std::string_view json);
/// A failure that the service's model does not know.
std::string aws_error(std::string_view code, std::string_view message);

}  // namespace sluice::gateway::testing
