#include "catalog/data_entry.hpp"
#include "catalog/embedded.hpp"
#include "catalog/families.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace sluice::catalog {
namespace {

constexpr std::array<std::string_view, 4> sampling_words{"accepted", "temperature_or_top_p",
                                                         "rejected_while_reasoning", "rejected"};
constexpr std::array<std::string_view, 6> thinking_words{
    "none", "openai_effort", "claude_budget", "claude_adaptive", "gemini_budget", "gemini_level"};
constexpr std::array<std::string_view, 4> responses_words{"unneeded", "better_with_tools",
                                                          "needed_with_tools", "needed"};
constexpr std::array<std::string_view, 7> effort_words{"none", "minimal", "low", "medium",
                                                       "high", "xhigh",   "max"};

constexpr std::array<std::pair<std::string_view, bool Capabilities::*>, 19> flags{
    {{"thinks_by_default", &Capabilities::thinks_by_default},
     {"thinking_can_be_disabled", &Capabilities::thinking_can_be_disabled},
     {"json_object", &Capabilities::json_object},
     {"json_schema", &Capabilities::json_schema},
     {"json_schema_with_tools", &Capabilities::json_schema_with_tools},
     {"strict_tools", &Capabilities::strict_tools},
     {"forced_tool_choice", &Capabilities::forced_tool_choice},
     {"forced_tool_choice_while_thinking", &Capabilities::forced_tool_choice_while_thinking},
     {"prefill", &Capabilities::prefill},
     {"stop", &Capabilities::stop},
     {"max_completion_tokens", &Capabilities::max_completion_tokens},
     {"developer_role", &Capabilities::developer_role},
     {"system_role", &Capabilities::system_role},
     {"images", &Capabilities::images},
     {"pdf", &Capabilities::pdf},
     {"audio", &Capabilities::audio},
     {"media_in_tool_results", &Capabilities::media_in_tool_results},
     {"signatures_required", &Capabilities::signatures_required},
     {"multiple_choices", &Capabilities::multiple_choices}}};

constexpr std::array<std::string_view, 3> beside_words{"anything", "no_documents", "nothing"};
constexpr std::array<std::string_view, 3> cache_words{"none", "messages", "all"};
constexpr std::array<std::string_view, 3> converse_efforts{"reasoning_effort", "reasoning_config",
                                                           "reasoningConfig"};
constexpr std::array<std::pair<std::string_view, bool ConverseRules::*>, 5> converse_flags{
    {{"result_status", &ConverseRules::result_status},
     {"json_results", &ConverseRules::json_results},
     {"short_call_ids", &ConverseRules::short_call_ids},
     {"named_tool_choice", &ConverseRules::named_tool_choice},
     {"claude_members", &ConverseRules::claude_members}}};

/// Reads an enum whose enumerators are in the order of `words`.
template <class Enum, std::size_t N>
void read_enum(DataEntry& entry, std::string_view field, const std::array<std::string_view, N>& words,
               Enum& out) {
  const std::string word = entry.word(field, words);
  const auto* found = std::ranges::find(words, word);
  if (found != words.end()) out = static_cast<Enum>(found - words.begin());
}

void read_efforts(DataEntry& entry, Capabilities& out) {
  if (!entry.has("efforts")) {
    entry.member("efforts");
    return;
  }
  out.efforts = entry.texts("efforts");
  const auto* previous = effort_words.begin();
  for (const std::string& effort : out.efforts) {
    const auto* found = std::find(previous, effort_words.end(), effort);
    if (found == effort_words.end())
      return entry.fail_at("efforts",
                           "must be words of none, minimal, low, medium, high, xhigh, max, in that order");
    previous = found + 1;
  }
}

void read_converse(DataEntry& entry, ConverseRules& out) {
  if (!entry.has("converse")) {
    entry.member("converse");
    return;
  }
  DataEntry rules(entry.member("converse"), entry.place() + ".converse");
  if (rules.has("top_k")) out.top_k = rules.text("top_k");
  if (const std::string effort = rules.word("effort", converse_efforts); !effort.empty()) out.effort = effort;
  read_enum(rules, "beside_results", beside_words, out.beside_results);
  read_enum(rules, "cache_points", cache_words, out.cache_points);
  for (const auto& [field, member] : converse_flags)
    if (const auto value = rules.flag(field)) out.*member = *value;
  if (const auto read = rules.finish(); !read) entry.fail_at("converse", read.error().message());
}

void read_capabilities(DataEntry& entry, Capabilities& out) {
  read_converse(entry, out.converse);
  if (const auto tokens = entry.count("max_output_tokens")) out.max_output_tokens = tokens;
  read_enum(entry, "sampling", sampling_words, out.sampling);
  read_enum(entry, "thinking", thinking_words, out.thinking);
  read_enum(entry, "responses_api", responses_words, out.responses_api);
  if (const auto limit = entry.amount("max_temperature")) out.max_temperature = *limit;
  read_efforts(entry, out);
  if (const auto budget = entry.count("min_thinking_budget")) out.min_thinking_budget = *budget;
  if (const auto budget = entry.count("max_thinking_budget")) out.max_thinking_budget = *budget;
  if (out.min_thinking_budget > out.max_thinking_budget)
    entry.fail_at("min_thinking_budget", "must not exceed max_thinking_budget");
  for (const auto& [field, member] : flags)
    if (const auto value = entry.flag(field)) out.*member = *value;
}

class Loader {
 public:
  Result<> add(json::Value object) {
    DataEntry entry(object, fmt::format("families[{}]", rows_.size()));
    Families::Row row;
    const std::string family = entry.text("family");
    entry.call(family);
    inherit(entry, row.capabilities);
    row.capabilities.family = family;
    row.patterns = entry.texts("match");
    if (row.patterns.empty()) entry.fail_at("match", "must be a list of at least one text");
    check_patterns(entry, row.patterns);
    read_capabilities(entry, row.capabilities);
    if (!by_name_.emplace(family, rows_.size()).second) entry.fail_at("family", "is there twice");
    if (auto checked = entry.finish(); !checked) return fail(checked);
    rows_.push_back(std::move(row));
    return {};
  }

