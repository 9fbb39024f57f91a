// Every recorded error of every provider: its message must reach the client, its status must stay true.

#include "base/text.hpp"
#include "dialect/provider_error.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

namespace sluice::dialect {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
  const char* shared = std::getenv("SLUICE_SHARED");
  return fs::path(shared ? shared : SLUICE_SOURCE_DIR "/../shared") / "data" / "corpus";
}

/// Statuses that tell a client the truth. The gateway's own key and its own choice of model are not the
/// client's fault.
std::set<int> truthful_statuses(int status, const std::string& body) {
  const bool about_key = icontains(body, "api key") || icontains(body, "api_key");
  const bool about_model = icontains(body, "model identifier is invalid") ||
                           icontains(body, "invalid model") || icontains(body, "invocation of model");
  if (status == 401 || status == 403 || (status == 400 && (about_key || about_model))) return {502, 503};
  if (status == 404) return {502, 503};
  if (status == 429) return {429};
  if (status >= 500) return {502, 503, 504};
  return {400, 413, 422};
}

TEST(ProviderErrorRecordings, KeepTheirMessageAndMeaning) {
  if (!fs::exists(corpus())) GTEST_SKIP() << "no recordings at " << corpus();
  std::size_t errors = 0;
  for (const auto& entry : fs::recursive_directory_iterator(corpus())) {
    if (entry.path().extension() != ".json") continue;
    const std::string text = golden::read(entry.path());
    json::Document document;
    const auto root = document.parse(text);
    ASSERT_TRUE(root) << entry.path();
    const json::Value response = (*root)["response"];
    const auto status = static_cast<int>(response["status"].integer().value_or(0));
    if (status < 400) continue;
    SCOPED_TRACE(entry.path().filename().string());
    ++errors;
    const json::Value parsed = response["body"];
    const std::string body = parsed.exists() ? std::string(parsed.raw()) : response["raw"].string();
    const Error error = read_provider_error({.status = status, .body = body});
    EXPECT_TRUE(truthful_statuses(status, body).contains(error.traits().http_status))
        << error.traits().http_status;
    EXPECT_FALSE(error.message().starts_with("the provider gave no reason")) << body;
    EXPECT_FALSE(error.message().starts_with('{')) << error.message();
    const std::string begin = error.message().substr(0, 20);
    EXPECT_NE(body.find(json::escape(begin)), std::string::npos) << begin;
  }
  EXPECT_GT(errors, 0U);
}

}  // namespace
}  // namespace sluice::dialect
