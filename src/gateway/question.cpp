#include "gateway/question.hpp"

#include "dialect/openai/openai.hpp"

namespace sluice::gateway {

Result<> Question::read(std::string_view body) {
  auto root = document_.parse(body);
  if (!root) return fail(root);
  if (auto decoded = dialect::openai::decode_request(*root, request_); !decoded) return decoded;
  auto form = read_answer_form(request_);
  if (!form) return fail(form);
  if (form->asked_for()) form_ = std::make_shared<const AnswerForm>(std::move(*form));
  return {};
}

}  // namespace sluice::gateway
