#include "json/schema/known_documents.hpp"

#include "json/schema/metaschemas.hpp"

#include <array>
#include <utility>

namespace sluice::json::schema {
namespace {

struct Metaschema {
  std::string_view address;
  const std::string_view& text;
};
constexpr std::array metaschemas{
    Metaschema{"http://json-schema.org/draft-07/schema", metaschema_draft7},
    Metaschema{"https://json-schema.org/draft/2020-12/schema", metaschema_schema},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/core", metaschema_core},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/applicator", metaschema_applicator},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/unevaluated", metaschema_unevaluated},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/validation", metaschema_validation},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/meta-data", metaschema_meta_data},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/format-annotation", metaschema_format_annotation},
    Metaschema{"https://json-schema.org/draft/2020-12/meta/content", metaschema_content},
};

}  // namespace

void KnownDocuments::add(std::string address, std::string text) {
  documents_.insert_or_assign(std::move(address), std::move(text));
}

std::optional<std::string_view> KnownDocuments::find(std::string_view address) const {
  if (const auto known = documents_.find(address); known != documents_.end()) return known->second;
  return find_metaschema(address);
}

std::optional<std::string_view> find_metaschema(std::string_view address) {
  for (const Metaschema& metaschema : metaschemas)
    if (metaschema.address == address) return metaschema.text;
  return std::nullopt;
}

}  // namespace sluice::json::schema
