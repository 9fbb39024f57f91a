#include "simulate/replay.hpp"

#include "simulate/test_server.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace sluice::simulate {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

/// Recordings of our own making, one file each.
class OwnRecordings : public testing::Test {
 protected:
  OwnRecordings() : folder_(fs::temp_directory_path() / ("simulate-replay-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "some" / "where");
    write(
        "stream",
        R"j({"id":"rec-stream","api":"openai.chat","request":{"body":{"stream":true}},"response":{"status":200,
      "headers":{"content-type":"text/event-stream","x-request-id":"req_1","transfer-encoding":"chunked"},"encoding":"sse",
      "raw":"data: {\"a\":\"\u00e9\"}\n\ndata: [DONE]\n\n","chunk_lengths":[7,6,19]}})j");
    write(
        "plain",
        R"j({"id":"rec-plain","api":"anthropic.messages","request":{"body":{}},"response":{"status":200,"headers":{},"body":{
      "big":12345678901234567890, "text":"\u00e9\/"}}})j");
    write(
        "error",
        R"j({"id":"rec-error","api":"openai.chat","request":{"body":{"stream":true}},"response":{"status":429,"headers":{"retry-after":"7"},
      "encoding":"text","raw":"slow down"}})j");
    write(
        "array",
        R"j({"id":"rec-array","api":"gemini.streamGenerateContent","request":{"body":{}},"response":{"status":200,"headers":{"content-type":"application/json"},
      "body":[{"candidates":[{"finishReason":1,"content":{"parts":[{"functionCall":{"name":"f","args":{"finishReason":1}}}]}}]},{"x":1}]}})j");
    write(
        "frames",
        R"j({"id":"rec-frames","api":"bedrock.converse-stream","request":{"body":{}},"response":{"status":200,"headers":{},"encoding":"base64","raw":"AAEC/w=="}})j");
  }
  ~OwnRecordings() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / "some" / "where" / (name + ".json")) << text;
  }
  Replay load() {
    auto replay = Replay::load(folder_);
    EXPECT_TRUE(replay) << replay.error().message();
    return std::move(*replay);
  }

  fs::path folder_;
};

TEST_F(OwnRecordings, AreServedByteForByteInTheirReads) {
  const TestServer server({}, load());
  const Reply reply = ask(
      server, {.path = "/x/v1/chat/completions", .body = R"({"model":"vendor/rec-stream","stream":true})"});
  EXPECT_EQ(reply.body, "data: {\"a\":\"\xc3\xa9\"}\n\ndata: [DONE]\n\n");
  EXPECT_EQ(reply.fields.at("x-request-id"), "req_1");
  const Reply plain = ask(server, {.path = "/v1/messages", .body = R"({"model":"rec-plain"})"});
  EXPECT_EQ(plain.body, R"({"big":12345678901234567890,"text":"\u00e9\/"})");
  EXPECT_EQ(plain.fields.at("content-type"), "application/json");
  const Reply error =
      ask(server, {.path = "/v1/chat/completions", .body = R"({"model":"rec-error","stream":false})"});
  EXPECT_EQ(error.status, 429);
  EXPECT_EQ(error.fields.at("retry-after"), "7");
  EXPECT_EQ(error.fields.at("content-type"), "text/plain");
  EXPECT_EQ(error.body, "slow down");
  const Reply frames = ask(server, {.path = "/model/rec-frames/converse-stream", .body = "{}"});
  EXPECT_EQ(frames.body, std::string("\x00\x01\x02\xff", 4));
}

TEST_F(OwnRecordings, AreCutWhereTheyWereRead) {
  const Replay replay = load();
  const Received request{.path = "/v1/chat/completions", .body = R"({"stream":true})"};
  const Script script = replay_script(*replay.find(request.path, "rec-stream"), request);
  ASSERT_EQ(script.messages.size(), 3U);
  EXPECT_EQ(script.messages[0], "data: {");
  EXPECT_EQ(script.messages[1], "\"a\":\"\xc3");
}

TEST_F(OwnRecordings, OfGeminiAreFramedAsTheQueryAsks) {
  const TestServer server({}, load());
  const auto get = [&](const std::string& query) {
    return ask(server, {.path = "/v1beta/models/rec-array:streamGenerateContent" + query, .body = "{}"});
  };
  const Reply events = get("?alt=sse");
  EXPECT_EQ(events.fields.at("content-type"), "text/event-stream");
  EXPECT_EQ(events.body,
            "data: "
            "{\"candidates\":[{\"finishReason\":\"STOP\",\"content\":{\"parts\":[{\"functionCall\":{\"name\":"
            "\"f\",\"args\":"
            "{\"finishReason\":1}}}]}}]}\r\n\r\ndata: {\"x\":1}\r\n\r\n");
  const Reply array = get("?$alt=json;enum-encoding=int");
  EXPECT_EQ(Json(array.body)[0]["candidates"][0]["finishReason"].integer(), 1);
  EXPECT_THAT(array.body, HasSubstr("\n,\r\n"));
}

