// A schema on the first line, a document behind it: whatever both say, compiling and checking end within
// their limits, and what is told about the document is there.

#include "fuzz/check.hpp"
#include "json/schema/explain.hpp"
#include "json/schema/pointer.hpp"
#include "json/schema/schema.hpp"

#include <algorithm>

namespace sluice::fuzz {
namespace {

using json::Document;
using json::Value;
using json::schema::CheckLimits;
using json::schema::CompileOptions;
using json::schema::Outcome;
using json::schema::Schema;
using json::schema::Verdict;
using json::schema::Violation;

constexpr CheckLimits limits{.max_steps = 200'000, .max_violations = 5};

Value follow(Value at, std::string_view pointer) {
  while (!pointer.empty() && at.exists()) {
    const std::string token = json::schema::take_token(pointer);
    const auto index = at.is_array() ? json::schema::index_of(token) : std::nullopt;
    at = index ? at[*index] : at[token];
  }
  return at;
}

void check_refusal(const Error& error) {
  check(error.code() == ErrorCode::invalid_request || error.code() == ErrorCode::unsupported_schema ||
            error.code() == ErrorCode::invalid_json,
        "the code of a refusal", error.message());
  check(error.code() == ErrorCode::invalid_json || error.message().find('#') != std::string::npos,
        "a refusal without a place", error.message());
}

void check_outcome(const Outcome& outcome, Verdict verdict, Value instance) {
  check(outcome.verdict == verdict, "check() and judge() differ");
  check(outcome.valid() == outcome.violations.empty(), "reasons for what fits, or none for what does not");
  check(outcome.violations.size() <= limits.max_violations, "more reasons than asked for");
  for (const Violation& violation : outcome.violations) {
    check(follow(instance, violation.instance_path).exists(), "the place is not in the document",
          violation.instance_path);
    check(violation.schema_path.find('#') != std::string::npos && !violation.message.empty(),
          "a reason says nothing", violation.schema_path);
  }
  const std::string text = json::schema::explain(outcome);
  check(text.size() <= 4000 && text.empty() == outcome.valid(), "the explanation", text);
  check(std::ranges::count(text, '\n') <= 6, "a line that nobody meant", text);
}

/// The verdict of a schema that is made around the given one, where that compiles too.
void check_same(const std::string& text, Value instance, Verdict expected) {
  const auto schema = Schema::compile(text);
  if (!schema) return;  // one level more may be one too many
  const Verdict verdict = schema->judge(instance, limits);
  check(verdict == expected || verdict == Verdict::gave_up,
        "a schema means something else inside another one", text);
}

void check_schema(std::string_view schema_text, Value instance, const CompileOptions& options) {
  const auto schema = Schema::compile(schema_text, options);
  if (!schema) return check_refusal(schema.error());
  const Verdict verdict = schema->judge(instance, limits);
  check_outcome(schema->check(instance, limits), verdict, instance);
  // References and dialects are seen from the top of a schema.
  if (verdict == Verdict::gave_up || options.assert_formats ||
      schema_text.find('$') != std::string_view::npos || schema_text.find('\\') != std::string_view::npos)
    return;
  const std::string inner(schema_text);
  check_same(R"({"allOf":[)" + inner + "]}", instance, verdict);
  check_same(R"({"not":)" + inner + "}", instance,
             verdict == Verdict::valid ? Verdict::invalid : Verdict::valid);
}

/// A value is equal to itself, and found among others.
void check_equality(Value instance) {
  const std::string raw(instance.raw());
  for (const std::string& text : {R"({"const":)" + raw + "}", R"({"enum":[null,"other",7,)" + raw + "]}"}) {
    const auto schema = Schema::compile(text);
    if (!schema) continue;  // too large
    check(schema->judge(instance, limits) != Verdict::invalid, "a value is not equal to itself", raw);
  }
  const std::string twice = "[" + raw + ",[1],[2],[3],[4],[5],[6],[7],[8]," + raw + "]";
  Document document;
  const auto array = document.parse(twice);
  if (!array) return;  // too deep
  static const auto unique = Schema::compile(R"({"uniqueItems":true})");
  check(unique->judge(*array, limits) != Verdict::valid, "a value that is there twice is not seen", raw);
}

/// Duplicate members make equality a matter of which one is meant.
bool repeats_members(Value value) {
  for (const Value element : value.elements())
    if (repeats_members(element)) return true;
  std::vector<std::string> names;
  for (const json::Member& member : value.members()) {
    if (repeats_members(member.value)) return true;
    names.push_back(member.key.decode());
  }
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  // Memory of exactly that size: reading one byte too far is seen.
  const std::vector<char> exact(data, data + size);
  const std::string_view text(exact.data(), exact.size());
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view schema = text.substr(0, line), body = text.substr(std::min(line + 1, text.size()));
  json::Document document;
  const auto parsed = document.parse(body);
  if (!parsed || repeats_members(*parsed)) return 0;
  check_schema(schema, *parsed, {});
  check_schema(schema, *parsed, {.draft = json::schema::Draft::draft7, .assert_formats = true});
  check_equality(*parsed);
  return 0;
}
