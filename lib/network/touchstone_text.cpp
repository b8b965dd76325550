#include "network/touchstone_text.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "core/error.hpp"

namespace photonlink::touchstone_text {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

}  // namespace

std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::string_view next_word(std::string_view& line) {
  std::size_t begin = 0;
  while (begin < line.size() && is_blank(line[begin])) ++begin;
  std::size_t end = begin;
  while (end < line.size() && !is_blank(line[end])) ++end;
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

void Place::fail_at(int other_line, const std::string& what) const {
  throw IoError(fmt::format("{}:{}: {}", path, other_line, what));
}

double Place::number(std::string_view word) const {
  std::string_view digits = word;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code == std::errc::invalid_argument || end != digits.data() + digits.size())
    fail(fmt::format("\"{}\" is not a number; check the line, or export the file again", word.substr(0, 40)));
  // from_chars refuses to underflow; strtod gives the nearest value, 0 or infinity.
  if (code == std::errc::result_out_of_range) value = std::strtod(std::string(digits).c_str(), nullptr);
  if (!std::isfinite(value))
    fail(fmt::format("\"{}\" is not a finite number; remove that frequency or export the file again", word));
  return value;
}

std::size_t Place::count(std::string_view word, const std::string& key, std::size_t largest) const {
  std::size_t value = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || code != std::errc{} || end != word.data() + word.size() || value > largest)
    fail(fmt::format("{} \"{}\" must be a whole number from 0 to {}; correct it or export the file again",
                     key, word.substr(0, 40), largest));
  return value;
}

Records::Records(const Place& place, int ports, std::string ports_from, std::size_t per_record, Noise noise,
                 std::size_t most_numbers)
    : place_(place),
      ports_(ports),
      ports_from_(std::move(ports_from)),
      per_record_(per_record),
      noise_(noise),
      most_numbers_(most_numbers) {}

void Records::take(std::string_view line) {
  const std::size_t before = values_.size();
  for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
    if (values_.size() >= most_numbers_)
      place_.fail(fmt::format("more than {} numbers, the limit of this reader; thin out frequencies or ports",
                              most_numbers_));
    values_.push_back(place_.number(word));
  }
  const std::size_t count = values_.size() - before;
  if (in_noise_ || starts_noise(before, count)) return skip_noise(before, count);
  if (count % 2 == 1) {
    start_record(before);
  } else if (before == 0) {
    place_.fail(fmt::format(
        "the first data line has {} numbers, an even count; it must start with a frequency", count));
  }
  if (values_.size() - record_begin_ > per_record_)
    place_.fail(count_message("", values_.size() - record_begin_));
}

void Records::start_noise() {
  end_record("the noise data start here:");
  in_noise_ = true;
  last_noise_frequency_ = -1.0;
}

/// Noise data of a 2-port: lines of 5 numbers that start again at or below the last frequency.
bool Records::starts_noise(std::size_t before, std::size_t count) const {
  return noise_ == Noise::by_frequency && ports_ == 2 && count == 5 && before > 0 &&
         before - record_begin_ == per_record_ && values_[before] <= values_[record_begin_];
}

void Records::skip_noise(std::size_t before, std::size_t count) {
  if (count != 5)
    place_.fail(
        fmt::format("a line of the noise block has {} numbers, not 5; if no noise block is meant, a "
                    "frequency above is out of order",
                    count));
  if (in_noise_ && values_[before] <= last_noise_frequency_)
    place_.fail(fmt::format("noise frequency {} does not rise; sort the noise block", values_[before]));
  last_noise_frequency_ = values_[before];
  in_noise_ = true;
  ++noise_count_;
  values_.resize(before);
}

void Records::start_record(std::size_t begin) {
  if (begin > 0) {
    const std::size_t count = begin - record_begin_;
    if (count != per_record_) place_.fail_at(record_line_, count_message("", count));
    if (values_[begin] <= values_[record_begin_])
      place_.fail(fmt::format(
          "frequency {} follows {}; frequencies must rise, sort the file or remove the repeated line",
          values_[begin], values_[record_begin_]));
  }
  if (values_[begin] < 0.0)
    place_.fail(fmt::format("frequency {} is negative; remove the line", values_[begin]));
  record_begin_ = begin;
  record_line_ = place_.line;
}

void Records::end_record(const std::string& why) const {
  if (values_.empty()) return;
  const std::size_t count = values_.size() - record_begin_;
  if (count != per_record_) place_.fail(count_message(why + " ", count));
}

std::string Records::count_message(const std::string& why, std::size_t count) const {
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(count - 1) / 2.0)));
  const bool square = side > 0 && 1 + 2 * side * side == count && count != per_record_;
  return fmt::format("{}the frequency that starts in line {} has {} numbers where {} ports ({}) need {}; {}",
                     why, record_line_, count, ports_, ports_from_, per_record_,
                     square ? fmt::format("the data fit .s{}p, rename or export the file again", side)
                            : std::string("check the extension, or export the file again"));
}

}  // namespace photonlink::touchstone_text
