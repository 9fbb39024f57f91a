#include "dialect/gemini/citations.hpp"

#include "base/hash.hpp"
#include "json/writer.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace sluice::dialect::gemini {
namespace {

/// The member of a grounding chunk that has an address.
json::Value source_of(json::Value chunk) {
  constexpr std::array<std::string_view, 3> kinds{"web", "maps", "retrievedContext"};
  for (const std::string_view kind : kinds)
    if (const json::Value source = chunk[kind]; source["uri"].is_string()) return source;
  return {};
}

}  // namespace

void Citations::read(json::Value candidate, std::uint32_t choice, const TextPositions& text,
                     chat::EventSink& sink) {
  const Destination to{choice, text, sink};
  if (const json::Value grounding = candidate["groundingMetadata"]; grounding) read_grounding(grounding, to);
  // The Generative Language API calls the list citationSources, Vertex citations.
  if (const json::Value citations = candidate["citationMetadata"]; citations) {
    read_sources(citations["citationSources"], to);
    read_sources(citations["citations"], to);
  }
}

void Citations::read_grounding(json::Value grounding, const Destination& to) {
  std::vector<json::Value> sources;
  for (json::Value chunk : grounding["groundingChunks"].elements()) sources.push_back(source_of(chunk));
  for (json::Value support : grounding["groundingSupports"].elements()) {
    const Span span = span_of(support["segment"], to.text);
    for (json::Value entry : support["groundingChunkIndices"].elements()) {
      const auto index = entry.integer().value_or(-1);
      if (index >= 0 && index < std::ssize(sources)) tell(sources[static_cast<std::size_t>(index)], span, to);
    }
  }
  // A source that supports no passage in particular stands for all of the answer.
  for (json::Value source : sources)
    if (source && is_new(source["uri"].raw())) tell(source, {0, to.text.characters()}, to);
}

void Citations::read_sources(json::Value sources, const Destination& to) {
  for (json::Value source : sources.elements())
    if (source["uri"].is_string()) tell(source, span_of(source, to.text), to);
}

void Citations::tell(json::Value source, Span span, const Destination& to) {
  if (!source) return;
  std::string annotation;
  json::Writer writer(annotation);
  writer.begin_object().key("type").string("url_citation").key("url_citation").begin_object();
  writer.key("start_index").integer(span.begin).key("end_index").integer(span.end);
  writer.key("url").text(source["uri"].text()).key("title").text(source["title"].text());
  writer.end_object().end_object();
  is_new(source["uri"].raw());
  if (is_new(annotation)) to.sink.on(chat::Annotation{.choice = to.choice, .json = annotation});
}

Citations::Span Citations::span_of(json::Value segment, const TextPositions& text) {
  const auto end = segment["endIndex"].integer();
  return {text.characters_before(std::max<std::int64_t>(segment["startIndex"].integer().value_or(0), 0)),
          end ? text.characters_before(std::max<std::int64_t>(*end, 0)) : text.characters()};
}

bool Citations::is_new(std::string_view what) {
  return told_.insert(fnv1a(what)).second;
}

}  // namespace sluice::dialect::gemini
