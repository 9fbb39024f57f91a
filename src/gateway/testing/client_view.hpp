#pragma once
// For tests: what a client of the gateway sees in a reply.

#include "gateway/testing/gateway_fixture.hpp"
#include "json/document.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace sluice::gateway::testing {

/// JSON that lives as long as its text.
class Parsed {
 public:
  explicit Parsed(std::string text) : text_(std::move(text)) {
    auto root = document_.parse(text_);
    EXPECT_TRUE(root) << text_;
    if (root) root_ = *root;
  }
  json::Value operator[](std::string_view name) const { return root_[name]; }

 private:
  std::string text_;
  json::Document document_;
  json::Value root_;
};

/// The value of a field; empty if it is not there.
std::string field(const Reply& reply, const std::string& name);
/// The text of a stream's chunks; holds every chunk to the request's id.
std::string streamed_text(const Reply& reply);
/// Holds a failure to what every one must have, and must not.
void expect_envelope(const Reply& reply, int status);

}  // namespace sluice::gateway::testing
