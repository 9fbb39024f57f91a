#pragma once
// GenerateContentResponse objects -> chat events: one object for a whole answer, several for a stream.
//
// Gemini has no end mark and says STOP before calls that come later, so nothing is finished before finish().

#include "dialect/dialect.hpp"
#include "dialect/gemini/citations.hpp"
#include "dialect/gemini/finish_reason.hpp"
#include "dialect/gemini/partial_arguments.hpp"
#include "dialect/gemini/text_positions.hpp"
#include "dialect/gemini/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace sluice::dialect::gemini {

/// One answer. Objects go in in order; after an error nothing more may.
class AnswerReader {
 public:
  explicit AnswerReader(const AnswerContext& context) : context_(context) {}

  /// Emits what a chunk adds, or each of an array of them (the form of a stream without `alt=sse`). Fails if
  /// one is an error, or no answer at all.
  Result<> read_all(json::Value chunks, chat::EventSink& sink);
  /// The provider has said everything. Fails with upstream_truncated if it has not said how the answer ended.
  Result<> finish(chat::EventSink& sink);

 private:
  /// One of the answers that were asked for; a choice to the client.
  struct Candidate {
    std::uint32_t choice = 0;
    std::uint32_t calls = 0;
    std::int32_t details = 0;                   ///< reasoning blocks
    bool has_content = false;                   ///< text or anything else to show
    std::optional<Outcome> outcome;             ///< once it was told
    std::string native_escaped;                 ///< Gemini's word for it
    std::string explanation_escaped;            ///< `finishMessage`
    std::optional<PartialArguments> open_call;  ///< arguments of the latest call, where they come in pieces
    TextPositions text;
    Citations citations;

    bool lost() const;
  };

  Result<> read(json::Value chunk, chat::EventSink& sink);
  void start(json::Value chunk, chat::EventSink& sink);
  Result<> read_candidate(json::Value candidate, std::size_t position, chat::EventSink& sink);
  Result<> read_part(json::Value part, Candidate& candidate, chat::EventSink& sink);
  void read_signature(json::Value part, Candidate& candidate, chat::EventSink& sink);
  void read_image(json::Value data, Candidate& candidate, chat::EventSink& sink);
  Result<> read_call(json::Value part, Candidate& candidate, chat::EventSink& sink);
  void begin_call(json::Value part, Candidate& candidate, chat::EventSink& sink);
  void end_call(Candidate& candidate, chat::EventSink& sink);
  void emit_arguments(std::string_view json, const Candidate& candidate, chat::EventSink& sink);
  /// The provider's id if a client can use it, else a new one.
  std::string call_id(json::Value native);
  Result<> finish_blocked(chat::EventSink& sink);
  Error failure_of(const Candidate& candidate) const;

  const AnswerContext& context_;
  std::vector<Candidate> candidates_;
  UsageCounts usage_;
  std::string blocked_escaped_;               ///< why the prompt was refused
  std::unordered_set<std::string> call_ids_;  ///< of this answer
  std::uint64_t id_seed_ = 0;
  std::uint32_t minted_ = 0;
  bool started_ = false;
  std::string scratch_;
};

}  // namespace sluice::dialect::gemini
