#pragma once
// Output items -> chat events: one reader for whole answers and for streams.

#include "base/hash.hpp"
#include "dialect/dialect.hpp"
#include "dialect/responses/citations.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_set>
#include <vector>

namespace sluice::dialect::responses {

/// The pieces in which an item's text comes: parts of a message, or of what the model thought.
enum class Section : std::uint8_t { text, refusal, summary, thought };

/// The state of one answer. Items are known by their place in the output; they may be open at the same time.
/// When an item comes whole, only that of it is told which did not come in pieces before.
class AnswerReader {
 public:
  /// Stands for the place of an item whose place is not told.
  static constexpr std::int64_t no_place = std::numeric_limits<std::int64_t>::max();

  explicit AnswerReader(const AnswerContext& context) : context_(context) {}

  /// `response` has id, model and time. Only the first one counts.
  void start(json::Value response, chat::EventSink& sink);
  bool started() const { return started_; }
  /// An item begins; of calls it has id and name.
  Result<> open_item(std::int64_t index, json::Value item, chat::EventSink& sink);
  /// A piece of part number `part` of an item.
  void add(std::int64_t index, Section section, std::int64_t part, json::Text piece, chat::EventSink& sink);
  /// A piece of the arguments of a call.
  void add_arguments(std::int64_t index, json::Text piece, chat::EventSink& sink);
  /// All the arguments of a call.
  void complete_arguments(std::int64_t index, json::Text arguments, chat::EventSink& sink);
  /// The item as it is at last.
  Result<> close_item(std::int64_t index, json::Value item, chat::EventSink& sink);
  /// The answer is complete: `response` as it is at last. `incomplete`: it was cut short by a limit or a
  /// filter.
  Result<> finish(json::Value response, bool incomplete, chat::EventSink& sink);

 private:
  enum class Kind : std::uint8_t { message, reasoning, call, other };
  static constexpr std::size_t kinds = 4;
  /// What has been told of a text, as it was escaped.
  struct Told {
    std::size_t size = 0;
    std::uint64_t hash = fnv1a_of_nothing;

    void add(json::Text piece) {
      size += piece.escaped().size();
      hash = fnv1a(piece.escaped(), hash);
    }
    /// What of `whole` is still to be told; nothing where it began otherwise.
    json::Text missing_of(json::Text whole) const {
      const std::string_view all = whole.escaped();
      if (all.size() <= size || fnv1a(all.substr(0, size)) != hash) return {};
      return json::Text(all.substr(size));
    }
  };
  struct Part {
    Told told;
    Section section = Section::text;
    std::int64_t index = 0;
    std::int64_t begin = 0;    ///< Section::text: characters of the answer before it
    std::int32_t detail = -1;  ///< Section::summary: its reasoning block
  };
  struct Item {
    std::int64_t index = 0;
    Kind kind = Kind::other;
    bool custom = false;      ///< Kind::call: its arguments are free text
    bool told_call = false;   ///< Kind::call: it has been announced
    std::uint32_t call = 0;   ///< Kind::call: its number
    Told arguments;           ///< Kind::call
    std::vector<Part> parts;  ///< those of which something has been told
  };

  Kind kind_of(json::Value item) const;
  Item* find(std::int64_t index);
  Item* find_or_open(std::int64_t index, Kind kind);
  static Part* find(Item& item, Section section, std::int64_t part);
  Part& begin_part(Item& item, Section section, std::int64_t index, chat::EventSink& sink);
  void tell(Item& item, Section section, std::int64_t part, json::Text piece, chat::EventSink& sink);
  void tell_missing(Item& item, Section section, std::int64_t part, json::Text whole, chat::EventSink& sink);
  void tell_arguments(Item& item, json::Text piece, chat::EventSink& sink);

  void end_message(Item& item, json::Value source, chat::EventSink& sink);
  void end_reasoning(Item& item, json::Value source, chat::EventSink& sink);
  Result<> begin_call(Item& item, json::Value source, chat::EventSink& sink);
  Result<> end_call(Item& item, json::Value source, chat::EventSink& sink);
  void end_other(json::Value source, chat::EventSink& sink);
  Result<> end_open_items(json::Value output, chat::EventSink& sink);
  Result<> tell_unseen_items(json::Value output, chat::EventSink& sink);
  void tell_extras(json::Value response, chat::EventSink& sink);
  json::Text call_id(json::Value item);
  bool has_told_call(json::Value item) const;

  const AnswerContext& context_;
  std::vector<Item> items_;                   ///< open ones
  std::unordered_set<std::int64_t> closed_;   ///< indices
  std::array<bool, kinds> seen_{};            ///< kinds of items that there were
  std::unordered_set<std::string> call_ids_;  ///< told, decoded
  Citations citations_;
  std::string logprobs_, other_items_;  ///< JSON arrays, unfinished
  std::string phase_;                   ///< JSON
  std::string scratch_;
  std::int64_t characters_ = 0;
  std::int32_t details_ = 0;
  std::uint32_t calls_ = 0;
  bool started_ = false;
  bool has_thoughts_ = false;
};

}  // namespace sluice::dialect::responses
