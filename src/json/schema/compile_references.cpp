// What references mean, once all of a schema is read.

#include "base/text.hpp"
#include "json/schema/compiler.hpp"
#include "json/schema/location.hpp"
#include "json/schema/pointer.hpp"
#include "json/schema/uri.hpp"

namespace sluice::json::schema {

/// Definitions are many, and referred to by many; so each container is searched once.
Value References::step(Value container, std::uint32_t document, const std::string& token) {
  const auto [known, added] = children_.try_emplace(key({document, container.offset()}));
  Children& children = known->second;
  if (added) {
    for (const Value element : container.elements())
      children.emplace(std::to_string(children.size()), element);
    for (const Member& member : container.members()) children.emplace(member.key.decode(), member.value);
  }
  const auto child = children.find(token);
  return child == children.end() ? Value() : child->second;
}

Result<> Compiler::resolve_references() {
  std::vector<Target> targets;
  // Documents that are loaded on the way add references of their own.
  while (targets.size() < references_.pending.size()) {
    const Reference reference = references_.pending[targets.size()];
    const std::string key = std::to_string(program_.subschemas[reference.from].resource) + " " +
                            std::string(name(reference.keyword)) + " " + reference.text;
    const auto known = references_.resolved.find(key);
    if (known != references_.resolved.end()) {
      targets.push_back(known->second);
      continue;
    }
    auto target = resolve(reference);
    if (!target) return fail(target);
    references_.resolved.emplace(key, *target);
    targets.push_back(*target);
  }

  bool dynamic = false;
  for (Rule& rule : program_.rules) {
    if (rule.keyword != Keyword::ref && rule.keyword != Keyword::dynamic_ref &&
        rule.keyword != Keyword::recursive_ref)
      continue;
    const Target& target = targets[rule.a];
    rule.a = target.subschema;
    rule.b = target.dynamic_name;
    dynamic |= target.dynamic_name != no_index;
  }
  if (!dynamic) program_.dynamic_anchors.clear();
  return refuse_cycles();
}

Result<Target> Compiler::resolve(const Reference& reference) {
  const Index from = program_.subschemas[reference.from].resource;
  const SplitUri parts = split_fragment(reference.text);
  if (parts.address.empty()) return find_in_resource(reference, from, parts.fragment);
  auto resource = find_resource(reference, resolve_uri(references_.resources[from].address, parts.address));
  if (!resource) return fail(resource);
  return find_in_resource(reference, *resource, parts.fragment);
}

Result<Index> Compiler::find_resource(const Reference& reference, const std::string& address) {
  const auto known = references_.by_address.find(address);
  return known != references_.by_address.end() ? known->second : load(reference, address);
}

Result<Index> Compiler::load(const Reference& reference, const std::string& address) {
  const auto text = options_.known ? options_.known->find(address) : find_metaschema(address);
  if (!text)
    return unsupported(
        reference.from, reference.keyword,
        "refers to a document that is not known here, and none is ever fetched; put what it needs "
        "into $defs");
  documents_.push_back(std::make_unique<Document>());
  document_ = static_cast<std::uint32_t>(documents_.size());
  auto root = documents_.back()->parse(*text);
  if (!root) return wrong(reference.from, reference.keyword, "refers to a document that is no JSON");
  const auto resource = static_cast<Index>(references_.resources.size());
  const Dialect dialect = references_.resources[program_.subschemas[reference.from].resource].dialect;
  auto compiled = compile_document(*root, address, dialect);
  if (!compiled) return fail(compiled);
  return resource;
}

Result<Target> Compiler::find_in_resource(const Reference& reference, Index resource,
                                          std::string_view fragment) {
  const std::string decoded = decode_percent(fragment);
  if (decoded.starts_with('/')) {
    auto found = follow_pointer(reference, resource, decoded);
    if (!found) return fail(found);
    return Target{*found};
  }
  const bool recursive = reference.keyword == Keyword::recursive_ref;
  const auto anchor = references_.anchors.find({resource, decoded});
  if (!decoded.empty() && anchor == references_.anchors.end())
    return wrong(reference.from, reference.keyword, "refers to an anchor that is not there");
  const bool dynamic = anchor != references_.anchors.end() && anchor->second.dynamic &&
                       (recursive || (reference.keyword == Keyword::dynamic_ref && !decoded.empty()));
  const Index name = dynamic ? dynamic_name(decoded) : no_index;
  if (decoded.empty()) return Target{references_.resources[resource].subschema, name};
  return Target{anchor->second.subschema, name};
}

/// Mostly a place that was read already; a place that no keyword makes a schema is read now.
Result<Index> Compiler::follow_pointer(const Reference& reference, Index resource, std::string_view pointer) {
  const std::uint32_t document = references_.resources[resource].document;
  Value at = references_.resources[resource].root;
  Index enclosing = references_.resources[resource].subschema;
  std::string beyond;  // the way from there
  while (!pointer.empty()) {
    const std::string token = take_token(pointer);
    at = references_.step(at, document, token);
    if (!at.exists()) return wrong(reference.from, reference.keyword, "refers to a place that is not there");
    const Index read = references_.locate(origins_, {document, at.offset()});
    if (read == no_index) {
      append_token(beyond, token);
    } else {
      enclosing = read;
      beyond.clear();
    }
  }
  if (beyond.empty()) return enclosing;
  document_ = document;
  return subschema(at, {.parent = enclosing, .has_token = true, .token = keep(beyond)},
                   program_.subschemas[enclosing].resource, 1);
}

namespace {

/// Subschemas that `self` applies to the same value.
void append_in_place(const Program& program, const Subschema& self, std::vector<Index>& out) {
  const auto add = [&](Index index) {
    if (index != no_index) out.push_back(index);
  };
  for (const Rule& rule : program.rows(program.rules, self.rules)) {
    switch (rule.keyword) {
      case Keyword::constant:
      case Keyword::enumeration:
        break;
      case Keyword::all_of:
      case Keyword::any_of:
      case Keyword::one_of:
        for (const Index child : program.rows(program.children, {rule.a, rule.b})) add(child);
        break;
      case Keyword::negation:
      case Keyword::condition:
        add(rule.a), add(rule.b), add(rule.c);
        break;
      default:
        // Where a dynamic reference leads is only known on the way; the limit of depth is for it.
        if (rule.b == no_index) add(rule.a);
    }
  }
  if (self.object == no_index) return;
  for (const Dependent& dependent : program.rows(program.dependents, program.objects[self.object].dependents))
    add(dependent.subschema);
}

}  // namespace

/// A schema that applies itself to the same value again would never end.
Result<> Compiler::refuse_cycles() {
  enum class Visit : std::uint8_t { none, open, done };
  std::vector<Visit> visits(program_.subschemas.size(), Visit::none);
  std::vector<Index> open, next;
  for (Index start = 0; start < visits.size(); ++start) {
    open.push_back(start);
    while (!open.empty()) {
      const Index self = open.back();
      if (visits[self] != Visit::none) {
        visits[self] = Visit::done;
        open.pop_back();
        continue;
      }
      visits[self] = Visit::open;
      next.clear();
      append_in_place(program_, program_.subschemas[self], next);
      for (const Index target : next) {
        if (visits[target] == Visit::open)
          return wrong(self, Keyword::none,
                       "applies itself to the same value again, by way of " + location(program_, target) +
                           ", without end");
        if (visits[target] == Visit::none) open.push_back(target);
      }
    }
  }
  return {};
}

}  // namespace sluice::json::schema
