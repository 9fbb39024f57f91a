#include "simulate/openai_complaints.hpp"

#include "simulate/openai.hpp"

#include <algorithm>
#include <array>

namespace sluice::simulate::openai {

Complaint complain(std::string message, std::string param, std::string code) {
  return {400, "invalid_request_error", std::move(message), std::move(param), std::move(code)};
}

Complaint missing(const std::string& param) {
  return complain("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
}

Complaint wrong_type(const std::string& param, std::string_view wanted, json::Value got) {
  return complain("Invalid type for '" + param + "': expected " + std::string(wanted) + ", but got " +
                      std::string(json::name(got.type())) + " instead.",
                  param, "invalid_type");
}

Complaint empty_array(const std::string& param) {
  return complain(
      "Invalid '" + param +
          "': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      param, "empty_array");
}

Complaint array_too_long(const std::string& param, std::size_t most, std::size_t length) {
  return complain("Invalid '" + param + "': array too long. Expected an array with maximum length " +
                      std::to_string(most) + ", but got an array with length " + std::to_string(length) +
                      " instead.",
                  param, "array_above_max_length");
}

Complaint string_too_long(const std::string& param, std::size_t most, std::size_t length) {
  return complain("Invalid '" + param + "': string too long. Expected a string with maximum length " +
                      std::to_string(most) + ", but got a string with length " + std::to_string(length) +
                      " instead.",
                  param, "string_above_max_length");
}

Complaint unsupported_choice(const std::string& param, std::string_view value, std::string_view supported) {
  return complain(
      "Invalid value: '" + std::string(value) + "'. Supported values are: " + std::string(supported) + ".",
      param, "invalid_value");
}

Complaint unsupported_parameter(const std::string& param, std::string_view instead) {
  std::string message = "Unsupported parameter: '" + param + "' is not supported with this model.";
  if (!instead.empty()) message += " Use '" + std::string(instead) + "' instead.";
  return complain(std::move(message), param, "unsupported_parameter");
}

Complaint only_with(const std::string& param, std::string_view condition) {
  return complain("Invalid value for '" + param + "': '" + param + "' is only allowed when " +
                      std::string(condition) + ".",
                  param);
}

std::string at(std::string_view place, std::size_t index) {
  return std::string(place) + "[" + std::to_string(index) + "]";
}

Complaint failure(int status) {
  struct Row {
    int status;
    std::string_view type, code, message;
  };
  constexpr std::array rows{
      Row{400, "invalid_request_error", "", "Invalid request. (simulated)"},
      Row{401, "invalid_request_error", "invalid_api_key",
          "Incorrect API key provided: sk-****. You can find your API key at "
          "https://platform.openai.com/account/api-keys."},
      Row{403, "invalid_request_error", "unsupported_country_region_territory",
          "Country, region, or territory not supported"},
      Row{404, "invalid_request_error", "model_not_found",
          "The model does not exist or you do not have access to it."},
      Row{413, "invalid_request_error", "", "Request body too large."},
      Row{429, "requests", "rate_limit_exceeded",
          "Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again "
          "shortly."},
      Row{500, "server_error", "",
          "The server had an error while processing your request. Sorry about that!"},
      Row{502, "server_error", "", "Bad gateway."},
      Row{503, "server_error", "", "The engine is currently overloaded, please try again later"},
      Row{504, "server_error", "", "The request timed out."},
  };
  const auto* row = std::ranges::find(rows, status, &Row::status);
  if (row == rows.end()) row = status < 500 ? rows.data() : std::ranges::find(rows, 500, &Row::status);
  return {status, std::string(row->type), std::string(row->message), "", std::string(row->code)};
}

}  // namespace sluice::simulate::openai
