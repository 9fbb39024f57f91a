#include "json/patch.hpp"

#include <algorithm>

namespace sluice::json {

void Patch::replace(Value value, std::string_view json) {
  edits_.push_back({value.offset(), value.offset() + value.raw().size(), std::string(json)});
}

void Patch::set(std::string_view key, std::string_view json) {
  if (const Value present = object_[key]; present.exists()) {
    replace(present, json);
    return;
  }
  if (!appended_.empty()) appended_ += ',';
  appended_ += '"';
  appended_ += key;
  appended_ += "\":";
  appended_ += json;
}

void Patch::remove(std::string_view key) {
  remove(object_, key);
}

void Patch::remove(Value object, std::string_view key) {
  removals_.push_back({object, std::string(key)});
}

bool Patch::removes(Value object, Text key) const {
  return std::ranges::any_of(
      removals_, [&](const Removal& r) { return r.object.offset() == object.offset() && key.equals(r.key); });
}

/// A member goes with the comma before it; where none of those before stays, with the comma behind it.
void Patch::cut_removals(Value object) {
  bool kept_before = false;
  std::size_t previous_end = object.offset() + 1;
  std::size_t leading_begin = std::string_view::npos;
  for (const Member& member : object.members()) {
    if (removes(object, member.key)) {
      if (kept_before) {
        edits_.push_back({previous_end, member.end, {}});
      } else if (leading_begin == std::string_view::npos) {
        leading_begin = member.begin;
      }
    } else {
      if (leading_begin != std::string_view::npos) edits_.push_back({leading_begin, member.begin, {}});
      leading_begin = std::string_view::npos;
      kept_before = true;
    }
    previous_end = member.end;
  }
  if (leading_begin != std::string_view::npos) edits_.push_back({leading_begin, previous_end, {}});
}

void Patch::insert(std::size_t offset, std::string text) {
  edits_.push_back({offset, offset, std::move(text)});
}

std::vector<std::string_view> Patch::slices() {
  const std::string_view text = object_.raw();
  const std::size_t start = object_.offset();
  if (!appended_.empty()) {
    bool kept = false;
    for (const Member& member : object_.members()) kept |= !removes(object_, member.key);
    insert(start + text.size() - 1, (kept ? "," : "") + appended_);
    appended_.clear();
  }
  for (std::size_t i = 0; i < removals_.size(); ++i) {
    const auto same = [&](const Removal& r) { return r.object.offset() == removals_[i].object.offset(); };
    if (std::ranges::none_of(removals_.begin(), removals_.begin() + static_cast<std::ptrdiff_t>(i), same))
      cut_removals(removals_[i].object);
  }
  removals_.clear();
  std::ranges::stable_sort(edits_, {}, [](const Edit& e) { return std::pair(e.begin, e.end); });
  std::vector<std::string_view> out;
  std::size_t at = 0;
  for (const Edit& edit : edits_) {
    const std::size_t begin = std::max(edit.begin - start, at);
    if (begin > at) out.push_back(text.substr(at, begin - at));
    if (!edit.text.empty()) out.push_back(edit.text);
    at = std::max(at, edit.end - start);
  }
  if (at < text.size()) out.push_back(text.substr(at));
  return out;
}

void Patch::append_to(std::string& out) {
  for (std::string_view slice : slices()) out.append(slice);
}

}  // namespace sluice::json