  Result<Families> finish() {
    if (!patterns_.contains("")) return fail(ErrorCode::internal, "families: none matches every name (\"\")");
    return Families(std::move(rows_));
  }

 private:
  /// Starts from another row, so that a new version says only what is new.
  void inherit(DataEntry& entry, Capabilities& out) {
    const std::string elder = entry.member("like").string();
    if (elder.empty()) return;
    const auto found = by_name_.find(elder);
    if (found == by_name_.end()) return entry.fail_at("like", "must name a row above this one");
    out = rows_[found->second].capabilities;
  }

  void check_patterns(DataEntry& entry, const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns)
      if (!patterns_.emplace(pattern, rows_.size()).second)
        entry.fail_at("match", fmt::format("\"{}\" is in {} too", pattern, owner(pattern)));
  }

  std::string owner(const std::string& pattern) const {
    const std::size_t index = patterns_.at(pattern);
    return index < rows_.size() ? rows_[index].capabilities.family : "this row";
  }

  std::vector<Families::Row> rows_;
  std::map<std::string, std::size_t> by_name_;
  std::map<std::string, std::size_t> patterns_;
};

}  // namespace

Result<Families> load_families(std::string_view json) {
  json::Document document;
  const auto root = document.parse(json);
  if (!root) return fail(Error(ErrorCode::internal, root.error().message()).within("families"));
  if (!root->is_array()) return fail(ErrorCode::internal, "families: must be a list");

  Loader loader;
  for (json::Value object : root->elements())
    if (auto added = loader.add(object); !added) return fail(added);
  return loader.finish();
}

Result<Families> built_in_families() {
  return load_families(embedded_families);
}

}  // namespace sluice::catalog
