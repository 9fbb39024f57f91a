#pragma once
// What the parts of the Responses request encoder share.

#include "dialect/dialect.hpp"
#include "dialect/history.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/message_path.hpp"
#include "dialect/repeated_change.hpp"
#include "dialect/responses/call_ids.hpp"
#include "json/writer.hpp"

#include <string>
#include <string_view>

namespace sluice::dialect::responses {

/// What a long conversation may have many of.
struct RepeatedChanges {
  using Kind = chat::Change::Kind;
  RepeatedChange cache_control{Kind::dropped, "this API caches prompts by itself"};
  RepeatedChange name{Kind::dropped, "this API has no names of participants"};
  RepeatedChange filename{Kind::dropped, "this API takes files by address or id without their names"};
  RepeatedChange role{Kind::mapped, "sent as `user`: this model takes no instructions of their own"};
  RepeatedChange media{Kind::dropped, "this API takes only text in messages of the model"};
  RepeatedChange empty{Kind::dropped, "holds nothing that can be sent to this model"};
  RepeatedChange reasoning{Kind::dropped,
                           "this provider takes back only reasoning that it has encrypted itself"};
  RepeatedChange strict{Kind::dropped, "this model cannot be held to a tool's schema"};
  RepeatedChange schema_type{Kind::repaired, "the arguments of a tool are an object"};

  void report(chat::Changes& changes) const;
};

/// Whether and how the model is to think.
struct ReasoningPlan {
  bool can_reason = false;
  bool reasons = false;
  std::string_view effort;   ///< empty: not told
  std::string_view summary;  ///< empty: not asked for
};

/// One request on its way into `out.body`.
struct Encoding {
  const chat::Request& request;
  const Target& target;
  Outgoing& out;
  json::Writer body{out.body};
  RepeatedChanges repeated;
  ReasoningPlan reasoning;
  CallIds call_ids;

  const catalog::Capabilities& model() const { return target.capabilities; }
  const HostProfile& host() const { return target.host; }
  chat::Changes& changes() const { return out.changes; }
};

/// The name under which the provider knows a tool.
std::string_view tool_name(json::Text name, Encoding& encoding);

/// unsupported_parameter: "<place>: `<model>` does not take <what>".
Failure refuse(std::string place, std::string_view what, const Encoding& encoding);

}  // namespace sluice::dialect::responses
