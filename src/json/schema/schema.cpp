#include "json/schema/schema.hpp"

#include "json/schema/compiler.hpp"
#include "json/schema/shorten_references.hpp"
#include "json/schema/validator.hpp"

namespace sluice::json::schema {

Result<Schema> Schema::compile(Value schema, const CompileOptions& options) {
  auto program = std::make_shared<Program>();
  auto compiled = Compiler(options, *program).compile(schema);
  if (!compiled) return fail(compiled);
  shorten_references(*program);
  return Schema(std::move(program));
}

Result<Schema> Schema::compile(std::string_view text, const CompileOptions& options) {
  Document document;
  auto schema = document.parse(text);
  if (!schema) return fail(schema);
  return compile(*schema, options);
}

Verdict Schema::judge(Value instance, const CheckLimits& limits) const {
  return Validator(*program_, limits, nullptr).run(instance);
}

Outcome Schema::check(Value instance, const CheckLimits& limits) const {
  Outcome outcome{.verdict = judge(instance, limits)};
  if (outcome.verdict == Verdict::valid) return outcome;
  if (outcome.verdict == Verdict::invalid) {
    Findings findings(*program_, instance, limits.max_violations);
    Validator(*program_, limits, &findings).run(instance);
    outcome.has_more = findings.full();
    outcome.violations = findings.violations();
  }
  if (outcome.violations.empty())
    outcome.violations.push_back({"", "", "#",
                                  outcome.verdict == Verdict::invalid
                                      ? "does not fit the schema, in more ways than could be looked into"
                                      : "is too large or too deep to be checked against this schema"});
  return outcome;
}

}  // namespace sluice::json::schema
