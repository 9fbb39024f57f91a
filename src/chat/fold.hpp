#pragma once
// fold(events) = response.

#include "chat/response.hpp"

namespace sluice::chat {

/// Adds a member to those kept by name: one that is sent again replaces the earlier one, except lists, which
/// a stream sends in pieces.
void keep(std::vector<ExtraMember>& members, const Extra& extra);

/// Adds events up. Memory grows with the answer; the caller bounds the answer.
class Fold final : public EventSink {
 public:
  Response& response() { return response_; }
  const Response& response() const { return response_; }

  void on(const Start&) override;
  void on(const TextDelta&) override;
  void on(const RefusalDelta&) override;
  void on(const ReasoningDelta&) override;
  void on(const ReasoningSignature&) override;
  void on(const ReasoningOpaque&) override;
  void on(const ReasoningDetail&) override;
  void on(const ToolCallStart&) override;
  void on(const ToolCallDelta&) override;
  void on(const Annotation&) override;
  void on(const Image&) override;
  void on(const Extra&) override;
  void on(const UsageUpdate&) override;
  void on(const Finish&) override;
  void on(const End&) override;

 private:
  Choice& choice(std::uint32_t index);
  ReasoningBlock& block(std::uint32_t choice, std::int32_t detail, ReasoningBlock::Kind kind,
                        std::string_view format);

  Response response_;
};

}  // namespace sluice::chat
