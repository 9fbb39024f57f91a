#pragma once
// OpenAI's refusals in its own words.

#include "json/document.hpp"
#include "simulate/reading.hpp"

#include <string>
#include <string_view>

namespace sluice::simulate::openai {

Complaint complain(std::string message, std::string param, std::string code = {});

Complaint missing(const std::string& param);
Complaint wrong_type(const std::string& param, std::string_view wanted, json::Value got);
Complaint empty_array(const std::string& param);
Complaint array_too_long(const std::string& param, std::size_t most, std::size_t length);
Complaint string_too_long(const std::string& param, std::size_t most, std::size_t length);
/// `supported` as OpenAI lists it: `'auto' and 'none'`.
Complaint unsupported_choice(const std::string& param, std::string_view value, std::string_view supported);
Complaint unsupported_parameter(const std::string& param, std::string_view instead = {});
/// `'tools' is only allowed when ...`
Complaint only_with(const std::string& param, std::string_view condition);

/// `messages[2]`
std::string at(std::string_view place, std::size_t index);

}  // namespace sluice::simulate::openai
