#include "chat/fold.hpp"

#include <algorithm>

namespace sluice::chat {
void keep(std::vector<ExtraMember>& members, const Extra& extra) {
  const auto known = std::ranges::find(members, extra.name.escaped(), &ExtraMember::name_escaped);
  if (known == members.end()) {
    members.push_back({std::string(extra.name.escaped()), std::string(extra.json)});
    return;
  }
  const bool lists = known->json.starts_with('[') && extra.json.starts_with('[');
  if (lists && known->json.size() > 2 && extra.json.size() > 2) {
    known->json.back() = ',';
    known->json.append(extra.json.substr(1));
  } else if (!lists || known->json.size() <= 2) {
    known->json = extra.json;
  }
}

Choice& Fold::choice(std::uint32_t index) {
  if (response_.choices.size() <= index) response_.choices.resize(index + 1);
  return response_.choices[index];
}

ReasoningBlock& Fold::block(std::uint32_t index, std::int32_t detail, ReasoningBlock::Kind kind,
                            std::string_view format) {
  auto& blocks = choice(index).reasoning;
  const auto at = static_cast<std::size_t>(std::max(detail, 0));
  if (blocks.size() <= at) blocks.resize(at + 1);
  blocks[at].kind = kind;
  if (!format.empty()) blocks[at].format = format;
  return blocks[at];
}

void Fold::on(const Start& e) {
  if (response_.id_escaped.empty()) response_.id_escaped = e.id.escaped();
  if (response_.model_escaped.empty()) response_.model_escaped = e.model.escaped();
  if (response_.created == 0) response_.created = e.created;
}

void Fold::on(const TextDelta& e) {
  auto& said = choice(e.choice);
  said.text_escaped.append(e.text.escaped());
  said.has_text = true;
}

void Fold::on(const RefusalDelta& e) {
  choice(e.choice).refusal_escaped.append(e.text.escaped());
}

void Fold::on(const ReasoningDelta& e) {
  choice(e.choice).reasoning_escaped.append(e.text.escaped());
  if (e.detail < 0) return;
  const auto kind = e.summary ? ReasoningBlock::Kind::summary : ReasoningBlock::Kind::text;
  block(e.choice, e.detail, kind, e.format).text_escaped.append(e.text.escaped());
}

void Fold::on(const ReasoningSignature& e) {
  block(e.choice, e.detail, ReasoningBlock::Kind::text, e.format)
      .signature_escaped.append(e.signature.escaped());
}

void Fold::on(const ReasoningOpaque& e) {
  auto& opaque = block(e.choice, e.detail, ReasoningBlock::Kind::opaque, e.format);
  opaque.data_escaped.append(e.data.escaped());
  opaque.id_escaped = e.id.escaped();
}

void Fold::on(const ReasoningDetail& e) {
  auto& blocks = choice(e.choice).reasoning;
  blocks.push_back({.kind = ReasoningBlock::Kind::entry, .entry = std::string(e.entry.raw())});
}

void Fold::on(const ToolCallStart& e) {
  auto& calls = choice(e.choice).tool_calls;
  if (calls.size() <= e.call) calls.resize(e.call + 1);
  auto& call = calls[e.call];
  call.id_escaped = e.id.escaped();
  call.name_escaped = e.name.escaped();
  call.signature_escaped = e.signature.escaped();
  call.custom = e.custom;
}

void Fold::on(const ToolCallDelta& e) {
  auto& calls = choice(e.choice).tool_calls;
  if (calls.size() <= e.call) calls.resize(e.call + 1);
  calls[e.call].arguments_escaped.append(e.arguments.escaped());
}

void Fold::on(const Annotation& e) {
  choice(e.choice).annotations.emplace_back(e.json);
}

void Fold::on(const Image& e) {
  choice(e.choice).images.emplace_back(e.json);
}

void Fold::on(const Extra& e) {
  switch (e.place) {
    case Extra::Place::answer:
      keep(response_.extras, e);
      break;
    case Extra::Place::choice:
      keep(choice(e.choice).choice_extras, e);
      break;
    case Extra::Place::message:
      keep(choice(e.choice).message_extras, e);
      break;
  }
}

void Fold::on(const UsageUpdate& e) {
  response_.usage = e.usage;
  response_.native_usage = e.native.raw();
}

void Fold::on(const Finish& e) {
  auto& said = choice(e.choice);
  said.finish = e.reason;
  said.native_finish_escaped = e.native.escaped();
  said.stop_sequence_escaped = e.stop_sequence.escaped();
}

void Fold::on(const End&) {
  response_.ended = true;
}

}  // namespace sluice::chat
