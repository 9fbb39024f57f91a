#include "gateway/plan.hpp"

#include <gtest/gtest.h>

#include <memory_resource>

namespace sluice::gateway {
namespace {

constexpr std::size_t window = 1000;
constexpr std::size_t too_much = window * 128;

/// Routes to one model, whose context is `window` tokens.
Routes small_model() {
  static const catalog::Catalog known;
  std::vector<std::unique_ptr<Provider>> providers;
  providers.push_back(std::make_unique<Provider>());
  const Target target{.provider = providers[0].get(), .model = "m", .regions = {catalog::Region::us}};
  return {
      std::move(providers), {{.model = {.id = "m", .context_window = window}, .targets = {target}}}, known};
}

/// What a request with one part in one message is told.
std::optional<ErrorCode> told(chat::Part part, std::uint64_t body_bytes) {
  std::pmr::monotonic_buffer_resource arena;
  chat::Request request(&arena);
  request.model = "m";
  request.messages.emplace_back().parts.push_back(std::move(part));
  const auto planned = plan(small_model(), request, std::nullopt, body_bytes);
  return planned ? std::nullopt : std::optional(planned.error().code());
}

TEST(Plan, RefusesTextThatCannotFit) {
  const std::string text(too_much, ' ');
  EXPECT_EQ(told({.content = chat::TextPart{json::Text(text)}}, text.size()),
            ErrorCode::context_length_exceeded);
}

TEST(Plan, LeavesToTheProviderWhatMayFit) {
  const std::string text(too_much - 128, ' ');
  EXPECT_EQ(told({.content = chat::TextPart{json::Text(text)}}, 2 * too_much), std::nullopt);
}

TEST(Plan, DoesNotTakeImagesForText) {
  const std::string data(2 * too_much, 'A');
  const chat::ImagePart image{.media = {.data = json::Text(data)}};
  EXPECT_EQ(told({.content = image}, data.size()), std::nullopt);
}

TEST(Plan, CountsWhatEscapesMean) {
  std::string text;
  while (text.size() < too_much) text += "\\u0020";
  EXPECT_EQ(told({.content = chat::TextPart{json::Text(text)}}, text.size()), std::nullopt);
}

}  // namespace
}  // namespace sluice::gateway
