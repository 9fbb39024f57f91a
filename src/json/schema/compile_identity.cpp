// What a schema is called, which dialect it is written in, and what it refers to.

#include "base/text.hpp"
#include "json/schema/compiler.hpp"
#include "json/schema/uri.hpp"

#include <algorithm>

namespace sluice::json::schema {
namespace {

/// The anchor that `$recursiveAnchor` stands for; anchors in schemas are never empty.
constexpr std::string_view recursion = "";

std::string_view without_fragment(std::string_view address) {
  return split_fragment(address).address;
}

}  // namespace

Result<> Compiler::identify(Frame& frame, Value schema) {
  const bool is_document = frame.depth == 0 && program_.subschemas[frame.self].place.parent == no_index;
  if (is_document) {
    auto dialect = dialect_of(schema, frame.self, references_.resources[frame.resource].dialect);
    if (!dialect) return fail(dialect);
    references_.resources[frame.resource].dialect = *dialect;
  }
  frame.dialect = references_.resources[frame.resource].dialect;

  const Value id = frame[Keyword::id];
  const bool replaced = frame.dialect.draft == Draft::draft7 && frame[Keyword::ref].exists();
  if (!id.exists() || replaced) return {};
  if (!id.is_string()) return expected(frame.self, Keyword::id, "must be a string", id);
  const std::string text = id.string();
  const SplitUri parts = split_fragment(text);
  if (!parts.address.empty()) {
    const std::string address = resolve_uri(references_.resources[frame.resource].address, parts.address);
    auto opened = is_document ? name_document(frame, address) : open_resource(frame, schema, address);
    if (!opened) return opened;
  }
  // Draft 7 names places so; later drafts have $anchor for it.
  if (!parts.fragment.empty() && frame.dialect.draft == Draft::draft7)
    references_.anchors.emplace(std::pair(frame.resource, decode_percent(parts.fragment)),
                                Anchor{frame.self, false});
  return {};
}

/// A document is known by the address that it came from, and by the one that it gives itself.
Result<> Compiler::name_document(Frame& frame, const std::string& address) {
  references_.by_address.emplace(address, frame.resource);
  references_.resources[frame.resource].address = address;
  program_.resources[frame.resource] = keep(address);
  return {};
}

Result<> Compiler::open_resource(Frame& frame, Value schema, const std::string& address) {
  auto dialect = dialect_of(schema, frame.self, frame.dialect);
  if (!dialect) return fail(dialect);
  frame.resource = static_cast<Index>(references_.resources.size());
  frame.dialect = *dialect;
  references_.by_address.emplace(address, frame.resource);
  references_.resources.push_back({address, schema, document_, *dialect, frame.self});
  program_.resources.push_back(keep(address));
  program_.subschemas[frame.self].resource = frame.resource;
  return {};
}

Result<Dialect> Compiler::dialect_of(Value schema, Index self, Dialect otherwise) {
  const Value named = schema["$schema"];
  if (!named.exists()) return otherwise;
  if (!named.is_string()) return expected(self, Keyword::schema, "must be a string", named);
  const std::string address = named.string();
  if (const auto draft = find_draft(address)) return Dialect{.draft = *draft};
  return custom_dialect(std::string(without_fragment(address)), self);
}

/// The dialect that a known metaschema describes by its `$vocabulary`.
Result<Dialect> Compiler::custom_dialect(std::string_view address, Index self) {
  const auto text = options_.known ? options_.known->find(address) : std::nullopt;
  if (!text)
    return unsupported(self, Keyword::schema,
                       "names a dialect that is not known here; write "
                       "\"https://json-schema.org/draft/2020-12/schema\" or "
                       "\"http://json-schema.org/draft-07/schema#\", or leave it out");
  Document document;
  const auto metaschema = document.parse(*text);
  if (!metaschema) return wrong(self, Keyword::schema, "names a document that is no JSON");
  Dialect dialect{.draft = find_draft((*metaschema)["$schema"].string()).value_or(options_.draft)};
  const Value vocabularies = (*metaschema)["$vocabulary"];
  if (!vocabularies.is_object()) return dialect;
  dialect.vocabularies = vocabulary::core;
  for (const Member& member : vocabularies.members()) {
    const VocabularySet found = find_vocabulary(member.key.decode());
    if (found == 0 && member.value.boolean() == true && !is_annotation_vocabulary(member.key.decode()))
      return unsupported(self, Keyword::schema, "needs a vocabulary that is not known here");
    dialect.vocabularies |= found;
  }
  return dialect;
}

Result<> Compiler::read_anchor(Frame& frame, Keyword keyword, Value name) {
  std::string anchor(recursion);
  if (keyword == Keyword::recursive_anchor) {
    if (!name.is_boolean()) return expected(frame.self, keyword, "must be a boolean", name);
    if (name.boolean() == false) return {};
  } else {
    if (!name.is_string()) return expected(frame.self, keyword, "must be a string", name);
    anchor = name.string();
    if (anchor.empty()) return wrong(frame.self, keyword, "must not be empty");
  }
  const bool dynamic = keyword != Keyword::anchor;
  auto [known, added] =
      references_.anchors.try_emplace({frame.resource, anchor}, Anchor{frame.self, dynamic});
  if (!added && dynamic) known->second = {frame.self, true};
  if (dynamic) program_.dynamic_anchors.push_back({frame.resource, dynamic_name(anchor), frame.self});
  return {};
}

Index Compiler::dynamic_name(std::string_view name) {
  const auto known = std::ranges::find(dynamic_names_, name);
  const auto index = static_cast<Index>(known - dynamic_names_.begin());
  if (known == dynamic_names_.end()) dynamic_names_.emplace_back(name);
  return index;
}

/// What it means is only known when everything is read; until then the rule holds the number of the
/// reference.
Result<> Compiler::read_reference(Frame& frame, Keyword keyword, Value reference) {
  if (!reference.is_string()) return expected(frame.self, keyword, "must be a string", reference);
  frame.rules.push_back({.keyword = keyword, .a = static_cast<Index>(references_.pending.size())});
  references_.pending.push_back({frame.self, keyword, reference.string()});
  return {};
}

Result<> Compiler::read_definitions(Frame& frame, Keyword keyword, Value schemas) {
  if (!schemas.is_object()) return expected(frame.self, keyword, "must be an object", schemas);
  for (const Member& member : schemas.members()) {
    auto definition = child(frame, keyword, member.key.decode(), member.value);
    if (!definition) return fail(definition);
  }
  return {};
}

}  // namespace sluice::json::schema
