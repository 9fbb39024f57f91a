#pragma once
// What the families of OpenAI's own models take, as OpenAI documents it.

#include <string_view>

namespace sluice::simulate::openai {

struct ModelFamily {
  std::string_view prefix;
  bool can_reason;
  bool reasons_unasked;
  bool tools_in_chat = true;  ///< chat completions take tools beside reasoning
  bool in_chat = true;        ///< there are chat completions of it
};

/// Null for the models of hosts.
const ModelFamily* own_family(std::string_view model);

}  // namespace sluice::simulate::openai
