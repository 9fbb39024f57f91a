#pragma once
// What an API that gives one answer, in text, cannot be asked for.

#include "dialect/dialect.hpp"

namespace sluice::dialect {

/// Fails with unsupported_parameter if the client asks for several choices, or for an answer in sound or
/// pictures: to leave that out would answer another question.
Result<> expect_one_text_answer(const chat::Request& request, const Target& target);

}  // namespace sluice::dialect
