#pragma once
// For tests: a request decoded from JSON, with everything that it views.

#include "chat/request.hpp"
#include "dialect/openai/openai.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::dialect::openai {

class Decoded {
 public:
  explicit Decoded(std::string body) : body_(std::move(body)) {
    auto parsed = document_.parse(body_);
    if (!parsed) throw std::invalid_argument(parsed.error().message());
    result_ = decode_request(*parsed, request_);
  }

  bool ok() const { return result_.has_value(); }
  const chat::Request& request() const {
    EXPECT_TRUE(ok()) << (ok() ? "" : result_.error().message());
    return request_;
  }
  const chat::Request* operator->() const { return &request(); }
  const chat::Message& message(std::size_t index) const { return request().messages.at(index); }
  template <class Part>
  const Part& part(std::size_t message_index, std::size_t index) const {
    return std::get<Part>(message(message_index).parts.at(index).content);
  }

  /// "code: message" of what is left to the provider; empty if there is nothing.
  std::string doubt() const {
    const auto& doubt = request().doubt;
    return doubt ? doubt->native_code() + ": " + doubt->message() : "";
  }
  std::string native_code() const { return ok() ? "" : result_.error().native_code(); }
  /// "param: message"; empty if the request was accepted.
  std::string complaint() const {
    return ok() ? "" : result_.error().param() + ": " + result_.error().message();
  }
  std::string param() const { return ok() ? "(accepted)" : result_.error().param(); }
  ErrorCode code() const { return ok() ? ErrorCode::internal : result_.error().code(); }

 private:
  std::string body_;
  json::Document document_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Result<> result_;
};

/// A request with these members beside a model and one user message.
inline std::string with_members(std::string_view members) {
  std::string body = R"({"model":"m","messages":[{"role":"user","content":"hi"}])";
  if (!members.empty()) body.append(",").append(members);
  return body + "}";
}

/// A request with these messages (the inside of the array).
inline std::string with_messages(std::string_view messages) {
  return std::string(R"({"model":"m","messages":[)").append(messages) + "]}";
}

/// A user message with these content parts.
inline std::string with_parts(std::string_view parts) {
  return with_messages(std::string(R"({"role":"user","content":[)").append(parts) + "]}");
}

}  // namespace sluice::dialect::openai
