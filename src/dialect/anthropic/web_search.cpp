#include "dialect/anthropic/web_search.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::dialect::anthropic {
namespace {

constexpr std::string_view tool_name = "web_search";

/// OpenAI's measure of how much to search, as a number of searches.
struct Size {
  std::string_view word;
  std::int64_t searches;
};
constexpr std::array sizes{Size{"low", 1}, Size{"medium", 5}, Size{"high", 10}};

}  // namespace

bool wants_web_search(const chat::Request& request, chat::Changes& changes) {
  if (!request.other("web_search_options").is_object()) return false;
  const auto has_name = [](const chat::Tool& tool) { return tool.name.equals(tool_name); };
  if (std::ranges::none_of(request.tools, has_name)) return true;
  changes.dropped("web_search_options", "a tool of the name `web_search` stands in the way");
  return false;
}

void write_web_search(const chat::Request& request, json::Writer& json, chat::Changes& changes) {
  const json::Value options = request.other("web_search_options");
  json.begin_object().key("type").string("web_search_20250305").key("name").string(tool_name);
  for (const Size& size : sizes) {
    if (!options["search_context_size"].equals(size.word)) continue;
    json.key("max_uses").integer(size.searches);
    changes.mapped("web_search_options.search_context_size",
                   "this API limits the number of searches instead: " + std::to_string(size.searches));
  }
  if (const json::Value place = options["user_location"]["approximate"]; place.is_object()) {
    json.key("user_location").begin_object().key("type").string("approximate");
    for (std::string_view part : {"city", "region", "country", "timezone"})
      if (place[part].is_string()) json.key(part).text(place[part].text());
    json.end_object();
  }
  json.end_object();
}

}  // namespace sluice::dialect::anthropic
