#pragma once
// simulate: the providers' side of the wire, for whoever has no key and for tests.
//
//   request -> receive -> read_<provider> -> Reading -> scenario -> Plan -> write_<provider> -> Script
//                             |                                                                 |
//                             +-> Complaint (the provider's refusal) -> Script -----------------+-> perform
//   recording -> replay -> Script --------------------------------------------------------------+
//
// It knows six wire formats (OpenAI chat completions and Responses, Anthropic messages, Gemini
// generateContent, Bedrock Converse, Ollama's chat) from the providers' side, and shares no code with the
// gateway's dialects: what both got wrong would not show. A request is checked as strictly as its provider
// checks it. The same request always gets the same answer. To add a provider: read_X.cpp, write_X.cpp and a
// row in simulator.cpp.
//
// Paths: anything that ends with /chat/completions, /responses, /messages, /models/NAME:generateContent or
// :streamGenerateContent, /model/ID/converse or /converse-stream, /api/chat, and GET .../models. Keys are any
// but those that contain the word `invalid`; models too, but for those that contain `no-such-model`.
//
// What the user's words do:
//   any tool's name, `call every tool`   calls them; arguments as mentioned_tools.hpp says
//   `loop N` in the first message        goes on calling until N results are there
//   `write N words`                      a longer answer
// After tool results the answer quotes them; a tool choice that forces calls always gets one. Schemas are
// filled in, also where a system text says to answer only in JSON, with a schema or without.
//
// What a request can ask of the simulator, by header fields:
//   x-simulate-fault: LIST      see fault.hpp; also behind the model's name: NAME+fault:LIST
//   x-simulate-pace-ms: MS      time between two events of a stream
//   x-simulate-words: N         how much of a text is quoted
//
// What it tells:
//   GET /simulate/stats               counters as JSON
//   GET /simulate/requests?last=N     the last requests: path, header fields, body; credentials masked

#include "http/exchange.hpp"
#include "simulate/fault.hpp"
#include "simulate/perform.hpp"
#include "simulate/replay.hpp"
#include "simulate/request_log.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sluice::simulate {

struct Options {
  std::chrono::milliseconds pace{0};  ///< between two events of a stream
  std::size_t piece_bytes = 4;        ///< of text in one event
  std::size_t max_words = 60;         ///< of what is quoted
  std::size_t kept_requests = 32;
};

/// A pace at which a reader sees words appear.
inline constexpr std::chrono::milliseconds demo_pace{20};

struct Stats {
  std::uint64_t requests = 0;
  std::uint64_t streams_open = 0;
  std::uint64_t completed = 0;            ///< sent to the end, refusals included
  std::uint64_t refused = 0;              ///< answered with 4xx or 5xx
  std::uint64_t broken = 0;               ///< ended by a fault
  std::uint64_t cancelled = 0;            ///< the client closed its connection before the end
  std::uint64_t last_cancel_ms = 0;       ///< from the start of that request to the moment it was noticed
  std::uint64_t last_cancel_unix_ms = 0;  ///< when it was noticed
};

/// Belongs to the thread of the one loop whose server it serves.
class Simulator final : public http::Handler {
 public:
  explicit Simulator(Options options, std::optional<Replay> replay = std::nullopt);

  Task<> serve(http::Exchange& exchange) override;
  http::RefusalAnswer describe_refusal(int status, std::string_view why) override;

  const Stats& stats() const { return stats_; }

 private:
  struct Answer {
    Script script;
    Fault fault;
  };

  Task<> answer(http::Exchange& exchange, const Received& request);
  Task<> tell(http::Exchange& exchange, const Received& request);
  Answer prepare(const Received& request);
  Answer simulate(const Received& request);
  /// The fault that a request asks for, unless it has struck often enough.
  Result<Fault> fault_of(const Received& request, std::string_view model, std::string_view suffix);
  void note(const http::Exchange& exchange, Outcome outcome);
  std::string stats_json() const;

  Options options_;
  std::optional<Replay> replay_;
  Stats stats_;
  RequestLog log_;
  std::map<std::string, std::size_t> struck_;  ///< by model and fault, of those with `times`
};

}  // namespace sluice::simulate
