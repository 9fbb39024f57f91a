#pragma once
// Question: a client's request, parsed, with the memory that it lives in. Let go of once it has been
// answered.

#include "base/result.hpp"
#include "chat/request.hpp"
#include "gateway/answer_form.hpp"
#include "json/document.hpp"

#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::gateway {

class Question {
 public:
  Question() : request_(&arena_) {}

  /// Parses and checks a client's body, which must outlive the question. Fails with invalid_json (and the
  /// byte) or invalid_request (and the member).
  Result<> read(std::string_view body);
  /// The same for a body that the question keeps.
  Result<> read_own(std::string body) {
    own_ = std::move(body);
    return read(own_);
  }
  const chat::Request& request() const { return request_; }
  /// The form that the answer must have; null if any will do.
  const std::shared_ptr<const AnswerForm>& form() const { return form_; }
  std::size_t bytes() const { return document_.text().size(); }

 private:
  std::string own_;
  std::pmr::monotonic_buffer_resource arena_{2048};
  json::Document document_;
  chat::Request request_;
  std::shared_ptr<const AnswerForm> form_;
};

}  // namespace sluice::gateway
