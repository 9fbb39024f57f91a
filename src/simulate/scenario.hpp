#pragma once
// Scenario: what the simulated model answers, before any provider's words.
//
// It is decided by the request alone: forced and mentioned tools are called, results are quoted, schemas are
// filled in, and everything else is echoed. See simulator.hpp for what a user may write.

#include "simulate/reading.hpp"

#include <string>
#include <vector>

namespace sluice::simulate {

struct Call {
  std::string name;
  std::string arguments;    ///< a JSON object; not a whole one if `cut`; text for a custom tool
  bool takes_text = false;  ///< of a custom tool
  bool cut = false;         ///< the token limit fell into the arguments
};

enum class Finish : std::uint8_t { stop, stop_sequence, length, calls };

/// One choice of an answer.
struct Plan {
  std::string reasoning;
  std::string text;
  std::vector<Call> calls;
  Finish finish = Finish::stop;
  std::string stop_sequence;         ///< the one that was met
  std::size_t reasoning_tokens = 0;  ///< also where the reasoning is not shown
  std::size_t output_tokens = 0;     ///< the reasoning's included
};

/// One plan per choice asked for. What the user said and what tools returned is quoted up to `max_words`.
std::vector<Plan> plan_answer(const Reading& reading, std::size_t max_words);

}  // namespace sluice::simulate
