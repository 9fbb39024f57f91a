#include "dialect/gemini/partial_arguments.hpp"

#include "json/writer.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::dialect::gemini {

PartialArguments::PartialArguments(json::Value whole) {
  root_.kind = Node::Kind::object;
  if (whole.is_object()) copy(whole, root_, 0);
}

Result<> PartialArguments::add(json::Value piece) {
  const std::string path = piece["jsonPath"].string();
  const auto refuse = [&] {
    return fail(ErrorCode::upstream_protocol,
                "the provider streamed an argument to a place that cannot be: " +
                    json::escape(std::string_view(path).substr(0, 200)));
  };
  if (!parse_path(path, steps_)) return refuse();
  Node* node = &root_;
  for (const Step& step : steps_) {
    node = follow(*node, step);
    if (!node) return refuse();
  }
  set(*node, piece);
  return {};
}

void PartialArguments::append_to(std::string& out) const {
  write(root_, out);
}

/// JSONPath as Gemini writes it: `$.name[0]['other name']`.
bool PartialArguments::parse_path(std::string_view path, std::vector<Step>& steps) {
  steps.clear();
  if (!path.starts_with('$')) return false;
  path.remove_prefix(1);
  while (!path.empty()) {
    Step& step = steps.emplace_back();
    if (path.starts_with('.')) {
      const std::size_t end = std::min(path.find_first_of(".[", 1), path.size());
      json::append_escaped(step.key_escaped, path.substr(1, end - 1));
      path.remove_prefix(end);
      continue;
    }
    if (path.size() < 3 || path[0] != '[') return false;
    std::size_t close = path.find(']');
    if (path[1] == '\'' || path[1] == '"') {
      const std::size_t quote = path.find(path[1], 2);
      if (quote == std::string_view::npos) return false;
      json::append_escaped(step.key_escaped, path.substr(2, quote - 2));
      close = quote + 1;
      if (close >= path.size() || path[close] != ']') return false;
    } else {
      if (close == std::string_view::npos) return false;
      step.is_index = true;
      const auto [end, error] = std::from_chars(path.data() + 1, path.data() + close, step.index);
      if (error != std::errc() || end != path.data() + close) return false;
    }
    path.remove_prefix(close + 1);
  }
  return !steps.empty() && steps.size() <= max_depth;
}

PartialArguments::Node* PartialArguments::follow(Node& node, const Step& step) {
  const Node::Kind wanted = step.is_index ? Node::Kind::array : Node::Kind::object;
  if (node.kind == Node::Kind::null) node.kind = wanted;
  if (node.kind != wanted) return nullptr;
  auto& children = node.children;
  if (step.is_index) {
    if (step.index >= max_values) return nullptr;
    if (step.index >= children.size()) {
      values_ += step.index + 1 - children.size();
      if (values_ > max_values) return nullptr;
      children.resize(step.index + 1);
    }
    return &children[step.index];
  }
  // Pieces come in order, so the member meant is most likely the last one.
  const auto known = std::find_if(children.rbegin(), children.rend(),
                                  [&](const Node& child) { return child.key_escaped == step.key_escaped; });
  if (known != children.rend()) return &*known;
  if (++values_ > max_values) return nullptr;
  children.push_back({.key_escaped = step.key_escaped});
  return &children.back();
}

void PartialArguments::copy(json::Value value, Node& node, std::size_t depth) {
  if (depth >= max_depth || !(value.is_object() || value.is_array())) {
    node.kind = value.is_string() ? Node::Kind::string : Node::Kind::raw;
    node.text = value.is_string() ? value.text().escaped() : value.raw();
    return;
  }
  node.kind = value.is_object() ? Node::Kind::object : Node::Kind::array;
  for (const json::Member& member : value.members()) {
    Node& child = node.children.emplace_back();
    json::append_escaped(child.key_escaped, member.key.decode());
    copy(member.value, child, depth + 1);
  }
  for (json::Value element : value.elements()) copy(element, node.children.emplace_back(), depth + 1);
}

void PartialArguments::set(Node& node, json::Value piece) {
  if (const json::Value text = piece["stringValue"]; text.is_string()) {
    if (node.kind != Node::Kind::string) node = {Node::Kind::string, std::move(node.key_escaped)};
    node.text.append(text.text().escaped());
    return;
  }
  for (const std::string_view member : {"numberValue", "boolValue"}) {
    const json::Value value = piece[member];
    if (!value) continue;
    node = {Node::Kind::raw, std::move(node.key_escaped), std::string(value.raw())};
    return;
  }
  node = {Node::Kind::null, std::move(node.key_escaped)};
}

void PartialArguments::write(const Node& node, std::string& out) {
  json::Writer writer(out);
  switch (node.kind) {
    case Node::Kind::null:
      writer.null();
      return;
    case Node::Kind::raw:
      writer.raw(node.text);
      return;
    case Node::Kind::string:
      writer.text(json::Text(node.text));
      return;
    case Node::Kind::object:
      writer.begin_object();
      for (const Node& child : node.children) {
        writer.key(json::Text(child.key_escaped));
        write(child, out);
      }
      writer.end_object();
      return;
    case Node::Kind::array:
      writer.begin_array();
      for (const Node& child : node.children) write(child, out);
      writer.end_array();
  }
}

}  // namespace sluice::dialect::gemini
