#pragma once
// Where a keyword stands in its schema.

#include "json/schema/program.hpp"

#include <string>
#include <string_view>

namespace sluice::json::schema {

/// A URI of the place: `#/properties/age/type`, with an address before it where the resource has one.
/// `token` names one of several things under the keyword.
std::string location(const Program& program, Index subschema, Keyword keyword = Keyword::none,
                     std::string_view token = {});

}  // namespace sluice::json::schema
