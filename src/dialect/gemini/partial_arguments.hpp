#pragma once
// Arguments of a call that come piece by piece: `partialArgs: [{jsonPath, stringValue|numberValue|...,
// willContinue}]`. Rules: docs.cloud.google.com, "Stream function call arguments".

#include "base/result.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::dialect::gemini {

/// Puts pieces where their paths say; strings of one path are joined. Memory is bounded by limits on depth
/// and on the number of values, and by the text that came in.
class PartialArguments {
 public:
  static constexpr std::size_t max_depth = 64;
  static constexpr std::size_t max_values = 16384;

  /// Starts with the arguments given at once: an object, else nothing. Values deeper than max_depth are
  /// refused later, when a path leads into them.
  explicit PartialArguments(json::Value whole = {});

  /// Adds one entry of `partialArgs`. Fails with upstream_protocol on a path that cannot be followed.
  Result<> add(json::Value piece);

  /// Appends the object as compact JSON.
  void append_to(std::string& out) const;

 private:
  struct Node {
    enum class Kind : std::uint8_t { null, raw, string, object, array };
    Kind kind = Kind::null;
    std::string key_escaped;  ///< of an object's member
    std::string text;         ///< Kind::raw: JSON; Kind::string: escaped
    std::vector<Node> children;
  };
  struct Step {
    bool is_index = false;
    std::size_t index = 0;
    std::string key_escaped;
  };

  static bool parse_path(std::string_view path, std::vector<Step>& steps);
  static void write(const Node& node, std::string& out);
  Node* follow(Node& node, const Step& step);
  void copy(json::Value value, Node& node, std::size_t depth);
  void set(Node& node, json::Value piece);

  Node root_;
  std::size_t values_ = 0;
  std::vector<Step> steps_;
};

}  // namespace sluice::dialect::gemini
