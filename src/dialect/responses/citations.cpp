#include "dialect/responses/citations.hpp"

#include "json/writer.hpp"

#include <algorithm>

namespace sluice::dialect::responses {
namespace {

/// Counted from the start of its own text. Hosts that only list their sources give none: all of the text
/// then.
Span span_of(json::Value annotation, Span text) {
  const auto begin = annotation["start_index"].integer(), end = annotation["end_index"].integer();
  if (!begin || !end) return text;
  const std::int64_t length = text.end - text.begin;
  const std::int64_t first = std::clamp<std::int64_t>(*begin, 0, length);
  return {text.begin + first, text.begin + std::clamp(*end, first, length)};
}

}  // namespace

void Citations::add(json::Value annotation, Span text, chat::EventSink& sink) {
  if (!annotation.is_object()) return;
  if (!annotation["type"].equals("url_citation")) {
    files_.append(files_.empty() ? "[" : ",").append(annotation.raw());
    return;
  }
  const Span span = span_of(annotation, text);
  std::string out;
  json::Writer json(out);
  json.begin_object().key("type").string("url_citation").key("url_citation").begin_object();
  json.key("url").text(annotation["url"].text()).key("title").text(annotation["title"].text());
  json.key("start_index").integer(span.begin).key("end_index").integer(span.end).end_object().end_object();
  sink.on(chat::Annotation{.json = out});
}

void Citations::end_answer(chat::EventSink& sink) {
  if (files_.empty()) return;
  files_.push_back(']');
  sink.on(chat::Extra{.place = chat::Extra::Place::message, .name = json::Text("citations"), .json = files_});
  files_.clear();
}

}  // namespace sluice::dialect::responses
