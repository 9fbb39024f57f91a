#include "dialect/anthropic/citations.hpp"

#include "base/text.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::anthropic {
namespace {

/// `url` of web pages, where Converse puts them too; `source` of search results that a client gave, where it
/// is an address.
json::Text address(json::Value citation) {
  const json::Text url = citation["url"].text();
  if (!url.empty()) return url;
  if (const json::Text web = citation["location"]["web"]["url"].text(); !web.empty()) return web;
  const json::Text source = citation["source"].text();
  std::string buffer;
  const std::string_view plain = source.decode(buffer);
  const bool is_address = iequals(plain.substr(0, 8), "https://") || iequals(plain.substr(0, 7), "http://");
  return is_address ? source : json::Text();
}

}  // namespace

void Citations::add(json::Value citation) {
  if (!citation.is_object()) return;
  if (const json::Text url = address(citation); !url.empty()) {
    pages_.push_back({std::string(url.escaped()), std::string(citation["title"].text().escaped())});
    return;
  }
  documents_.append(documents_.empty() ? "[" : ",").append(citation.raw());
}

void Citations::end_block(std::int64_t begin, std::int64_t end, chat::EventSink& sink) {
  std::string text;
  for (const Page& page : pages_) {
    text.clear();
    json::Writer json(text);
    json.begin_object().key("type").string("url_citation").key("url_citation").begin_object();
    json.key("url").text(json::Text(page.url_escaped)).key("title").text(json::Text(page.title_escaped));
    json.key("start_index").integer(begin).key("end_index").integer(end).end_object().end_object();
    sink.on(chat::Annotation{0, text});
  }
  pages_.clear();
}

void Citations::end_answer(chat::EventSink& sink) {
  if (documents_.empty()) return;
  documents_.push_back(']');
  sink.on(chat::Extra{chat::Extra::Place::message, 0, json::Text("citations"), documents_});
  documents_.clear();
}

}  // namespace sluice::dialect::anthropic
