#pragma once
// For tests: an EventSink that holds a decoder to the order of events that src/chat/event.hpp promises.

#include "chat/event.hpp"
#include "chat/fold.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::gateway::testing {

/// Notes the first rule that is broken, and passes everything on to `next` and to a fold.
class CheckedEvents final : public chat::EventSink {
 public:
  explicit CheckedEvents(chat::EventSink& next) : next_(next) {}

  /// What went wrong first; empty if nothing did.
  const std::string& broken() const { return broken_; }
  const chat::Response& response() const { return fold_.response(); }
  bool ended() const { return ended_; }
  /// Choices that have been told to be finished.
  std::size_t finished() const;

  void on(const chat::Start& e) override;
  void on(const chat::TextDelta& e) override { delta(e); }
  void on(const chat::RefusalDelta& e) override { delta(e); }
  void on(const chat::ReasoningDelta& e) override { delta(e); }
  void on(const chat::ReasoningSignature& e) override { delta(e); }
  void on(const chat::ReasoningOpaque& e) override { delta(e); }
  void on(const chat::ReasoningDetail& e) override { delta(e); }
  void on(const chat::ToolCallStart& e) override;
  void on(const chat::ToolCallDelta& e) override;
  void on(const chat::Annotation& e) override { delta(e); }
  void on(const chat::Image& e) override { delta(e); }
  void on(const chat::Extra& e) override;
  void on(const chat::UsageUpdate& e) override;
  void on(const chat::Finish& e) override;
  void on(const chat::End& e) override;
  void begin_native(const chat::Native& native) override { next_.begin_native(native); }
  void end_native() override { next_.end_native(); }

 private:
  struct Call {
    std::string arguments;  ///< decoded
    bool custom = false, has_delta = false;
  };
  struct Choice {
    std::vector<Call> calls;
    bool finished = false, cut = false;
  };

  void hold(bool rule, const char* what) {
    if (!rule && broken_.empty()) broken_ = what;
  }
  Choice& open_choice(std::uint32_t index);
  void check_arguments(const Choice& choice);
  template <class Event>
  void pass(const Event& event) {
    next_.on(event);
    fold_.on(event);
  }
  template <class Event>
  void delta(const Event& event) {
    open_choice(event.choice);
    pass(event);
  }

  chat::EventSink& next_;
  chat::Fold fold_;
  std::map<std::uint32_t, Choice> choices_;
  std::set<std::string> ids_;
  std::string broken_;
  bool started_ = false, ended_ = false;
};

}  // namespace sluice::gateway::testing
