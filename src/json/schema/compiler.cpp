#include "json/schema/compiler.hpp"

#include "json/schema/location.hpp"
#include "json/schema/pointer.hpp"

#include <bit>

namespace sluice::json::schema {

/// Who reads which keyword, row by row as keyword_table has them.
struct Readers {
  struct Row {
    Keyword keyword;
    Compiler::Reader read;  ///< null where identify() does it
  };
  static constexpr std::array table{
      Row{Keyword::id, nullptr},
      Row{Keyword::schema, nullptr},
      Row{Keyword::anchor, &Compiler::read_anchor},
      Row{Keyword::dynamic_anchor, &Compiler::read_anchor},
      Row{Keyword::recursive_anchor, &Compiler::read_anchor},
      Row{Keyword::defs, &Compiler::read_definitions},
      Row{Keyword::definitions, &Compiler::read_definitions},
      Row{Keyword::type, &Compiler::read_type},
      Row{Keyword::constant, &Compiler::read_constant},
      Row{Keyword::enumeration, &Compiler::read_enumeration},
      Row{Keyword::ref, &Compiler::read_reference},
      Row{Keyword::dynamic_ref, &Compiler::read_reference},
      Row{Keyword::recursive_ref, &Compiler::read_reference},
      Row{Keyword::all_of, &Compiler::read_alternatives},
      Row{Keyword::any_of, &Compiler::read_alternatives},
      Row{Keyword::one_of, &Compiler::read_alternatives},
      Row{Keyword::negation, &Compiler::read_negation},
      Row{Keyword::condition, &Compiler::read_condition},
      Row{Keyword::then, &Compiler::read_branch},
      Row{Keyword::otherwise, &Compiler::read_branch},
      Row{Keyword::minimum, &Compiler::read_bound},
      Row{Keyword::exclusive_minimum, &Compiler::read_bound},
      Row{Keyword::maximum, &Compiler::read_bound},
      Row{Keyword::exclusive_maximum, &Compiler::read_bound},
      Row{Keyword::multiple_of, &Compiler::read_bound},
      Row{Keyword::min_length, &Compiler::read_count},
      Row{Keyword::max_length, &Compiler::read_count},
      Row{Keyword::pattern, &Compiler::read_pattern},
      Row{Keyword::format, &Compiler::read_format},
      Row{Keyword::min_items, &Compiler::read_count},
      Row{Keyword::max_items, &Compiler::read_count},
      Row{Keyword::unique_items, &Compiler::read_unique},
      Row{Keyword::prefix_items, &Compiler::read_prefix},
      Row{Keyword::items, &Compiler::read_items},
      Row{Keyword::additional_items, &Compiler::read_additional_items},
      Row{Keyword::contains, &Compiler::read_array_schema},
      Row{Keyword::min_contains, &Compiler::read_count},
      Row{Keyword::max_contains, &Compiler::read_count},
      Row{Keyword::required, &Compiler::read_required},
      Row{Keyword::min_properties, &Compiler::read_count},
      Row{Keyword::max_properties, &Compiler::read_count},
      Row{Keyword::property_names, &Compiler::read_object_schema},
      Row{Keyword::properties, &Compiler::read_properties},
      Row{Keyword::pattern_properties, &Compiler::read_pattern_properties},
      Row{Keyword::additional_properties, &Compiler::read_object_schema},
      Row{Keyword::dependent_required, &Compiler::read_dependents},
      Row{Keyword::dependent_schemas, &Compiler::read_dependents},
      Row{Keyword::dependencies, &Compiler::read_dependents},
      Row{Keyword::unevaluated_items, &Compiler::read_array_schema},
      Row{Keyword::unevaluated_properties, &Compiler::read_object_schema},
  };

