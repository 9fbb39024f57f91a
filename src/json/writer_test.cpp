#include "json/writer.hpp"

#include "json/patch.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace sluice::json {
namespace {

TEST(Writer, PutsCommasWhereTheyBelong) {
  std::string out;
  Writer w(out);
  w.begin_object().key("a").integer(-1).key("b").begin_array().string("x\n").null().boolean(true).number(0.5);
  w.begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .end_array()
      .key("c")
      .text(Text(R"(\u00e9)"))
      .end_object();
  EXPECT_EQ(out, R"({"a":-1,"b":["x\n",null,true,0.5,{},[]],"c":"\u00e9"})");
}

std::string patched(std::string_view text, const std::function<void(Patch&, Value)>& edit) {
  Document document;
  const auto root = document.parse(text);
  EXPECT_TRUE(root);
  Patch patch(*root);
  edit(patch, *root);
  std::string out;
  patch.append_to(out);
  Document again;
  EXPECT_TRUE(again.parse(out)) << out;
  return out;
}

TEST(Patch, ReplacesAppendsAndRemoves) {
  EXPECT_EQ(patched(R"({"model":"a","x":1})",
                    [](Patch& p, Value) {
                      p.set("model", "\"b\"");
                      p.set("y", "2");
                    }),
            R"({"model":"b","x":1,"y":2})");
  EXPECT_EQ(patched(R"({ "a":1, "b":2, "c":3 })", [](Patch& p, Value) { p.remove("a"); }),
            R"({ "b":2, "c":3 })");
  EXPECT_EQ(patched(R"({ "a":1, "b":2, "c":3 })", [](Patch& p, Value) { p.remove("c"); }),
            R"({ "a":1, "b":2 })");
  EXPECT_EQ(patched(R"({ "a":1, "b":2, "c":3 })", [](Patch& p, Value) { p.remove("b"); }),
            R"({ "a":1, "c":3 })");
  EXPECT_EQ(patched(R"({"a":1})", [](Patch& p, Value) { p.remove("a"); }), "{}");
  EXPECT_EQ(patched(R"({"a":1})",
                    [](Patch& p, Value) {
                      p.remove("a");
                      p.set("b", "2");
                    }),
            R"({"b":2})");
  EXPECT_EQ(patched(R"({"a":1,"b":2})",
                    [](Patch& p, Value) {
                      p.remove("a");
                      p.remove("b");
                    }),
            "{}");
  EXPECT_EQ(patched(R"({"a":1,"b":2,"c":3,"d":4})",
                    [](Patch& p, Value) {
                      p.remove("b");
                      p.remove("a");
                    }),
            R"({"c":3,"d":4})");
  EXPECT_EQ(patched(R"({"a":1,"b":2,"c":3,"d":4})",
                    [](Patch& p, Value) {
                      p.remove("d");
                      p.remove("b");
                      p.set("e", "5");
                    }),
            R"({"a":1,"c":3,"e":5})");
  EXPECT_EQ(patched("{}",
                    [](Patch& p, Value) {
                      p.set("b", "2");
                      p.set("c", "3");
                    }),
            R"({"b":2,"c":3})");
  EXPECT_EQ(patched(R"({"a":1,"a":2,"b":3,"a":4})", [](Patch& p, Value) { p.remove("a"); }), R"({"b":3})");
}

TEST(Patch, ReachesInside) {
  EXPECT_EQ(patched(R"({"o":{"k":1,"l":2},"z":[3]})",
                    [](Patch& p, Value root) {
                      p.remove(root["o"], "k");
                      p.replace(root["z"][0], "[]");
                    }),
            R"({"o":{"l":2},"z":[[]]})");
}

}  // namespace
}  // namespace sluice::json
