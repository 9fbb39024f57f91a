#include "catalog/families.hpp"
#include "dialect/gemini/gemini.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"
#include "tests/golden.hpp"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

namespace sluice::dialect::gemini {
namespace {

const golden::fs::path requests = SLUICE_SOURCE_DIR "/src/dialect/testdata/requests";

const catalog::Families& families() {
  static const auto loaded = catalog::built_in_families();
  return *loaded;
}

/// A client's request, encoded for the Gemini model that it names, else for a usual one.
class Encoded {
 public:
  explicit Encoded(std::string body) : body_(std::move(body)) { encode(nullptr); }
  Encoded(std::string body, const catalog::Capabilities& model) : body_(std::move(body)) { encode(&model); }

  const Outgoing& out() const { return out_; }
  const Result<>& result() const { return result_; }
  /// `kind param`, for each change, as JSON.
  std::string changes() const {
    std::string list;
    json::Writer json(list);
    json.begin_array();
    for (const chat::Change& change : out_.changes.list())
      json.string(std::string(chat::name(change.kind)) + " " + change.param);
    json.end_array();
    return list;
  }
  /// The provider's body, read.
  json::Value sent() {
    const auto root = sent_.parse(out_.body);
    EXPECT_TRUE(root) << out_.body;
    return root ? *root : json::Value();
  }

 private:
  void encode(const catalog::Capabilities* capabilities) {
    const auto root = document_.parse(body_);
    ASSERT_TRUE(root) << root.error().message();
    result_ = openai::decode_request(*root, request_);
    ASSERT_TRUE(result_) << result_.error().message();
    const HostProfile host{};
    const std::string model = request_.model.starts_with("gemini") ? request_.model : "gemini-2.5-flash";
    const Target target{model, capabilities ? *capabilities : families().capabilities(model), host};
    result_ = encode_request(request_, target, out_);
  }

  std::string body_;
  json::Document document_, sent_;
  std::pmr::monotonic_buffer_resource arena_;
  chat::Request request_{&arena_};
  Outgoing out_;
  Result<> result_;
};

class EncodeGeminiRequest : public testing::TestWithParam<std::string> {};

TEST_P(EncodeGeminiRequest, MatchesGolden) {
  Encoded encoded(golden::read(requests / (GetParam() + ".json")));
  ASSERT_TRUE(encoded.result()) << encoded.result().error().message();
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".gemini.json"), encoded.out().body));
  EXPECT_TRUE(golden::matches(requests / (GetParam() + ".gemini.changes.json"), encoded.changes()));
}

INSTANTIATE_TEST_SUITE_P(Gemini, EncodeGeminiRequest, testing::ValuesIn(golden::cases(requests, "gemini")),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace sluice::dialect::gemini
