#pragma once
// What the parts of Ollama's request encoder share.

#include "dialect/dialect.hpp"
#include "dialect/repeated_change.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::ollama {

/// What a long conversation may have many of.
struct RepeatedChanges {
  using Kind = chat::Change::Kind;
  RepeatedChange cache_control{Kind::dropped, "Ollama caches prompts by itself"};
  RepeatedChange name{Kind::dropped, "Ollama does not tell speakers apart by name"};
  RepeatedChange detail{Kind::dropped, "Ollama has no level of detail for one image"};
  RepeatedChange text_file{Kind::mapped,
                           "Ollama takes no documents; the file's text was put into the message"};
  RepeatedChange reasoning{Kind::dropped,
                           "Ollama takes back only plain reasoning, not that of other families"};
  RepeatedChange media{Kind::dropped, "Ollama takes only text in messages of the model"};
  RepeatedChange arguments{Kind::repaired, "they are no JSON object; the model sees them inside one"};
  RepeatedChange error{Kind::emulated,
                       "Ollama has no mark for failed calls; `Error: ` was put before the result"};
  RepeatedChange strict{Kind::dropped, "Ollama does not hold models to a tool's schema"};

  void report(chat::Changes& changes) const {
    for (const RepeatedChange* change :
         {&cache_control, &name, &detail, &text_file, &reasoning, &media, &arguments, &error, &strict})
      change->report(changes);
  }
};

/// One request on its way into `out.body`.
struct Encoding {
  const chat::Request& request;
  const Target& target;
  Outgoing& out;
  json::Writer body{out.body};
  RepeatedChanges repeated;

  chat::Changes& changes() const { return out.changes; }
};

}  // namespace sluice::dialect::ollama
