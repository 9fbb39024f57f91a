#include "app/version.hpp"

namespace sluice::app {

std::string_view version() {
  return SLUICE_VERSION;
}

}  // namespace sluice::app
