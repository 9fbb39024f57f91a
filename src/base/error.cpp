#include "base/error.hpp"

#include <utility>

namespace sluice {

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::client:
      return "client";
    case Fault::gateway:
      return "gateway";
    case Fault::credential:
      return "credential";
    case Fault::model:
      return "model";
    case Fault::target:
      return "target";
  }
  return "gateway";
}

Error::Error(ErrorCode code, std::string message)
    : facts_(new Facts{.code = code, .message = std::move(message)}) {}

Error&& Error::with_param(std::string param) && {
  facts_->param = std::move(param);
  return std::move(*this);
}

Error&& Error::with_native_code(std::string code) && {
  facts_->native_code = std::move(code);
  return std::move(*this);
}

Error&& Error::with_upstream_status(int status) && {
  facts_->upstream_status = status;
  return std::move(*this);
}

Error&& Error::with_retry_after(std::chrono::milliseconds wait) && {
  facts_->retry_after = wait;
  return std::move(*this);
}

Error&& Error::with_metadata(std::string object) && {
  facts_->metadata = std::move(object);
  return std::move(*this);
}

Error&& Error::within(std::string_view place) && {
  facts_->message.insert(0, std::string(place) + ": ");
  return std::move(*this);
}

Error Error::clone() const {
  Error copy(code(), message());
  *copy.facts_ = *facts_;
  return copy;
}

}  // namespace sluice
