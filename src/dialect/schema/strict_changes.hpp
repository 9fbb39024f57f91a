#pragma once
// What a client is told of schemas that a strict subset took differently.

#include "chat/change.hpp"
#include "dialect/repeated_change.hpp"
#include "dialect/schema/fit.hpp"

#include <string>

namespace sluice::dialect::schema {

/// Each kind of change once, however many tools of a request have it.
class StrictChanges {
 public:
  /// A schema that was sent; `path` is its place.
  void sent(const Fit& fit, const std::string& path) {
    const auto place = [&] { return path; };
    if (!fit.held) told_.at(place);
    if (fit.closed) closed_.at(place);
    if (fit.any_of) any_of_.at(place);
  }
  /// A tool whose schema cannot be said; `path` is that of its `strict`.
  void not_strict(const std::string& path) {
    not_strict_.at([&] { return path; });
  }
  void report(chat::Changes& changes) const {
    for (const RepeatedChange* change : {&told_, &closed_, &any_of_, &not_strict_}) change->report(changes);
  }

 private:
  using Kind = chat::Change::Kind;
  RepeatedChange told_{
      Kind::mapped,
      "this API has no keyword for some of the schema's constraints; the descriptions tell them"};
  RepeatedChange closed_{Kind::mapped,
                         "this API holds models only to objects without members beyond the declared ones"};
  RepeatedChange any_of_{Kind::mapped, "this API has no `oneOf`; sent as `anyOf`"};
  RepeatedChange not_strict_{
      Kind::dropped,
      "this API cannot hold models to schemas with recursion, or with members or values "
      "of any kind; the tool's schema was sent as it is"};
};

}  // namespace sluice::dialect::schema
