#pragma once
// Web sources of an answer: `groundingMetadata` and `citationMetadata` -> OpenAI's url_citation.

#include "chat/event.hpp"
#include "dialect/gemini/text_positions.hpp"

#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace sluice::dialect::gemini {

/// The sources of one candidate. Later chunks may repeat them; each is told once.
class Citations {
 public:
  /// Emits what `candidate` cites; `text` is the candidate's text so far.
  void read(json::Value candidate, std::uint32_t choice, const TextPositions& text, chat::EventSink& sink);

 private:
  struct Span {
    std::int64_t begin, end;  ///< characters
  };
  /// Where the citations of one chunk go.
  struct Destination {
    std::uint32_t choice;
    const TextPositions& text;
    chat::EventSink& sink;
  };

  void read_grounding(json::Value grounding, const Destination& to);
  void read_sources(json::Value sources, const Destination& to);
  void tell(json::Value source, Span span, const Destination& to);
  static Span span_of(json::Value segment, const TextPositions& text);
  bool is_new(std::string_view what);

  std::unordered_set<std::uint64_t> told_;  ///< hashes
};

}  // namespace sluice::dialect::gemini
