// The JSON Schema Test Suite, read where it lies: data/schema of what SLUICE_SHARED names, or of ../shared
// beside the checkout.

#include "json/schema/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sluice::json::schema {
namespace {

namespace fs = std::filesystem;

fs::path suite() {
  const char* const shared = std::getenv("SLUICE_SHARED");
  return (shared ? fs::path(shared) : fs::path(SLUICE_SOURCE_DIR) / "../shared") / "data/schema";
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const KnownDocuments& remotes() {
  static const KnownDocuments documents = [] {
    KnownDocuments known;
    const fs::path root = suite() / "remotes";
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file())
        known.add("http://localhost:1234/" + fs::relative(entry.path(), root).string(), read(entry.path()));
    return known;
  }();
  return documents;
}

struct Count {
  int passed = 0, all = 0;
  Count& operator+=(const Count& other) {
    passed += other.passed;
    all += other.all;
    return *this;
  }
};

/// Whether the verdict is as the suite says, and the reasons are as they should be.
bool passes(const Result<Schema>& schema, Value test) {
  if (!schema) return false;
  const Value data = test["data"];
  const Outcome outcome = schema->check(data);
  EXPECT_EQ(outcome.valid(), outcome.violations.empty());
  for (const Violation& violation : outcome.violations) {
    EXPECT_FALSE(violation.message.empty());
    EXPECT_TRUE(violation.instance_path.empty() || violation.instance_path.front() == '/');
    EXPECT_NE(violation.schema_path.find('#'), std::string::npos);
  }
  return outcome.verdict == (test["valid"].boolean() == true ? Verdict::valid : Verdict::invalid);
}

Count run(const fs::path& path, const CompileOptions& options) {
  const std::string text = read(path);
  Document document;
  const auto cases = document.parse(text);
  EXPECT_TRUE(cases) << path;
  Count count;
  if (!cases) return count;
  for (const Value group : cases->elements()) {
    const auto schema = Schema::compile(group["schema"], options);
    for (const Value test : group["tests"].elements()) {
      ++count.all;
      if (passes(schema, test)) {
        ++count.passed;
        continue;
      }
      std::cout << "  " << path.stem().string() << ": " << group["description"].string() << ": "
                << test["description"].string() << (schema ? "" : ": " + schema.error().message()) << "\n";
    }
  }
  return count;
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// Of the files right in that folder, save for those named.
Count run_folder(const fs::path& folder, const CompileOptions& options,
                 const std::set<std::string>& left_out = {}) {
  Count count;
  for (const fs::path& file : files_of(folder))
    if (!left_out.contains(file.stem().string())) count += run(file, options);
  std::cout << fs::relative(folder, suite()).string() << ": " << count.passed << "/" << count.all << "\n";
  return count;
}

class Suite : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(suite() / "tests"))
      GTEST_SKIP() << "no test suite at " << suite() << "; set SLUICE_SHARED";
  }
  static CompileOptions options(Draft draft, bool assert_formats = false) {
    return {.draft = draft, .assert_formats = assert_formats, .known = &remotes()};
  }
};

TEST_F(Suite, Draft7) {
  const Count count = run_folder(suite() / "tests/draft7", options(Draft::draft7));
  EXPECT_EQ(count.passed, count.all);
  EXPECT_GE(count.all, 927);
}

TEST_F(Suite, Draft202012) {
  const Count count = run_folder(suite() / "tests/draft2020-12", options(Draft::draft2020_12));
  EXPECT_EQ(count.passed, count.all);
  EXPECT_GE(count.all, 1299);
}

TEST_F(Suite, OptionalTests) {
  // Contents are only annotated, as 2020-12 wants it; draft 7 left it open.
  const Count older = run_folder(suite() / "tests/draft7/optional", options(Draft::draft7), {"content"});
  EXPECT_EQ(older.passed, older.all);
  const Count newer = run_folder(suite() / "tests/draft2020-12/optional", options(Draft::draft2020_12));
  EXPECT_EQ(newer.passed, newer.all);
}

TEST_F(Suite, FormatsAreAssertedOnRequest) {
  // Not checked here: Unicode's rules for host names, and templates. Expressions may have Python's names of
  // groups and a leading (?i), which ECMA-262 does not have.
  const std::set<std::string> left_out{"hostname", "idn-hostname", "uri-template", "ecmascript-regex"};
  for (const auto& [folder, draft] :
       {std::pair("draft7", Draft::draft7), std::pair("draft2020-12", Draft::draft2020_12)}) {
    const Count count =
        run_folder(suite() / "tests" / folder / "optional/format", options(draft, true), left_out);
    EXPECT_EQ(count.passed, count.all);
    EXPECT_GT(count.all, 300);
  }
}

// Answers of models and what a validator must say of them. Those that are no JSON are for others to repair.
TEST_F(Suite, StructuredAnswers) {
  std::istringstream lines(read(suite() / "structured_visible.jsonl"));
  int checked = 0;
  for (std::string line; std::getline(lines, line);) {
    Document file, answer;
    const auto row = file.parse(line);
    ASSERT_TRUE(row);
    const std::string output = (*row)["output"].string();
    const auto instance = answer.parse(output);
    if (!instance) continue;
    ++checked;
    const auto schema = Schema::compile((*row)["schema"]);
    ASSERT_TRUE(schema) << schema.error().message();
    const Outcome outcome = schema->check(*instance);
    const std::string id = (*row)["id"].string();
    ASSERT_EQ(outcome.valid(), (*row)["expect"].equals("valid")) << id;
    if (outcome.valid()) continue;
    EXPECT_EQ(outcome.violations[0].instance_path, (*row)["error_path"].string()) << id;
    EXPECT_EQ(outcome.violations[0].keyword, (*row)["error_keyword"].string()) << id;
  }
  EXPECT_GT(checked, 10);
}

}  // namespace
}  // namespace sluice::json::schema
