#include "dialect/anthropic/cache_markers.hpp"

#include <cassert>

namespace sluice::dialect::anthropic {
namespace {

constexpr std::size_t max_markers = 4;

}  // namespace

void CacheMarkers::mark_last_object(json::Value marker) {
  if (!marker) return;
  assert(body_.ends_with('}'));
  body_.pop_back();
  const std::size_t begin = body_.size();
  body_.append(",\"cache_control\":").append(marker.raw());
  ranges_.push_back({begin, body_.size() - begin});
  body_.push_back('}');
}

void CacheMarkers::trim(std::size_t reserved, chat::Changes& changes) {
  if (ranges_.size() + reserved <= max_markers) return;
  const std::size_t surplus = ranges_.size() + reserved - max_markers;
  for (std::size_t i = surplus; i-- > 0;) body_.erase(ranges_[i].begin, ranges_[i].size);
  changes.dropped("cache_control",
                  "the first " + std::to_string(surplus) +
                      " of the cache markers: this API takes four, and later ones cover more");
}

}  // namespace sluice::dialect::anthropic
