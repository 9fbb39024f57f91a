#include "json/schema/keyword.hpp"

#include <algorithm>

namespace sluice::json::schema {
namespace {

/// Length and two letters tell most keywords and annotations apart at once.
constexpr std::size_t bucket_of(std::string_view name) {
  if (name.size() < 2) return 0;
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
  };
  return (name.size() * 37 + at(name.size() / 2) * 5 + at(name.size() - 1) * 11 + at(0)) % 256;
}

/// Open addressing; 0 is empty, otherwise a row of keyword_table plus one.
constexpr auto buckets = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t row = 0; row < keyword_count; ++row) {
    std::size_t at = bucket_of(keyword_table[row].name);
    while (table[at] != 0) at = (at + 1) % table.size();
    table[at] = static_cast<std::uint8_t>(row + 1);
  }
  return table;
}();

struct NamedDraft {
  std::string_view address;  ///< behind http:// or https://, without an empty fragment
  Draft draft;
};
constexpr std::array named_drafts{
    NamedDraft{"json-schema.org/draft/2020-12/schema", Draft::draft2020_12},
    NamedDraft{"json-schema.org/schema", Draft::draft2020_12},
    NamedDraft{"json-schema.org/draft/2019-09/schema", Draft::draft2019_09},
    NamedDraft{"json-schema.org/draft-07/schema", Draft::draft7},
    NamedDraft{"json-schema.org/draft-06/schema", Draft::draft7},
    NamedDraft{"json-schema.org/draft-04/schema", Draft::draft7},
};

struct NamedVocabulary {
  std::string_view address;
  VocabularySet keywords;
};
constexpr std::array named_vocabularies{
    NamedVocabulary{"https://json-schema.org/draft/2020-12/vocab/core", vocabulary::core},
    NamedVocabulary{"https://json-schema.org/draft/2020-12/vocab/applicator", vocabulary::applicator},
    NamedVocabulary{"https://json-schema.org/draft/2020-12/vocab/unevaluated", vocabulary::unevaluated},
    NamedVocabulary{"https://json-schema.org/draft/2020-12/vocab/validation", vocabulary::validation},
    NamedVocabulary{"https://json-schema.org/draft/2020-12/vocab/format-annotation",
                    vocabulary::format_annotation},
    NamedVocabulary{"https://json-schema.org/draft/2020-12/vocab/format-assertion",
                    vocabulary::format_assertion},
    NamedVocabulary{"https://json-schema.org/draft/2019-09/vocab/core", vocabulary::core},
    NamedVocabulary{"https://json-schema.org/draft/2019-09/vocab/applicator",
                    vocabulary::applicator | vocabulary::unevaluated},
    NamedVocabulary{"https://json-schema.org/draft/2019-09/vocab/validation", vocabulary::validation},
    NamedVocabulary{"https://json-schema.org/draft/2019-09/vocab/format", vocabulary::format_annotation},
};

}  // namespace

Keyword find_keyword(std::string_view name) {
  for (std::size_t at = bucket_of(name); buckets[at] != 0; at = (at + 1) % buckets.size()) {
    const KeywordTraits& row = keyword_table[buckets[at] - 1U];
    if (row.name == name) return row.keyword;
  }
  return Keyword::none;
}

std::optional<Draft> find_draft(std::string_view address) {
  if (address.ends_with('#')) address.remove_suffix(1);
  for (const std::string_view scheme : {"https://", "http://"})
    if (address.starts_with(scheme)) address.remove_prefix(scheme.size());
  const auto* known = std::ranges::find(named_drafts, address, &NamedDraft::address);
  if (known == named_drafts.end()) return std::nullopt;
  return known->draft;
}

VocabularySet find_vocabulary(std::string_view address) {
  const auto* known = std::ranges::find(named_vocabularies, address, &NamedVocabulary::address);
  return known == named_vocabularies.end() ? VocabularySet{0} : known->keywords;
}

bool is_annotation_vocabulary(std::string_view address) {
  return address.starts_with("https://json-schema.org/") &&
         (address.ends_with("/vocab/meta-data") || address.ends_with("/vocab/content"));
}

}  // namespace sluice::json::schema
