#pragma once
// AnswerPipeline: what stands between a provider's events and the client's encoder.
//
//   decoder -> ForcedToolAnswer -> RepairAnswer or RepairStream -> encoder

#include "chat/change.hpp"
#include "gateway/answer_form.hpp"
#include "gateway/forced_tool.hpp"
#include "gateway/repair_answer.hpp"
#include "gateway/repair_stream.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace sluice::gateway {

/// How the answer of one attempt is put into its form.
struct Shaping {
  std::shared_ptr<const AnswerForm> form;  ///< null if any answer will do
  Rung rung = Rung::native;
};

class AnswerPipeline {
 public:
  /// All must outlive it.
  AnswerPipeline(const Shaping& shaping, bool stream, chat::EventSink& encoder, chat::Changes& changes)
      : first_(&encoder) {
    if (!shaping.form) return;
    if (stream) {
      first_ = &stream_.emplace(*shaping.form, shaping.rung, *first_, changes);
    } else {
      first_ = &whole_.emplace(*shaping.form, *first_, changes);
    }
    if (shaping.rung == Rung::forced_tool) first_ = &forced_tool_.emplace(*first_);
  }
  AnswerPipeline(const AnswerPipeline&) = delete;
  AnswerPipeline& operator=(const AnswerPipeline&) = delete;

  chat::EventSink& sink() { return *first_; }
  /// Why the answer has not the form that was asked for; told once. `complaint` is what the model can be
  /// told.
  std::optional<Error> failure(std::optional<Complaint>& complaint) {
    if (whole_ && whole_->failure()) return take(*whole_, complaint);
    if (stream_ && stream_->failure()) return take(*stream_, complaint);
    return std::nullopt;
  }

 private:
  template <class Filter>
  static std::optional<Error> take(Filter& filter, std::optional<Complaint>& complaint) {
    complaint = std::exchange(filter.complaint(), std::nullopt);
    return std::move(filter.failure());
  }

  chat::EventSink* first_;
  std::optional<RepairAnswer> whole_;
  std::optional<RepairStream> stream_;
  std::optional<ForcedToolAnswer> forced_tool_;
};

}  // namespace sluice::gateway
