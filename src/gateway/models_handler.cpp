#include "base/text.hpp"
#include "catalog/list.hpp"
#include "gateway/endpoints.hpp"
#include "gateway/query.hpp"

#include <optional>

namespace sluice::gateway {
namespace {

std::string one_of(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out.append(i == 0 ? "" : i + 1 < words.size() ? ", " : " or ").append(words[i]);
  return out;
}

Result<std::optional<catalog::Order>> asked_order(std::string_view query) {
  const auto sort = query_value(query, "sort");
  if (!sort) return std::nullopt;
  if (const auto order = catalog::order_named(*sort)) return order;
  return fail(Error(ErrorCode::invalid_request,
                    "'" + *sort + "' is no order; sort may be " + one_of(catalog::order_names()))
                  .with_param("sort"));
}

Result<std::optional<catalog::Region>> asked_region(std::string_view query) {
  const auto asked = query_value(query, "region");
  if (!asked) return std::nullopt;
  if (const auto region = catalog::region_named(*asked)) return region;
  return fail(
      Error(ErrorCode::unknown_region, "'" + *asked + "' is no region; region may be us, eu or global")
          .with_param("region"));
}

}  // namespace

Task<> serve_models(Core& core, http::Exchange& exchange, Rest) {
  const std::string_view query = exchange.head().query;
  auto order = asked_order(query);
  auto region = asked_region(query);
  if (!order || !region) {
    co_await reply_failure(exchange, order ? region.error() : order.error());
    co_return;
  }
  // Whoever entered in a region sees what can be had there.
  if (!*region) *region = core.region_of(exchange);
  std::string body;
  catalog::append_list_json(core.shared.routes.catalog().list(*order, *region), body);
  co_await reply_json(exchange, 200, body);
}

Task<> serve_model(Core& core, http::Exchange& exchange, Rest id) {
  const std::string name = decode_percent(id);
  if (const catalog::Model* model = core.shared.routes.catalog().find(name)) {
    std::string body;
    catalog::append_model_json(*model, body);
    co_await reply_json(exchange, 200, body);
    co_return;
  }
  std::string message = "the model '" + name + "' does not exist";
  const auto near = core.shared.routes.catalog().nearest(name);
  if (!near.empty()) message += "; did you mean " + one_of(near) + "?";
  const Error error = Error(ErrorCode::model_not_found, std::move(message)).with_param("model");
  co_await reply_failure(exchange, error);
}

}  // namespace sluice::gateway
