#pragma once
// One message of the history on its way to a provider of the same dialect.

#include "dialect/openai/request_edit.hpp"

namespace sluice::dialect::openai {

/// Edits messages, each within a patch of the whole body or of the message alone.
class MessageEdit {
 public:
  explicit MessageEdit(RequestEdit& edit) : edit_(edit) {}

  /// `last`: nothing follows it.
  void run(const chat::Message& message, bool last, json::Patch& patch);

 private:
  void edit_role();
  void edit_members();
  void edit_reasoning();
  void keep_reasoning_text();
  void edit_calls();
  void edit_call(json::Value source, const chat::ToolCallPart& call);
  void edit_legacy_call();
  void edit_result();
  void edit_markers(json::Value place);
  void rename(json::Value name, json::Text original);
  /// Takes a member away, and reports it once for all messages unless it says nothing.
  void drop(json::Value object, std::string_view name, std::string_view why);
  void add(std::string_view name, std::string_view json);
  void replace_text(json::Value value, std::string_view escaped);
  bool has_calls() const;

  RequestEdit& edit_;
  const chat::Message* message_ = nullptr;
  json::Patch* patch_ = nullptr;
};

}  // namespace sluice::dialect::openai
