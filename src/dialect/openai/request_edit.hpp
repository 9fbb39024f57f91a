#pragma once
// The client's body on its way to a provider of the same dialect: edits of single members, nothing rewritten.

#include "chat/change.hpp"
#include "chat/request.hpp"
#include "dialect/dialect.hpp"
#include "dialect/host_profile.hpp"
#include "json/patch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::openai {

/// Collects edits of the body's own members. Each member is settled by one of the stages that share it; the
/// first one to edit it has the last word. Names of members are literals or stand in the client's body.
class RequestEdit {
 public:
  RequestEdit(const chat::Request& request, const Target& target, Outgoing& out)
      : request(request),
        target(target),
        changes(out.changes),
        renamed_tools(out.renamed_tools),
        patch(request.source) {
    settled_.reserve(32);
  }
  RequestEdit(const RequestEdit&) = delete;
  RequestEdit& operator=(const RequestEdit&) = delete;

  const chat::Request& request;
  const Target& target;
  chat::Changes& changes;
  RenamedTools& renamed_tools;
  json::Patch patch;
  bool reasons = false;  ///< the model will think; known once the effort is settled

  const catalog::Capabilities& model() const { return target.capabilities; }
  const HostProfile& host() const { return target.host; }
  json::Value member(std::string_view name) const { return request.source[name]; }

  /// Gives a member another value, or adds it.
  void set(std::string_view name, std::string_view json);
  /// Leaves a member as it is, whatever later stages want.
  void keep(std::string_view name) { settled_.push_back(name); }
  /// Takes a member away that means nothing to the provider.
  void discard(std::string_view name);
  /// Takes a member away that the client may miss, and reports it unless it is null.
  void drop(std::string_view name, std::string_view why);
  bool is_settled(std::string_view name) const;
  /// Reports something once that may occur in many places.
  void report_once(chat::Change::Kind kind, std::string param, std::string_view key, std::string_view why);

 private:
  std::vector<std::string_view> settled_;
  std::vector<std::string> reported_;
};

/// The stages, one file each. Limits and sampling come behind the effort, on which they depend.
void edit_answer_format(RequestEdit& edit, std::string& instruction);
void edit_effort(RequestEdit& edit);
Result<> edit_sampling(RequestEdit& edit);
void edit_tools(RequestEdit& edit);
/// `instruction`, if not empty, becomes a system message before the others.
void edit_messages(RequestEdit& edit, std::string_view instruction);

}  // namespace sluice::dialect::openai
