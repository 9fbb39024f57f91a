#include "dialect/openai/decode_reasoning.hpp"

#include <array>
#include <string>

namespace sluice::dialect::openai {
namespace {

using chat::ReasoningPart;
using Kind = ReasoningPart::Kind;

constexpr json::Text anthropic_format{"anthropic-claude-v1"};

struct EntryType {
  std::string_view name;
  Kind kind;
  std::string_view text_member;
};
constexpr std::array entry_types{
    EntryType{"reasoning.text", Kind::text, "text"},
    EntryType{"reasoning.summary", Kind::summary, "summary"},
    EntryType{"reasoning.encrypted", Kind::encrypted, "data"},
};

/// A `reasoning_details` entry; nothing if its type is not known (newer than this table).
std::optional<ReasoningPart> detail(json::Value entry) {
  for (const EntryType& row : entry_types) {
    if (!entry["type"].equals(row.name)) continue;
    ReasoningPart part{.kind = row.kind, .id = entry["id"].text(), .format = entry["format"].text()};
    (row.kind == Kind::encrypted ? part.data : part.text) = entry[row.text_member].text();
    if (row.kind == Kind::text) part.signature = entry["signature"].text();
    return part;
  }
  return std::nullopt;
}

/// A LiteLLM `thinking_blocks` entry; these are Anthropic's own blocks.
std::optional<ReasoningPart> thinking_block(json::Value block) {
  if (block["type"].equals("redacted_thinking"))
    return ReasoningPart{.kind = Kind::encrypted, .data = block["data"].text(), .format = anthropic_format};
  if (!block["thinking"].is_string()) return std::nullopt;
  return ReasoningPart{
      .text = block["thinking"].text(), .signature = block["signature"].text(), .format = anthropic_format};
}

bool is_void(const ReasoningPart& part) {
  return part.text.empty() && part.data.empty() && part.signature.empty();
}

void add(ReasoningPart part, std::pmr::vector<chat::Part>& parts) {
  if (!is_void(part)) parts.push_back({part, {}});
}

/// Collects the fragments of one block; they share an `index` and follow each other.
class Joiner {
 public:
  Joiner(chat::Request& request, std::pmr::vector<chat::Part>& parts) : request_(request), parts_(parts) {}

  void add_entry(const ReasoningPart& part, std::optional<std::int64_t> index) {
    const bool same_block =
        open_ && index && index == index_ && part.kind == part_.kind && part.kind != Kind::encrypted;
    if (!same_block) {
      close();
      part_ = part;
      index_ = index;
      open_ = true;
      return;
    }
    if (joined_.empty()) joined_ = part_.text.escaped();
    joined_.append(part.text.escaped());
    if (!part.signature.empty()) part_.signature = part.signature;
    if (part_.id.empty()) part_.id = part.id;
    if (part_.format.empty()) part_.format = part.format;
  }

  void close() {
    if (!open_) return;
    if (!joined_.empty()) part_.text = json::Text(request_.keep(joined_));
    add(part_, parts_);
    joined_.clear();
    open_ = false;
  }

 private:
  chat::Request& request_;
  std::pmr::vector<chat::Part>& parts_;
  ReasoningPart part_;
  std::optional<std::int64_t> index_;
  std::string joined_;
  bool open_ = false;
};

Result<> must_be_list(json::Value value, const Place& at) {
  if (value && !value.is_array()) return refuse_type(at, value, "an array");
  return {};
}

}  // namespace

Result<> decode_reasoning(json::Value message, const Place& at, chat::Request& request,
                          std::pmr::vector<chat::Part>& parts) {
  const std::size_t before = parts.size();
  const json::Value details = message["reasoning_details"];
  if (auto list = must_be_list(details, at.member("reasoning_details")); !list) return fail(list);
  Joiner joiner(request, parts);
  for (json::Value entry : details.elements())
    if (const auto part = detail(entry)) joiner.add_entry(*part, entry["index"].integer());
  joiner.close();
  if (parts.size() > before) return {};

  const json::Value blocks = message["thinking_blocks"];
  if (auto list = must_be_list(blocks, at.member("thinking_blocks")); !list) return fail(list);
  for (json::Value block : blocks.elements())
    if (const auto part = thinking_block(block)) add(*part, parts);
  if (parts.size() > before) return {};

  for (std::string_view name : {"reasoning_content", "reasoning", "thinking"}) {
    const json::Value plain = message[name];
    if (!plain.is_string() || plain.text().empty()) continue;
    add({.text = plain.text()}, parts);
    return {};
  }
  return {};
}

}  // namespace sluice::dialect::openai
