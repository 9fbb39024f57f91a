#pragma once
// For tests: the messages of a stream, whatever its framing.

#include "base/result.hpp"
#include "dialect/dialect.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway::testing {

struct FramedMessage {
  std::string type;  ///< the name of an event; of a failure, behind an exclamation mark
  std::string data;
  bool operator==(const FramedMessage&) const = default;
};

/// The messages of a stream that comes in these pieces, and how reading it ended.
struct Framed {
  std::vector<FramedMessage> messages;
  Result<> result;
};
Framed read_frames(dialect::Framing framing, std::span<const std::string> pieces);

}  // namespace sluice::gateway::testing