TEST_F(OwnRecordings, AreRefusedToRequestsThatCouldNotHaveHadThem) {
  const TestServer server({}, load());
  const Reply form = ask(server, {.path = "/v1/chat/completions", .body = R"({"model":"rec-stream"})"});
  EXPECT_EQ(form.status, 404);
  EXPECT_EQ(Json(form.body)["error"]["message"].string(),
            "simulate: asked for a plain answer, recorded is a stream");
  const Reply api = ask(server, {.path = "/v1/messages", .body = R"({"model":"rec-stream","stream":true})"});
  EXPECT_EQ(Json(api.body)["error"]["message"].string(),
            "simulate: called /v1/messages for a recording of openai.chat");
  const Reply other =
      ask(server, {.path = "/v1/chat/completions",
                   .body = R"({"model":"kimi-k2","messages":[{"role":"user","content":"x"}]})",
                   .fields = std::string(openai_key)});
  EXPECT_EQ(other.status, 200);  // what no recording is named for is simulated
}

TEST_F(OwnRecordings, SufferFaultsToo) {
  const TestServer server({}, load());
  const Reply reply = ask(server, {.path = "/v1/chat/completions",
                                   .body = R"({"model":"rec-stream+fault:end-early=1","stream":true})"});
  EXPECT_EQ(reply.body, "data: {");
}

TEST_F(OwnRecordings, ThatCannotBeReadAreNamed) {
  write("broken", "{");
  const auto broken = Replay::load(folder_);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message(), HasSubstr("broken.json: "));
  const auto missing = Replay::load(folder_ / "nowhere");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), HasSubstr("nowhere: No such file"));
  const auto empty = Replay::load(folder_ / "some");
  write("broken", R"({"id":"x","api":"y","response":{"status":200,"raw":"@","encoding":"base64"}})");
  EXPECT_THAT(Replay::load(folder_).error().message(), HasSubstr("response.raw is not base64"));
}

// ---- recordings of real providers ---------------------------------------------------------------

fs::path shared_corpus() {
  const char* const named = std::getenv("SLUICE_SHARED");
  return (named ? fs::path(named) : fs::path(SLUICE_SOURCE_DIR) / ".." / "shared") / "data" / "corpus";
}

/// Where a recorded client would have called, and with which body.
Question question_for(const Recording& recording) {
  const bool gemini = recording.api.starts_with("gemini.");
  const std::string method = recording.stream ? ":streamGenerateContent" : ":generateContent";
  const std::string query = recording.sse ? "?alt=sse&enum-encoding=int" : "?enum-encoding=int";
  const std::map<std::string, std::string> paths{
      {"openai.chat", "/v1/chat/completions"},
      {"openai.responses", "/v1/responses"},
      {"anthropic.messages", "/v1/messages"},
      {"ollama.chat", "/api/chat"},
      {"bedrock.converse", "/model/" + recording.id + "/converse"},
      {"bedrock.converse-stream", "/model/" + recording.id + "/converse-stream"}};
  const auto path = paths.find(recording.api);
  return {
      .path = gemini                ? "/v1beta/models/" + recording.id + method + query
              : path == paths.end() ? "/any/" + recording.id
                                    : path->second,
      .body = R"({"model":")" + recording.id + R"(","stream":)" + (recording.stream ? "true}" : "false}")};
}

TEST(RealRecordings, ComeBackByteForByte) {
  if (!fs::exists(shared_corpus())) GTEST_SKIP() << "no recordings at " << shared_corpus();
  auto replay = Replay::load(shared_corpus());
  ASSERT_TRUE(replay) << replay.error().message();
  const Replay known = *replay;
  const TestServer server({}, std::move(*replay));
  std::size_t compared = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shared_corpus())) {
    if (entry.path().extension() != ".json") continue;
    const Recording* recording = known.find("", entry.path().stem().string());
    ASSERT_TRUE(recording) << entry.path();
    const Reply reply = ask(server, question_for(*recording));
    EXPECT_FALSE(reply.failure) << recording->id << ": " << reply.failure_message;
    EXPECT_EQ(reply.status, recording->status) << recording->id;
    const bool array = recording->parsed && recording->stream && recording->api.starts_with("gemini.") &&
                       recording->status == 200;
    if (array) {
      EXPECT_EQ(Json(reply.body).root().size(), Json(recording->bytes).root().size()) << recording->id;
    } else {
      EXPECT_TRUE(reply.body == recording->bytes) << recording->id;
    }
    ++compared;
  }
  EXPECT_EQ(compared, known.size());
}

}  // namespace
}  // namespace sluice::simulate
