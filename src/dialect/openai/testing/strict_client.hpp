#pragma once
// For tests: a client that reads chat completions as an OpenAI SDK does and notes every departure from
// OpenAI's published shapes.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::openai {

struct SaidCall {
  std::string id, name, arguments;  ///< decoded
  bool custom = false;
  bool operator==(const SaidCall&) const = default;
};

/// An entry of `reasoning_details`, its fragments joined.
struct SaidReasoning {
  std::string type, text, signature, data, id, format;
  bool operator==(const SaidReasoning&) const = default;
};

/// One choice as the client has it at the end.
struct Said {
  std::string text, refusal, reasoning;
  std::vector<SaidReasoning> details;
  std::vector<SaidCall> calls;
  std::string finish, native_finish, stop_sequence;
  std::vector<std::string> annotations, images;                      ///< JSON
  std::map<std::string, std::string> choice_extras, message_extras;  ///< name -> JSON
  bool operator==(const Said&) const = default;
};

struct Seen {
  std::map<std::int64_t, Said> choices;
  std::string id, usage, report, error;  ///< all but id: JSON
  std::map<std::string, std::string> extras;
  bool done = false;
  std::vector<std::string> departures;  ///< "code: what"
  std::string departures_joined() const;
};

struct Expectation {
  std::string model, request_id;
  bool include_usage = false;
};

Seen read_answer(std::string_view body, const Expectation& expected);
Seen read_stream(std::string_view stream, const Expectation& expected);

}  // namespace sluice::dialect::openai
