#include "dialect/openai/error_facts.hpp"

#include "json/writer.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::dialect::openai {
namespace {

/// Facts are for looking at; the largest are texts that a model wrote.
constexpr std::size_t max_fact_bytes = 64 * 1024;

constexpr std::array<std::string_view, 3> plain{"failed_generation", "n_ctx", "n_prompt_tokens"};

}  // namespace

Error with_error_facts(Error error, json::Value body) {
  if (body.is_array()) body = body[0];
  const json::Value said = body["error"].is_object() ? body["error"] : body;
  std::string facts;
  json::Writer writer(facts);
  bool any = false;
  const auto add = [&](std::string_view name, json::Value value) {
    if (!value || value.raw().size() > max_fact_bytes) return;
    if (!any) writer.begin_object();
    any = true;
    writer.key(name).raw(value.raw());
  };
  for (std::string_view name : plain) add(name, said[name]);
  add("content_filter_result", said["innererror"]["content_filter_result"]);
  add("provider_name", said["metadata"]["provider_name"]);
  if (!any) return error;
  writer.end_object();
  return std::move(error).with_metadata(std::move(facts));
}

}  // namespace sluice::dialect::openai
