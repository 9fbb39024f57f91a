#pragma once
// AnswerForm: what the client wants the answer to be made of: JSON, JSON of a schema, repaired if need be.
//
//   "response_format": {"type": "json_schema", "json_schema": {"name": ..., "schema": ...}}
//   "post_processing_steps": [{"type": "json-repair"}]

#include "base/result.hpp"
#include "catalog/capabilities.hpp"
#include "chat/request.hpp"
#include "json/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

/// A check of an answer takes a core's loop no longer than some twenty milliseconds, whatever the schema.
inline constexpr json::schema::CheckLimits check_limits{.max_steps = 500'000};

/// How a model is held to a response format, best first.
enum class Rung : std::uint8_t {
  native,       ///< its provider knows the format
  forced_tool,  ///< it must call a tool whose parameters are the schema
  words,        ///< it is asked to
};

/// Read once per question; immutable.
struct AnswerForm {
  using Kind = chat::ResponseFormat::Kind;

  bool repair_step = false;  ///< content and arguments of calls must be JSON, and are repaired
  Kind kind = Kind::text;
  std::optional<json::schema::Schema> schema;  ///< Kind::json_schema
  bool schema_is_of_object = false;
  /// Why the schema cannot be checked here; it is the provider's alone then.
  std::string unchecked;
  struct ToolSchema {
    std::string name;
    json::schema::Schema schema;
  };
  std::vector<ToolSchema> tools;  ///< where calls are repaired
  unsigned reasks = 1;            ///< how often an answer of another form is sent back

  bool asked_for() const { return repair_step || kind != Kind::text; }
  bool wants_object() const {
    return kind == Kind::json_object || (kind == Kind::json_schema && schema_is_of_object);
  }
  const json::schema::Schema* tool_schema(std::string_view name) const;
};

/// Fails with invalid_request for steps that do not exist, and for a schema that is none.
Result<AnswerForm> read_answer_form(const chat::Request& request);
/// How a model is held to the format of `request`.
Rung rung_of(const chat::Request& request, const catalog::Capabilities& model);

}  // namespace sluice::gateway
