#pragma once
// The metaschemas in data/metaschemas, put into the program by the build.

#include <string_view>

namespace sluice::json::schema {

extern const std::string_view metaschema_draft7;
extern const std::string_view metaschema_schema;
extern const std::string_view metaschema_core;
extern const std::string_view metaschema_applicator;
extern const std::string_view metaschema_unevaluated;
extern const std::string_view metaschema_validation;
extern const std::string_view metaschema_meta_data;
extern const std::string_view metaschema_format_annotation;
extern const std::string_view metaschema_content;

}  // namespace sluice::json::schema
