#include "observe/log_record.hpp"

#include <algorithm>
#include <chrono>

namespace sluice::observe {
namespace {

/// As much of `text` as fits `room`, without a part of a character at its end.
std::string_view cut_to(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text;
  while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xc0) == 0x80) --room;
  return text.substr(0, room);
}

}  // namespace

LogRecord::LogRecord(Level level, Event event, std::string_view request_id,
                     std::span<const std::string_view> texts, std::span<const std::int64_t> numbers)
    : unix_microseconds_(std::chrono::duration_cast<std::chrono::microseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count()),
      level_(level),
      event_(event),
      number_count_(static_cast<std::uint8_t>(std::min(numbers.size(), max_log_numbers))),
      id_length_(static_cast<std::uint8_t>(std::min(request_id.size(), id_bytes))) {
  std::copy_n(request_id.begin(), id_length_, id_.begin());
  std::copy_n(numbers.begin(), number_count_, numbers_.begin());
  for (const std::string_view text : texts.first(std::min(texts.size(), max_log_texts))) append_text(text);
}

std::string_view LogRecord::text(std::size_t index) const {
  const std::size_t start = index == 0 ? 0 : text_ends_[index - 1];
  return {texts_.data() + start, text_ends_[index] - start};
}

void LogRecord::append_text(std::string_view text) {
  const std::size_t start = text_count_ == 0 ? 0 : text_ends_[text_count_ - 1];
  const std::string_view kept = cut_to(text, text_bytes - start);
  if (kept.size() < text.size()) cut_ |= static_cast<std::uint8_t>(1U << text_count_);
  std::ranges::copy(kept, texts_.begin() + start);
  text_ends_[text_count_++] = static_cast<std::uint8_t>(start + kept.size());
}

}  // namespace sluice::observe
