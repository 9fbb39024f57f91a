#pragma once
// Forward: an EventSink that passes everything on; what changes some of the events derives from it.

#include "chat/event.hpp"

namespace sluice::chat {

class Forward : public EventSink {
 public:
  /// `next` must outlive it.
  explicit Forward(EventSink& next) : next_(next) {}

  void on(const Start& e) override { next_.on(e); }
  void on(const TextDelta& e) override { next_.on(e); }
  void on(const RefusalDelta& e) override { next_.on(e); }
  void on(const ReasoningDelta& e) override { next_.on(e); }
  void on(const ReasoningSignature& e) override { next_.on(e); }
  void on(const ReasoningOpaque& e) override { next_.on(e); }
  void on(const ReasoningDetail& e) override { next_.on(e); }
  void on(const ToolCallStart& e) override { next_.on(e); }
  void on(const ToolCallDelta& e) override { next_.on(e); }
  void on(const Annotation& e) override { next_.on(e); }
  void on(const Image& e) override { next_.on(e); }
  void on(const Extra& e) override { next_.on(e); }
  void on(const UsageUpdate& e) override { next_.on(e); }
  void on(const Finish& e) override { next_.on(e); }
  void on(const End& e) override { next_.on(e); }
  void begin_native(const Native& native) override { next_.begin_native(native); }
  void end_native() override { next_.end_native(); }

 protected:
  EventSink& next_;
};

}  // namespace sluice::chat
