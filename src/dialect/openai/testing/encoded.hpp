#pragma once
// For tests: a client's request as it goes to a host.

#include "catalog/families.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <set>
#include <string>
#include <string_view>

namespace sluice::dialect::openai::sent {

inline const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

inline const HostProfile& host(std::string_view name) {
  const HostProfile* row = profile_named(name);
  EXPECT_TRUE(row) << name;
  return row ? *row : host_profiles().back();
}

/// A client's request as it goes to a host, for the model that it names.
class Encoded {
 public:
  explicit Encoded(std::string body, std::string_view host_name = "openai", const Cloud& cloud = no_cloud)
      : body_(std::move(body)) {
    const auto root = document_.parse(body_);
    EXPECT_TRUE(root) << root.error().message() << "\n" << body_;
    result_ = decode_request(*root, request_);
    EXPECT_TRUE(result_) << result_.error().message();
    const Target target{request_.model, families().capabilities(request_.model), host(host_name), cloud};
    result_ = encode_request(request_, target, out_);
    for (std::string_view piece : out_.pieces) text_ += piece;
    if (!result_) return;
    const auto sent = sent_.parse(text_);
    EXPECT_TRUE(sent) << sent.error().message() << "\n" << text_;
    expect_each_member_once(*sent);
  }

  const std::string& text() const { return text_; }
  json::Value operator[](std::string_view name) const { return sent_.root()[name]; }
  json::Value message(std::size_t at) const { return (*this)["messages"][at]; }
  bool has(std::string_view name) const { return (*this)[name].exists(); }
  const Outgoing& out() const { return out_; }
  const Result<>& result() const { return result_; }
  std::string_view body() const { return body_; }
  /// `kind param`, one a line.
  std::string changes() const {
    std::string list;
    for (const chat::Change& change : out_.changes.list())
      list.append(list.empty() ? "" : "\n").append(chat::name(change.kind)).append(" ").append(change.param);
    return list;
  }

 private:
  static void expect_each_member_once(json::Value value) {
    std::set<std::string> names;
    for (const json::Member& member : value.members()) {
      EXPECT_TRUE(names.insert(member.key.decode()).second) << member.key.escaped() << " is there twice";
      expect_each_member_once(member.value);
    }
    for (json::Value element : value.elements()) expect_each_member_once(element);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
  std::string text_;
};

/// A body with a model, one question, and more members.
inline std::string asking(std::string_view model, std::string_view members = "") {
  std::string body =
      R"({"model":")" + std::string(model) + R"(","messages":[{"role":"user","content":"Hi"}])";
  if (!members.empty()) body.append(",").append(members);
  return body + "}";
}

inline std::string with_messages(std::string_view model, std::string_view messages) {
  return R"({"model":")" + std::string(model) + R"(","messages":[)" + std::string(messages) + "]}";
}

inline constexpr std::string_view tool =
    R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])";
/// A turn with a tool call that the model thought about.
inline constexpr std::string_view thought_calls =
    R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}],"reasoning":"hm"},{"role":"tool","tool_call_id":"a","content":"y"})";

}  // namespace sluice::dialect::openai::sent
