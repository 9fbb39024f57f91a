#include "simulate/pretty_json.hpp"

namespace sluice::simulate {
namespace {

/// Writes a value; `line_break` is what stands between tokens that end a line, given how deep they are.
class JsonPrinter {
 public:
  JsonPrinter(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void print(json::Value value, std::size_t depth) {
    if (value.is_object() && value.size() > 0) {
      std::size_t count = 0;
      for (const json::Member& member : value.members()) {
        begin_item(count++, '{', depth);
        out_.append("\"").append(member.key.escaped()).append(pretty_ ? "\": " : "\":");
        print(member.value, depth + 1);
      }
      end(depth, '}');
    } else if (value.is_array() && value.size() > 0) {
      std::size_t count = 0;
      for (json::Value element : value.elements()) {
        begin_item(count++, '[', depth);
        print(element, depth + 1);
      }
      end(depth, ']');
    } else {
      out_.append(value.is_object() ? "{}" : value.is_array() ? "[]" : value.raw());
    }
  }

 private:
  void break_line(std::size_t depth) {
    if (pretty_) out_.append("\n").append(depth * 2, ' ');
  }
  void begin_item(std::size_t number, char bracket, std::size_t depth) {
    out_.push_back(number == 0 ? bracket : ',');
    break_line(depth + 1);
  }
  void end(std::size_t depth, char bracket) {
    break_line(depth);
    out_.push_back(bracket);
  }

  std::string& out_;
  bool pretty_;
};

}  // namespace

std::string pretty_json(std::string_view json) {
  json::Document document;
  const auto value = document.parse(json);
  if (!value) return std::string(json);
  std::string out;
  JsonPrinter(out, true).print(*value, 0);
  return out;
}

std::string compact_json(json::Value value) {
  std::string out;
  JsonPrinter(out, false).print(value, 0);
  return out;
}

}  // namespace sluice::simulate
