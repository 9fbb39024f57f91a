// What compiling and checking against a JSON Schema costs: schema [--rounds N]. Prints the median of the
// rounds.

#include "json/schema/schema.hpp"

#include "json/document.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace sluice;
using Clock = std::chrono::steady_clock;

/// A function with nested objects, a list, choices, bounds, an expression and a nullable member.
constexpr std::string_view tool_schema = R"({
  "type": "object",
  "properties": {
    "order_id": {"type": "string", "pattern": "^ORD-[0-9]{6}$", "description": "The order to change"},
    "customer": {"$ref": "#/$defs/customer"},
    "items": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {"$ref": "#/$defs/item"}},
    "priority": {"type": "string", "enum": ["low", "normal", "high", "urgent"]},
    "delivery": {"anyOf": [
      {"type": "object", "properties": {"kind": {"const": "pickup"}, "shop": {"type": "string"}},
       "required": ["kind", "shop"], "additionalProperties": false},
      {"type": "object", "properties": {"kind": {"const": "courier"}, "address": {"$ref": "#/$defs/address"}},
       "required": ["kind", "address"], "additionalProperties": false}]},
    "note": {"anyOf": [{"type": "string", "maxLength": 500}, {"type": "null"}]},
    "total": {"type": "number", "minimum": 0, "multipleOf": 0.01},
    "gift": {"type": "boolean"}
  },
  "required": ["order_id", "customer", "items", "priority", "delivery", "note", "total", "gift"],
  "additionalProperties": false,
  "$defs": {
    "customer": {"type": "object", "properties": {
       "name": {"type": "string", "minLength": 1}, "email": {"type": "string", "format": "email"},
       "address": {"$ref": "#/$defs/address"}, "tags": {"type": "array", "items": {"type": "string"}}},
      "required": ["name", "email", "address", "tags"], "additionalProperties": false},
    "address": {"type": "object", "properties": {
       "street": {"type": "string"}, "city": {"type": "string"}, "zip": {"type": "string"}, "country": {"type": "string"}},
      "required": ["street", "city", "zip", "country"], "additionalProperties": false},
    "item": {"type": "object", "properties": {
       "sku": {"type": "string"}, "name": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1},
       "price": {"type": "number", "exclusiveMinimum": 0}},
      "required": ["sku", "name", "quantity", "price"], "additionalProperties": false}
  }
})";

std::string order(std::size_t bytes) {
  std::string out =
      R"({"order_id":"ORD-004217","customer":{"name":"Ada Lovelace","email":"ada@example.com","address":)"
      R"({"street":"12 St James's Square","city":"London","zip":"SW1Y 4JH","country":"GB"},"tags":)"
      R"(["vip","newsletter"]},"priority":"high","delivery":{"kind":"courier","address":{"street":)"
      R"("Great Russell St","city":"London","zip":"WC1B 3DG","country":"GB"}},"note":null,)"
      R"("total":1299.95,"gift":false,"items":[)";
  for (int i = 0; out.size() < bytes - 80; ++i) {
    if (i > 0) out += ",";
    out += fmt::format(R"({{"sku":"SKU-{:05}","name":"Mechanical part {}","quantity":{},"price":{}.5}})", i,
                       i, i % 7 + 1, i * 3 + 1);
  }
  return out + "]}";
}

template <class Work>
double microseconds(std::size_t rounds, std::size_t times, const Work& work) {
  std::vector<double> each;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < times; ++i) work();
    each.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count() /
                   static_cast<double>(times));
  }
  std::ranges::sort(each);
  return each[each.size() / 2];
}

void report(std::string_view what, double took) {
  fmt::print("{:<48}{:>10.2f} us\n", what, took);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures the schema validator"};
  std::size_t rounds = 21;
  app.add_option("--rounds", rounds, "how often everything is measured")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  using json::schema::Schema;
  report(fmt::format("compile a tool schema of {} bytes", tool_schema.size()), microseconds(rounds, 500, [] {
           if (!Schema::compile(tool_schema)) std::abort();
         }));
  const auto schema = Schema::compile(tool_schema);
  for (const std::size_t size : {1024, 16 * 1024}) {
    const std::string text = order(size);
    json::Document document;
    const auto root = document.parse(text);
    const auto limits = json::schema::CheckLimits{};
    if (!root || (size < 4096 && !schema->check(*root, limits).valid())) {
      fmt::print(stderr, "the document does not fit: {}\n",
                 root ? schema->check(*root, limits).violations[0].message : root.error().message());
      return 1;
    }
    report(fmt::format("parse {} bytes", text.size()),
           microseconds(rounds, 2000, [&] { document.parse(text); }));
    report(fmt::format("check {} bytes", text.size()),
           microseconds(rounds, 2000, [&] { static_cast<void>(schema->check(*root, limits)); }));
  }
  return 0;
}