  static consteval bool every_keyword_has_its_row() {
    for (std::size_t row = 0; row < table.size(); ++row)
      if (table[row].keyword != static_cast<Keyword>(row)) return false;
    return table.size() == keyword_count;
  }
};
static_assert(Readers::every_keyword_has_its_row(), "Readers::table must follow Keyword");

Result<> Compiler::compile(Value schema) {
  if (schema.raw().size() > options_.limits.max_bytes)
    return fail(ErrorCode::unsupported_schema,
                "# is larger than " + std::to_string(options_.limits.max_bytes) + " bytes");
  auto root = compile_document(schema, "", {.draft = options_.draft});
  if (!root) return fail(root);
  program_.root = *root;
  auto resolved = resolve_references();
  if (!resolved) return fail(resolved);
  if (program_.compound_text.empty()) return {};

  program_.compound_text.back() = ']';  // a comma stands there
  program_.compound_document = std::make_unique<Document>();
  auto compounds =
      program_.compound_document->parse(program_.compound_text, {.max_depth = Limits::most_depth});
  if (!compounds) return fail(compounds);
  for (const Value compound : compounds->elements()) program_.compounds.push_back(compound);
  return {};
}

Result<Index> Compiler::compile_document(Value root, std::string address, Dialect dialect) {
  const auto resource = static_cast<Index>(references_.resources.size());
  references_.by_address.emplace(address, resource);
  program_.resources.push_back(keep(address));
  references_.resources.push_back({std::move(address), root, document_, dialect});
  auto self = subschema(root, {}, resource, 0);
  if (self) references_.resources[resource].subschema = *self;
  return self;
}

Result<Index> Compiler::subschema(Value schema, Place place, Index resource, std::uint32_t depth) {
  const auto self = static_cast<Index>(program_.subschemas.size());
  if (self >= options_.limits.max_subschemas)
    return fail(ErrorCode::unsupported_schema,
                "# has more than " + std::to_string(options_.limits.max_subschemas) + " subschemas");
  program_.subschemas.push_back({.resource = resource, .place = place});
  origins_.push_back({document_, schema.offset()});
  if (depth > options_.limits.max_depth)
    return unsupported(self, Keyword::none,
                       "is nested deeper than " + std::to_string(options_.limits.max_depth) + " schemas");
  if (const auto allows = schema.boolean()) {
    program_.subschemas[self].types = *allows ? every_type : no_type;
    return self;
  }
  if (!schema.is_object()) return expected(self, Keyword::none, "must be an object or a boolean", schema);
  auto read = schema_object(schema, self, resource, depth);
  if (!read) return fail(read);
  return self;
}

Result<> Compiler::schema_object(Value schema, Index self, Index resource, std::uint32_t depth) {
  Keywords keywords{};
  auto collected = collect(schema, self, keywords);
  if (!collected) return collected;
  Frame frame{.self = self, .depth = depth, .keywords = keywords, .resource = resource};
  auto identified = identify(frame, schema);
  if (!identified) return identified;
  auto done = this->read(frame);
  if (!done) return done;
  store(frame);
  return {};
}

Result<> Compiler::collect(Value schema, Index self, Keywords& keywords) {
  std::string buffer;
  for (const Member& member : schema.members()) {
    const Keyword keyword = find_keyword(member.key.decode(buffer));
    if (keyword == Keyword::none) continue;
    Value& value = keywords[static_cast<std::size_t>(keyword)];
    if (value.exists()) return wrong(self, keyword, "stands there twice");
    value = member.value;
  }
  return {};
}

Result<> Compiler::read(Frame& frame) {
  // Before 2019-09, `$ref` replaces the schema that it stands in.
  const bool replaced = frame.dialect.draft == Draft::draft7 && frame[Keyword::ref].exists();
  for (std::size_t row = 0; row < keyword_count; ++row) {
    const Value value = frame.keywords[row];
    if (!value.exists()) continue;
    const KeywordTraits& traits = keyword_table[row];
    if ((traits.drafts & static_cast<DraftSet>(frame.dialect.draft)) == 0) continue;
    if ((traits.vocabulary & frame.dialect.vocabularies) == 0) continue;
    const Keyword keyword = traits.keyword;
    if (replaced && keyword != Keyword::ref && keyword != Keyword::defs && keyword != Keyword::definitions)
      continue;
    const Reader reader = Readers::table[row].read;
    if (!reader) continue;
    auto done = (this->*reader)(frame, keyword, value);
    if (!done) return done;
  }
  return add_properties(frame);
}

namespace {

/// Moves rows to the end of their table.
template <class Row>
Range append(std::vector<Row>& table, std::vector<Row>& rows) {
  const Range range{static_cast<Index>(table.size()), static_cast<std::uint32_t>(rows.size())};
  table.insert(table.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  return range;
}

template <class Row>
Index append_if(bool wanted, std::vector<Row>& table, const Row& row) {
  if (!wanted) return no_index;
  table.push_back(row);
  return static_cast<Index>(table.size() - 1);
}

}  // namespace

void Compiler::store(Frame& frame) {
  Subschema& self = program_.subschemas[frame.self];
  self.types = frame.types;
  self.resource = frame.resource;
  self.rules = append(program_.rules, frame.rules);
  self.bounds = append(program_.bounds, frame.bounds);
  frame.object.dependents = append(program_.dependents, frame.dependents);
  self.text = append_if(frame.has_text, program_.texts, frame.text);
  self.array = append_if(frame.has_array, program_.arrays, frame.array);
  self.object = append_if(frame.has_object, program_.objects, frame.object);
  self.plain = self.rules.count == 0 && self.bounds.count == 0 && !frame.has_text && !frame.has_array &&
               !frame.has_object;
}

Result<Index> Compiler::child(const Frame& frame, Keyword keyword, Value schema) {
  return subschema(schema, {.parent = frame.self, .keyword = keyword}, frame.resource, frame.depth + 1);
}

Result<Index> Compiler::child(const Frame& frame, Keyword keyword, std::string_view token, Value schema) {
  return subschema(schema,
                   {.parent = frame.self, .keyword = keyword, .has_token = true, .token = keep(token)},
                   frame.resource, frame.depth + 1);
}

Slice Compiler::keep(std::string_view text) {
  const Slice slice{static_cast<std::uint32_t>(program_.text.size()),
                    static_cast<std::uint32_t>(text.size())};
  program_.text.append(text);
  return slice;
}

Failure Compiler::wrong(Index self, Keyword keyword, std::string_view what, std::string_view token) const {
  return fail(ErrorCode::invalid_request, location(program_, self, keyword, token) + " " + std::string(what));
}

Failure Compiler::unsupported(Index self, Keyword keyword, std::string_view what,
                              std::string_view token) const {
  return fail(ErrorCode::unsupported_schema,
              location(program_, self, keyword, token) + " " + std::string(what));
}

Failure Compiler::expected(Index self, Keyword keyword, std::string_view what, Value found) const {
  return wrong(self, keyword, std::string(what) + ", not " + std::string(json::name(found.type())));
}

}  // namespace sluice::json::schema
