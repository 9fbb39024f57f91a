#include "gateway/question.hpp"

#include "dialect/openai/openai.hpp"

namespace sluice::gateway {

Result<> Question::read(std::string_view body) {
  auto root = document_.parse(body);
  if (!root) return fail(root);
  return dialect::openai::decode_request(*root, request_);
}

}  // namespace sluice::gateway
