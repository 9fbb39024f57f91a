#pragma once
// `sluice translate`: shows offline what would be sent for a client's request, and what a provider's bytes
// would become for the client.

#include "app/terminal.hpp"

#include <istream>
#include <string>

namespace sluice::app {

struct TranslateOptions {
  enum class What : std::uint8_t { request, response, stream };
  What what = What::request;
  std::string api;     ///< the provider's dialect: `anthropic.messages`
  std::string model;   ///< the provider's name for the model; decides what can be said
  std::string host;    ///< request: an OpenAI-compatible host, whose deviations count
  int status = 200;    ///< response: the provider's status
  bool whole = false;  ///< stream: the client did not ask for a stream
  bool usage = false;  ///< stream: the client asked for usage
};

/// Reads what `in` has and writes its translation to the terminal's out; where it goes and what was changed
/// go to its err. Returns the exit status: 1 if it cannot be translated, and why on err.
int translate(const TranslateOptions& options, std::istream& in, const Terminal& terminal);

/// As translate(), from standard input.
int translate_standard_input(const TranslateOptions& options, const Terminal& terminal);

}  // namespace sluice::app
