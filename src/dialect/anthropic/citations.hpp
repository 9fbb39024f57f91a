#pragma once
// Sources of an answer's text: of web pages as OpenAI's url_citation, of documents as Anthropic writes them.

#include "chat/event.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::dialect::anthropic {

/// Collects the citations of one text block, whose span is known when it ends, and those of documents, for
/// which OpenAI has no form, until the answer ends.
class Citations {
 public:
  void add(json::Value citation);
  /// The block ends: tells of its web pages. Begin and end are counted in characters of the answer.
  void end_block(std::int64_t begin, std::int64_t end, chat::EventSink& sink);
  /// The answer ends: tells of documents as a member `citations` of the message. Once, because clients cannot
  /// join lists of entries without an index.
  void end_answer(chat::EventSink& sink);

 private:
  struct Page {
    std::string url_escaped, title_escaped;
  };
  std::vector<Page> pages_;
  std::string documents_;  ///< JSON array, unfinished
};

}  // namespace sluice::dialect::anthropic
