#include "dialect/openai/testing/decoded.hpp"

#include <gmock/gmock.h>

namespace sluice::dialect::openai {
namespace {

using chat::Media;
using testing::HasSubstr;

constexpr std::string_view png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";

std::string image(std::string_view url) {
  return with_parts(std::string(R"({"type":"image_url","image_url":{"url":")").append(url) + R"("}})");
}

Media media(const Decoded& decoded) {
  return decoded.part<chat::ImagePart>(0, 0).media;
}

TEST(DecodeContent, TakesStringsPartsAndNull) {
  EXPECT_EQ(
      Decoded(with_messages(R"({"role":"user","content":"a\nb"})")).part<chat::TextPart>(0, 0).text.escaped(),
      "a\\nb");
  EXPECT_TRUE(Decoded(with_messages(R"({"role":"user","content":null})")).message(0).parts.empty());
  EXPECT_TRUE(Decoded(with_messages(R"({"role":"user"})")).message(0).parts.empty());
  const Decoded d(
      with_parts(R"({"type":"text","text":"a"},{"type":"text","text":""},{"type":"text","text":" "})"));
  ASSERT_EQ(d.message(0).parts.size(), 2U) << "an empty text says nothing, a blank one may";
}

TEST(DecodeContent, NamesThePartThatCannotBeRead) {
  const Decoded d(with_parts(R"({"type":"text","text":"a"},{"type":"foo"})"));
  EXPECT_EQ(d->doubt->param(), "messages[0].content[1].type") << "some host may know it";
  EXPECT_EQ(d.message(0).parts.size(), 1U);
  EXPECT_THAT(
      d.doubt(),
      HasSubstr("'foo'. Supported values are: 'text', 'image_url', 'input_audio', 'file', and 'refusal'."));
  EXPECT_EQ(Decoded(with_parts(R"({"text":"a"})")).param(), "messages[0].content[0].type");
  EXPECT_EQ(Decoded(with_parts(R"({"type":7})")).param(), "messages[0].content[0].type");
  EXPECT_EQ(Decoded(with_parts(R"("a")")).param(), "messages[0].content[0]");
  EXPECT_EQ(Decoded(with_parts(R"({"type":"text","text":null})")).param(), "messages[0].content[0].text");
  EXPECT_EQ(Decoded(with_messages(R"({"role":"user","content":7})")).param(), "messages[0].content");
}

TEST(DecodeContent, KeepsCacheMarks) {
  const Decoded d(
      with_parts(R"({"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}})"));
  EXPECT_EQ(d.message(0).parts[0].cache_control["ttl"].string(), "1h");
  EXPECT_EQ(Decoded(with_parts(R"({"type":"text","text":"a","cache_control":true})")).param(),
            "messages[0].content[0].cache_control");
}

TEST(DecodeContent, TakesAddressesOfImages) {
  const Decoded d(
      with_parts(R"({"type":"image_url","image_url":{"url":"https:\/\/a.example\/x.png","detail":"low"}})"));
  EXPECT_EQ(media(d).source, Media::Source::url);
  EXPECT_EQ(media(d).data.decode(), "https://a.example/x.png");
  EXPECT_EQ(d.part<chat::ImagePart>(0, 0).detail.escaped(), "low");
  const Decoded plain(with_parts(R"({"type":"image_url","image_url":"https://a.example/x.png"})"));
  EXPECT_EQ(media(plain).source, Media::Source::url);
}

TEST(DecodeContent, RefusesImagesThatAreNowhere) {
  EXPECT_EQ(Decoded(image("cat.png")).param(), "messages[0].content[0].image_url.url");
  EXPECT_EQ(Decoded(image("")).param(), "messages[0].content[0].image_url.url");
  EXPECT_EQ(Decoded(with_parts(R"({"type":"image_url"})")).param(), "messages[0].content[0].image_url");
  EXPECT_EQ(Decoded(with_parts(R"({"type":"image_url","image_url":{}})")).param(),
            "messages[0].content[0].image_url.url");
}

TEST(DecodeContent, ReadsDataUrls) {
  const Decoded d(image(std::string("data:image/png;base64,").append(png)));
  EXPECT_EQ(media(d).source, Media::Source::data);
  EXPECT_EQ(media(d).mime_type, "image/png");
  EXPECT_EQ(media(d).data.escaped(), png);
}

TEST(DecodeContent, DataUrlsMayCarryParametersInAnyCase) {
  for (const char* head : {"data:image/png;charset=utf-8;base64,", "DATA:IMAGE/PNG;BASE64,", "data:;base64,",
                           "data:image/png;name=a.png;Base64,", "data:image/jpeg;base64,"}) {
    const Decoded d(image(std::string(head).append(png)));
    EXPECT_EQ(media(d).mime_type, "image/png") << head;
    EXPECT_EQ(media(d).data.escaped(), png) << head;
  }
}

TEST(DecodeContent, TypesGoByTheirRegisteredNames) {
  EXPECT_EQ(media(Decoded(image("data:image/jpg;base64,AAAA"))).mime_type, "image/jpeg");
  EXPECT_EQ(media(Decoded(image("data:Image/X;base64,AAAA"))).mime_type, "image/x");
  EXPECT_EQ(media(Decoded(image("data:;base64,AAAA"))).mime_type, "text/plain");
}

TEST(DecodeContent, TheFirstBytesTellTheType) {
  struct Case {
    const char* base64;
    const char* type;
  };
  for (const Case& c : {Case{"/9j/4AAQSkZJRgABAQAA", "image/jpeg"}, Case{"R0lGODlhAQABAAAA", "image/gif"},
                        Case{"UklGRiQAAABXRUJQVlA4", "image/webp"},
                        Case{"JVBERi0xLjQKJcfs", "application/pdf"}, Case{"iVBORw==", "image/png"}})
    EXPECT_EQ(media(Decoded(image(std::string("data:image/x;base64,") + c.base64))).mime_type, c.type)
        << c.base64;
}

TEST(DecodeContent, EscapedSlashesAreNoPartOfTheData) {
  const Decoded d(image(R"(data:image\/jpeg;base64,\/9j\/4AAQ)"));
  EXPECT_EQ(media(d).data.escaped(), "/9j/4AAQ");
  EXPECT_EQ(media(d).mime_type, "image/jpeg");
}

TEST(DecodeContent, PercentEncodedDataBecomesBase64) {
  const Decoded d(image("data:image/svg+xml,%3Csvg%3E"));
  EXPECT_EQ(media(d).data.escaped(), "PHN2Zz4=");
  EXPECT_EQ(media(d).mime_type, "image/svg+xml");
  EXPECT_EQ(media(Decoded(image("data:image/x;base64,AA%3D%3D"))).data.escaped(), "AA==");
}

TEST(DecodeContent, RefusesBrokenData) {
  for (const char* url : {"data:image/png;base64,abc", "data:image/png;base64,a*bc", "data:image/png;base64,",
                          "data:image/png;base64", "data:image/png;base64,ab\\ncd"})
    EXPECT_EQ(Decoded(image(url)).param(), "messages[0].content[0].image_url.url") << url;
}

TEST(DecodeContent, ReadsAudio) {
  const Decoded d(with_parts(R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}})"));
  EXPECT_EQ(d.part<chat::AudioPart>(0, 0).media.mime_type, "audio/mpeg");
  EXPECT_EQ(d.part<chat::AudioPart>(0, 0).media.data.escaped(), "AAAA");
  EXPECT_EQ(
      Decoded(with_parts(R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"tape"}})")).param(),
      "messages[0].content[0].input_audio.format");
  EXPECT_EQ(Decoded(with_parts(R"({"type":"input_audio","input_audio":{"format":"mp3"}})")).param(),
            "messages[0].content[0].input_audio.data");
}

TEST(DecodeContent, ReadsFiles) {
  const Decoded url(with_parts(
      R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0x"}})"));
  EXPECT_EQ(url.part<chat::FilePart>(0, 0).media.mime_type, "application/pdf");
  EXPECT_EQ(url.part<chat::FilePart>(0, 0).filename.escaped(), "a.pdf");
  const Decoded bare(with_parts(R"({"type":"file","file":{"filename":"A.TXT","file_data":"AAAA"}})"));
  EXPECT_EQ(bare.part<chat::FilePart>(0, 0).media.mime_type, "text/plain");
  const Decoded id(with_parts(R"({"type":"file","file":{"file_id":"file-1"}})"));
  EXPECT_EQ(id.part<chat::FilePart>(0, 0).media.source, Media::Source::file_id);
  EXPECT_EQ(id.part<chat::FilePart>(0, 0).media.data.escaped(), "file-1");
  const Decoded address(
      with_parts(R"({"type":"file","file":{"file_data":"https://a.example/x.pdf","filename":"x.pdf"}})"));
  EXPECT_EQ(address.part<chat::FilePart>(0, 0).media.source, Media::Source::url);
  EXPECT_EQ(Decoded(with_parts(R"({"type":"file","file":{"filename":"x"}})")).param(),
            "messages[0].content[0].file");
  EXPECT_EQ(Decoded(with_parts(R"({"type":"file","file":{"file_id":"f","file_data":"AAAA"}})")).param(),
            "messages[0].content[0].file");
}

}  // namespace
}  // namespace sluice::dialect::openai
