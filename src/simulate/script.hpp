#pragma once
// Script: an answer ready to be sent, in the pieces in which a provider writes it.

#include <string>
#include <utility>
#include <vector>

namespace sluice::simulate {

struct Script {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields = {};
  bool streamed = false;
  std::vector<std::string> messages = {};  ///< of a stream, one event each; else the body
  std::string failure = {};  ///< what the provider writes instead of the next message when it fails midway
};

}  // namespace sluice::simulate
