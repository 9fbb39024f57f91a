#pragma once
// Which tools a user's words ask for, and with which arguments.
//
//   add                          the tool, with made-up arguments
//   add(a=2, b=3)                with these
//   add {"a": 2}                 with these, the rest made up
//   call every tool              all of them, in the order in which they were offered
//
// A name counts as a whole word, without case; characters other than letters and digits are alike, so that
// `my.tool` finds a tool that a gateway had to call `my_tool`. A tool with arguments of its own is called as
// often as it is named.

#include "simulate/reading.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::simulate {

struct Mention {
  std::size_t tool;    ///< index into the tools
  std::string wishes;  ///< a JSON object; empty if the user gave none
};

/// In the order of the text.
std::vector<Mention> mentioned_tools(std::string_view text, const std::vector<Tool>& tools);

/// The first JSON object in a text; empty if there is none.
std::string_view first_json_object(std::string_view text);

}  // namespace sluice::simulate
