#pragma once
// Places in a request as its client sees them.

#include "chat/request.hpp"

#include <string>

namespace sluice::dialect {

/// `messages[3]`
std::string path_of(const chat::Message& message);
/// `messages[3].content[0]`: where the client put that part.
std::string path_of(const chat::Message& message, const chat::Part& part);

}  // namespace sluice::dialect
