#pragma once
// What the parts of Converse's request encoder share.

#include "dialect/bedrock/document_name.hpp"
#include "dialect/dialect.hpp"
#include "dialect/repeated_change.hpp"
#include "dialect/schema/strict_changes.hpp"
#include "json/writer.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::bedrock {

/// What a long conversation may have many of.
struct RepeatedChanges {
  using Kind = chat::Change::Kind;
  RepeatedChange name{Kind::dropped, "this API has no names of participants"};
  RepeatedChange detail{Kind::dropped, "this API has no level of detail for one image"};
  RepeatedChange filename{Kind::mapped,
                          "this API takes names of letters, digits, blanks, hyphens and brackets, each once"};
  RepeatedChange text_file{Kind::mapped, "this API knows no such type of document; sent as plain text"};
  RepeatedChange document_text{Kind::repaired,
                               "this API wants text beside a document; `(see the document)` was added"};
  RepeatedChange instruction{Kind::mapped,
                             "this API takes instructions only before the conversation; sent as the user's, "
                             "inside <system>, at its place"};
  RepeatedChange foreign_reasoning{
      Kind::dropped, "this model takes back only reasoning of its own family, with its signature"};
  RepeatedChange reasoning{Kind::dropped, "this model takes no reasoning back"};
  RepeatedChange media{Kind::dropped, "this API takes only text in messages of the model"};
  RepeatedChange arguments{Kind::repaired, "they are no JSON object; the model sees them inside one"};
  RepeatedChange empty{Kind::dropped, "holds nothing that can be sent to this model"};
  RepeatedChange filler{Kind::repaired, "this API wants words of the user here; `(no message)` was sent"};
  RepeatedChange apart{
      Kind::repaired,
      "this model takes no such content beside tool results; `(continued)` of the assistant was put "
      "between"};
  RepeatedChange error{Kind::emulated,
                       "this model takes no mark for failed calls; `Error:` was put before the result"};
  RepeatedChange cache_control{Kind::dropped, "this model takes no cache points here"};
  RepeatedChange not_strict{Kind::dropped, "this model does not hold itself to schemas"};

  schema::StrictChanges strict;

  void report(chat::Changes& changes) const {
    for (const RepeatedChange* change :
         {&name, &detail, &filename, &text_file, &document_text, &instruction, &foreign_reasoning, &reasoning,
          &media, &arguments, &empty, &filler, &apart, &error, &cache_control, &not_strict})
      change->report(changes);
    strict.report(changes);
  }
};

/// The cache points of a request: the API takes four.
class CachePoints {
 public:
  /// Writes one behind the element that ends an open list of `json`. Nothing if `marker`, a `cache_control`
  /// object, is missing.
  void mark(json::Writer& json, json::Value marker);
  /// Removes the first ones, if there are too many, and reports it: each covers all that stands before it, so
  /// the last ones cover most.
  void trim(std::string& body, chat::Changes& changes) const;

 private:
  struct Range {
    std::size_t begin, size;
  };
  std::vector<Range> ranges_;
};

/// One request on its way into `out.body`.
struct Encoding {
  const chat::Request& request;
  const Target& target;
  Outgoing& out;
  json::Writer body{out.body};
  RepeatedChanges repeated;
  CachePoints cache_points;
  DocumentNames document_names;

  const catalog::Capabilities& capabilities() const { return target.capabilities; }
  const catalog::ConverseRules& rules() const { return target.capabilities.converse; }
  chat::Changes& changes() const { return out.changes; }
};

/// The API's limit.
inline constexpr std::size_t max_tool_name = 64;

/// unsupported_parameter: "<place>: `<model>` does not take <what>".
Failure refuse(std::string place, std::string_view what, const Encoding& encoding);

/// A marker behind a block of a message, where the model takes such.
template <class Place>
void mark_block(json::Value marker, const Place& place, Encoding& encoding) {
  if (!marker) return;
  if (encoding.rules().cache_points == catalog::ConverseRules::Cache::none) {
    encoding.repeated.cache_control.at([&] { return place() + ".cache_control"; });
  } else {
    encoding.cache_points.mark(encoding.body, marker);
  }
}

}  // namespace sluice::dialect::bedrock
