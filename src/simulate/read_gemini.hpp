#pragma once
// Reading the parts of a generateContent request, strictly.

#include "json/document.hpp"
#include "simulate/reading.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::simulate::gemini {

Complaint complain(std::string message);
/// `* GenerateContentRequest.PLACE: WHAT`, as its validator writes.
Complaint invalid_field(const std::string& place, std::string_view what);
/// A value of the wrong type, as its JSON parser writes.
Complaint invalid_value(const std::string& place, std::string_view type, json::Value value);

/// The member of that name in camelCase, or in snake_case, which Google takes as well.
json::Value get(json::Value object, std::string_view camel_case);
/// Members that the message type does not have are refused, wherever they stand. Names in camelCase.
Objection check_members(json::Value object, const std::string& place,
                        std::span<const std::string_view> known);
/// A name as Google writes it in places.
std::string snake_case(std::string_view camel_case);
/// The OpenAPI subset of `parameters` and `responseSchema`.
Objection check_schema(json::Value schema, const std::string& place);

/// What the path and the model's name say.
struct Variant {
  bool takes_ids = true;   ///< of calls; Vertex AI's v1 does not know them, its v1beta1 does
  bool gemini_3 = false;   ///< from generation 3 on: ids, and signatures that must come back
  bool gemini_25 = false;  ///< thinks, and signs calls of its own accord
};

/// What is said, whether calls and responses follow each other, and whether signatures came back unchanged.
class ContentReader {
 public:
  ContentReader(Reading& reading, Variant variant) : reading_(reading), variant_(variant) {}
  Objection read(json::Value contents);

 private:
  struct FunctionCall {
    std::string id, name;
  };
  /// What one content holds.
  struct Turn {
    std::string text;
    std::vector<FunctionCall> calls;
    std::size_t responses = 0;
    std::size_t others = 0;
    std::string unsigned_call;  ///< the first call, if it has no signature
  };

  Objection read_content(json::Value content, std::size_t index);
  Objection read_part(json::Value part, const std::string& place, Turn& turn);
  Objection read_data(json::Value part, const std::string& place);
  Objection read_signature(json::Value part, std::string_view subject);
  Objection read_call(json::Value part, const std::string& place, Turn& turn);
  Objection read_response(json::Value response, const std::string& place, Turn& turn);
  Objection check_turn(const Turn& turn, std::string_view role, std::size_t index);

  Reading& reading_;
  Variant variant_;
  std::vector<FunctionCall> open_calls_;  ///< of the content before
  bool after_user_ = false;               ///< the content before was the user's
  std::string unsigned_call_;             ///< since the user last spoke
};

/// `generationConfig`: limits, format, thinking.
class ConfigReader {
 public:
  ConfigReader(json::Value config, Variant variant, Reading& reading)
      : config_(config), variant_(variant), reading_(reading) {}
  Objection read();

 private:
  Objection check_numbers();
  Objection read_limits();
  Objection read_format();
  Objection read_thinking();
  Objection check_thinking(json::Value thinking) const;

  json::Value config_;
  Variant variant_;
  Reading& reading_;
};

}  // namespace sluice::simulate::gemini
