#include "dialect/bedrock/encoding.hpp"

#include <span>

namespace sluice::dialect::bedrock {
namespace {

constexpr std::size_t max_points = 4;

}  // namespace

void CachePoints::mark(json::Writer& json, json::Value marker) {
  if (!marker) return;
  const std::size_t begin = json.out().size();
  json.begin_object().key("cachePoint").begin_object().key("type").string("default");
  if (marker["ttl"].is_string()) json.key("ttl").text(marker["ttl"].text());
  json.end_object().end_object();
  ranges_.push_back({begin, json.out().size() - begin});
}

void CachePoints::trim(std::string& body, chat::Changes& changes) const {
  if (ranges_.size() <= max_points) return;
  const std::size_t surplus = ranges_.size() - max_points;
  std::string kept;
  kept.reserve(body.size());
  std::size_t at = 0;
  for (const Range& range : std::span(ranges_).first(surplus)) {
    kept.append(body, at, range.begin - at);
    at = range.begin + range.size;
  }
  body = std::move(kept.append(body, at));
  changes.dropped("cache_control",
                  "the first " + std::to_string(surplus) +
                      " of the cache markers: this API takes four, and later ones cover more");
}

Failure refuse(std::string place, std::string_view what, const Encoding& encoding) {
  std::string message =
      place + ": `" + std::string(encoding.target.model) + "` does not take " + std::string(what);
  return fail(Error(ErrorCode::unsupported_parameter, std::move(message)).with_param(std::move(place)));
}

}  // namespace sluice::dialect::bedrock
