#include "dialect/one_text_answer.hpp"

#include <string>

namespace sluice::dialect {

Result<> expect_one_text_answer(const chat::Request& request, const Target& target) {
  const auto refuse = [&](const std::string& param, std::string_view what) {
    return fail(Error(ErrorCode::unsupported_parameter,
                      param + ": `" + std::string(target.model) + "` " + std::string(what))
                    .with_param(param));
  };
  if (request.sampling.n.value_or(1) > 1) return refuse("n", "gives one answer to a request");
  for (json::Value modality : request.other("modalities").elements())
    if (!modality.equals("text")) return refuse("modalities", "answers in text only");
  return {};
}

}  // namespace sluice::dialect
