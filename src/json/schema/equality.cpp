#include "json/schema/equality.hpp"

#include "base/hash.hpp"
#include "json/schema/decimal.hpp"

#include <algorithm>
#include <vector>

namespace sluice::json::schema {
namespace {

bool equal_arrays(Value a, Value b, Budget& budget);
bool equal_objects(Value a, Value b, Budget& budget);
std::optional<Twins> find_twins_among_few(const std::vector<Value>& elements, Budget& budget);

bool equal_texts(Text a, Text b) {
  const bool plain = !a.has_escapes() && !b.has_escapes();
  return a.escaped() == b.escaped() || (!plain && a.decode() == b.decode());
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t more) {
  hash ^= more + 0x9e3779b97f4a7c15U + (hash << 6) + (hash >> 2);
  return hash;
}

std::uint64_t hash_text(Text text) {
  std::string buffer;
  return fnv1a(text.decode(buffer));
}

/// What a look at a scalar costs beside the first step.
std::uint64_t weight(Value value) {
  return value.raw().size() / 64;
}

}  // namespace

bool equal(Value a, Value b, Budget& budget) {
  if (!budget.spend(1) || a.type() != b.type()) return false;
  switch (a.type()) {
    case Type::missing:
    case Type::null:
      return true;
    case Type::boolean:
      return a.boolean() == b.boolean();
    case Type::number:
      return budget.spend(weight(a)) && (a.raw() == b.raw() || Decimal(a.raw()) == Decimal(b.raw()));
    case Type::string:
      return budget.spend(weight(a)) && equal_texts(a.text(), b.text());
    case Type::array:
      return equal_arrays(a, b, budget);
    case Type::object:
      return equal_objects(a, b, budget);
  }
  return false;
}

std::uint64_t hash(Value value, Budget& budget) {
  if (!budget.spend(1 + (value.is_array() || value.is_object() ? 0 : weight(value)))) return 0;
  const auto type = static_cast<std::uint64_t>(value.type());
  std::uint64_t sum = 0;
  switch (value.type()) {
    case Type::missing:
    case Type::null:
      return type;
    case Type::boolean:
      return mix(type, value.raw() == "true");
    case Type::number:
      return mix(type, Decimal(value.raw()).hash());
    case Type::string:
      return mix(type, hash_text(value.text()));
    case Type::array:
      for (const Value element : value.elements()) sum = mix(sum, hash(element, budget));
      return mix(type, sum);
    case Type::object:
      for (const Member& member : value.members())
        sum += mix(hash_text(member.key), hash(member.value, budget));
      return mix(type, sum);
  }
  return type;
}

std::optional<Twins> find_twins(Value array, Budget& budget) {
  std::vector<Value> elements;
  for (const Value element : array.elements()) elements.push_back(element);
  constexpr std::size_t few = 8;
  if (elements.size() <= few) return find_twins_among_few(elements, budget);

  std::vector<std::pair<std::uint64_t, std::size_t>> hashes;
  hashes.reserve(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) hashes.emplace_back(hash(elements[i], budget), i);
  std::ranges::sort(hashes);
  std::optional<Twins> earliest;
  for (std::size_t i = 0; i < hashes.size() && !budget.exhausted(); ++i) {
    for (std::size_t j = i + 1; j < hashes.size() && hashes[j].first == hashes[i].first; ++j) {
      const Twins twins{hashes[i].second, hashes[j].second};
      if (earliest && earliest->second <= twins.second) continue;
      if (equal(elements[twins.first], elements[twins.second], budget)) earliest = twins;
    }
  }
  return budget.exhausted() ? std::nullopt : earliest;
}

namespace {

bool equal_arrays(Value a, Value b, Budget& budget) {
  auto other = b.elements().begin();
  const auto end = b.elements().end();
  for (const Value element : a.elements()) {
    if (other == end || !equal(element, *other, budget)) return false;
    ++other;
  }
  return other == end;
}

/// Members are mostly in the same order; only where they are not is the other object searched.
bool equal_objects(Value a, Value b, Budget& budget) {
  const std::size_t size = b.size();
  if (a.size() != size || !budget.spend(size)) return false;
  auto other = b.members().begin();
  for (const Member& member : a.members()) {
    const Member here = *other;
    ++other;
    if (equal_texts(member.key, here.key)) {
      if (!equal(member.value, here.value, budget)) return false;
      continue;
    }
    const Value found = budget.spend(size) ? b[member.key.decode()] : Value();
    if (!found.exists() || !equal(member.value, found, budget)) return false;
  }
  return true;
}

std::optional<Twins> find_twins_among_few(const std::vector<Value>& elements, Budget& budget) {
  for (std::size_t second = 1; second < elements.size(); ++second)
    for (std::size_t first = 0; first < second; ++first)
      if (equal(elements[first], elements[second], budget)) return Twins{first, second};
  return std::nullopt;
}

}  // namespace

}  // namespace sluice::json::schema
