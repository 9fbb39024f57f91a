#include "json/schema/location.hpp"

#include "json/schema/pointer.hpp"

#include <vector>

namespace sluice::json::schema {

std::string location(const Program& program, Index subschema, Keyword keyword, std::string_view token) {
  const Index resource = program.subschemas[subschema].resource;
  std::vector<const Place*> way;
  for (Index at = subschema; at != no_index;) {
    const Place& place = program.subschemas[at].place;
    if (place.parent == no_index || program.subschemas[place.parent].resource != resource) break;
    way.push_back(&place);
    at = place.parent;
  }
  std::string out;
  if (resource < program.resources.size()) out = program.view(program.resources[resource]);
  out.push_back('#');
  for (auto place = way.rbegin(); place != way.rend(); ++place) {
    const std::string_view written = program.view((*place)->token);
    if ((*place)->keyword == Keyword::none) {  // found along a JSON Pointer, which was kept as it is
      out.append(written);
      continue;
    }
    append_token(out, name((*place)->keyword));
    if ((*place)->has_token) append_token(out, written);
  }
  if (keyword != Keyword::none) append_token(out, name(keyword));
  if (!token.empty()) append_token(out, token);
  return out;
}

}  // namespace sluice::json::schema
