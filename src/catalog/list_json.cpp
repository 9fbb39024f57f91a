#include "catalog/list.hpp"
#include "json/writer.hpp"

#include <chrono>

namespace sluice::catalog {
namespace {

using json::Writer;

void write(Writer& w, std::string_view key, const std::optional<std::int64_t>& value) {
  w.key(key);
  value ? w.integer(*value) : w.null();
}

void write(Writer& w, std::string_view key, const std::optional<double>& value) {
  w.key(key);
  value ? w.number(*value) : w.null();
}

void write(Writer& w, std::string_view key, const std::optional<bool>& value) {
  w.key(key);
  value ? w.boolean(*value) : w.null();
}

void write_prices(Writer& w, const std::optional<Prices>& prices) {
  w.key("pricing");
  if (!prices) {
    w.null();
    return;
  }
  w.begin_object().key("unit").string("USD per 1M tokens");
  w.key("input").number(prices->input).key("output").number(prices->output);
  write(w, "cache_read", prices->cache_read);
  write(w, "cache_write", prices->cache_write);
  w.end_object();
}

void write_capabilities(Writer& w, const Model& model) {
  w.key("capabilities").begin_object();
  write(w, "streaming", model.streaming);
  write(w, "tools", model.tools);
  write(w, "structured_outputs", model.structured_outputs);
  w.key("prompt_caching");
  model.prompt_caching.empty() ? w.null() : w.string(model.prompt_caching);
  w.end_object();
}

void write_regions(Writer& w, Regions regions) {
  w.key("regions").begin_array();
  for (const auto& [region, word] : region_table)
    if (regions.contains(region)) w.string(word);
  w.end_array();
}

/// OpenAI's clients insist on a time. Ids that end in a date (`-20250514`) say one; 0 otherwise, for unknown.
std::int64_t created(std::string_view id) {
  using namespace std::chrono;
  if (id.size() < 9 || id[id.size() - 9] != '-') return 0;
  int digits = 0;
  for (char c : id.substr(id.size() - 8)) {
    if (c < '0' || c > '9') return 0;
    digits = digits * 10 + (c - '0');
  }
  const year_month_day date{year(digits / 10000), month(static_cast<unsigned>(digits / 100 % 100)),
                            day(static_cast<unsigned>(digits % 100))};
  return date.ok() ? duration_cast<seconds>(sys_days(date).time_since_epoch()).count() : 0;
}

void write_model(Writer& w, const Model& model) {
  w.begin_object().key("id").string(model.id).key("object").string("model");
  w.key("created").integer(created(model.id)).key("owned_by").string(model.creator);
  w.key("name").string(model.name);
  write(w, "lmarena_score", model.lmarena_score);
  write(w, "latency_per_10k_tokens", model.latency_per_10k_tokens_s);
  write(w, "context_length", model.context_window);
  write_regions(w, model.regions);
  write_prices(w, model.prices);
  write_capabilities(w, model);
  w.end_object();
}

}  // namespace

void append_model_json(const Model& model, std::string& out) {
  Writer w(out);
  write_model(w, model);
}

void append_list_json(std::span<const Model* const> models, std::string& out) {
  Writer w(out);
  w.begin_object().key("object").string("list").key("data").begin_array();
  for (const Model* model : models) write_model(w, *model);
  w.end_array().end_object();
}

}  // namespace sluice::catalog
