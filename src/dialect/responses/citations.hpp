#pragma once
// Sources of an answer's text: of web pages as chat completions write them, of files as this API does.

#include "chat/event.hpp"

#include <cstdint>
#include <string>

namespace sluice::dialect::responses {

/// A stretch of the answer, in characters.
struct Span {
  std::int64_t begin = 0, end = 0;
};

class Citations {
 public:
  /// An annotation of a text that stands at `text` in the answer. Tells of a web page; others are kept.
  void add(json::Value annotation, Span text, chat::EventSink& sink);
  /// The answer ends: tells of files as a member `citations` of the message.
  void end_answer(chat::EventSink& sink);

 private:
  std::string files_;  ///< JSON array, unfinished
};

}  // namespace sluice::dialect::responses
