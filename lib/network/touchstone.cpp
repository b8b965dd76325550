#include "network/touchstone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "network/bounded_text.hpp"

namespace photonlink {
namespace {

enum class Format { real_imaginary, magnitude_angle, decibel_angle };

struct Options {
  double unit_Hz = 1e9;
  Format format = Format::magnitude_angle;
  double reference_ohm = 50.0;
};

std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/// Cuts the next word off `line`; empty at the end.
std::string_view next_word(std::string_view& line) {
  std::size_t begin = 0;
  while (begin < line.size() && is_blank(line[begin])) ++begin;
  std::size_t end = begin;
  while (end < line.size() && !is_blank(line[end])) ++end;
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

Complex from_pair(double first, double second, Format format) {
  if (format == Format::real_imaginary) return {first, second};
  const double magnitude = format == Format::magnitude_angle ? first : std::pow(10.0, first / 20.0);
  const double angle = second * constants::pi / 180.0;
  // Not std::polar: a negative magnitude, which some writers produce, is undefined there.
  return {magnitude * std::cos(angle), magnitude * std::sin(angle)};
}

/// One pass over the text. A line with an odd count of numbers starts a frequency, because values come in
/// pairs.
class Parser {
 public:
  Parser(const std::string& path, int ports, const TouchstoneLimits& limits)
      : path_(path),
        ports_(ports),
        per_record_(1 + 2 * static_cast<std::size_t>(ports) * static_cast<std::size_t>(ports)),
        limits_(limits) {}

  SParameters parse(std::string_view text) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // byte order mark
    while (!text.empty()) {
      ++line_;
      const std::size_t end = std::min(text.find('\n'), text.size());
      take_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!has_options_ && values_.empty()) fail("the file holds no data; export it again");
    if (values_.empty()) fail("no data follow the option line; export the file again");
    if (!in_noise_block_) end_record("the file ends here: it is cut off, or");
    return result();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { fail_at(line_, what); }
  [[noreturn]] void fail_at(int line, const std::string& what) const {
    throw IoError(fmt::format("{}:{}: {}", path_, line, what));
  }

  void take_line(std::string_view line) {
    line = line.substr(0, line.find('!'));
    std::string_view rest = line;
    const std::string_view word = next_word(rest);
    if (word.empty()) return;
    if (word[0] == '[')
      fail(fmt::format("{} belongs to Touchstone 2; export the file as Touchstone 1", word));
    if (word[0] == '#') {
      // The format says that only the first option line counts.
      if (!has_options_) read_options(line.substr(line.find('#') + 1));
      return;
    }
    if (!has_options_)
      fail("data before the option line; add one such as \"# GHz S MA R 50\" above the data");
    read_numbers(line);
  }

  void read_options(std::string_view line) {
    has_options_ = true;
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      const std::string key = upper_case(word);
      if (key == "HZ")
        options_.unit_Hz = 1.0;
      else if (key == "KHZ")
        options_.unit_Hz = 1e3;
      else if (key == "MHZ")
        options_.unit_Hz = 1e6;
      else if (key == "GHZ")
        options_.unit_Hz = 1e9;
      else if (key == "RI")
        options_.format = Format::real_imaginary;
      else if (key == "MA")
        options_.format = Format::magnitude_angle;
      else if (key == "DB")
        options_.format = Format::decibel_angle;
      else if (key == "R")
        read_reference(next_word(line));
      else if (key == "Y" || key == "Z" || key == "G" || key == "H")
        fail(fmt::format("{}-parameters are not read, only S; convert the file to S-parameters", key));
      else if (key != "S")
        fail(fmt::format("\"{}\" is no option; an option line reads \"# GHz S MA R 50\"", word));
    }
  }

  void read_reference(std::string_view word) {
    if (word.empty()) fail("R names no reference impedance; write for example R 50");
    options_.reference_ohm = number(word);
    if (options_.reference_ohm <= 0.0)
      fail(fmt::format("reference impedance {} ohm must be positive; write for example R 50", word));
  }

  double number(std::string_view word) const {
    std::string_view digits = word;
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
    double value = 0.0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code == std::errc::invalid_argument || end != digits.data() + digits.size())
      fail(fmt::format("\"{}\" is not a number; check the line, or export the file again",
                       word.substr(0, 40)));
    // from_chars refuses to underflow; strtod gives the nearest value, 0 or infinity.
    if (code == std::errc::result_out_of_range) value = std::strtod(std::string(digits).c_str(), nullptr);
    if (!std::isfinite(value))
      fail(
          fmt::format("\"{}\" is not a finite number; remove that frequency or export the file again", word));
    return value;
  }

  void read_numbers(std::string_view line) {
    const std::size_t before = values_.size();
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      if (values_.size() >= limits_.numbers)
        fail(fmt::format("more than {} numbers, the limit of this reader; thin out frequencies or ports",
                         limits_.numbers));
      values_.push_back(number(word));
    }
    const std::size_t count = values_.size() - before;
    if (in_noise_block_ || starts_noise_block(before, count)) return skip_noise(before, count);
    if (count % 2 == 1) {
      start_record(before);
    } else if (before == 0) {
      fail(fmt::format("the first data line has {} numbers, an even count; it must start with a frequency",
                       count));
    }
    if (values_.size() - record_begin_ > per_record_) fail(count_message("", values_.size() - record_begin_));
  }

  /// Noise data of a 2-port: lines of 5 numbers that start again at or below the last frequency.
  bool starts_noise_block(std::size_t before, std::size_t count) const {
    return ports_ == 2 && count == 5 && before > 0 && before - record_begin_ == per_record_ &&
           values_[before] <= values_[record_begin_];
  }

  void skip_noise(std::size_t before, std::size_t count) {
    if (count != 5)
      fail(fmt::format(
          "a line of the noise block has {} numbers, not 5; if no noise block is meant, a frequency above "
          "is out of order",
          count));
    if (in_noise_block_ && values_[before] <= last_noise_frequency_)
      fail(fmt::format("noise frequency {} does not rise; sort the noise block", values_[before]));
    last_noise_frequency_ = values_[before];
    in_noise_block_ = true;
    values_.resize(before);
  }

  void start_record(std::size_t begin) {
    if (begin > 0) {
      const std::size_t count = begin - record_begin_;
      if (count != per_record_) fail_at(record_line_, count_message("", count));
      if (values_[begin] <= values_[record_begin_])
        fail(fmt::format(
            "frequency {} follows {}; frequencies must rise, sort the file or remove the repeated line",
            values_[begin], values_[record_begin_]));
    }
    if (values_[begin] < 0.0) fail(fmt::format("frequency {} is negative; remove the line", values_[begin]));
    record_begin_ = begin;
    record_line_ = line_;
  }

  void end_record(const std::string& why) const {
    const std::size_t count = values_.size() - record_begin_;
    if (count != per_record_) fail(count_message(why + " ", count));
  }

  std::string count_message(const std::string& why, std::size_t count) const {
    const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(count - 1) / 2.0)));
    const bool square = side > 0 && 1 + 2 * side * side == count && count != per_record_;
    return fmt::format(
        "{}the frequency that starts in line {} has {} numbers where {} ports (from the extension) need {}; "
        "{}",
        why, record_line_, count, ports_, per_record_,
        square ? fmt::format("the data fit .s{}p, rename or export the file again", side)
               : std::string("check the extension, or export the file again"));
  }

  SParameters result() const {
    const auto n = static_cast<std::size_t>(ports_);
    const std::size_t points = values_.size() / per_record_;
    SParameters network{ports_, options_.reference_ohm, std::vector<double>(points),
                        std::vector<Complex>(points * n * n)};
    for (std::size_t k = 0; k < points; ++k) {
      const double* value = values_.data() + k * per_record_;
      network.frequency_Hz[k] = *value++ * options_.unit_Hz;
      Complex* s = network.s.data() + k * n * n;
      for (std::size_t i = 0; i < n * n; ++i, value += 2)
        s[i] = from_pair(value[0], value[1], options_.format);
      if (ports_ == 2) std::swap(s[1], s[2]);  // 2-ports alone are written S11 S21 S12 S22
    }
    return network;
  }

  std::string path_;
  int ports_;
  std::size_t per_record_;
  TouchstoneLimits limits_;
  Options options_;
  bool has_options_ = false, in_noise_block_ = false;
  double last_noise_frequency_ = 0.0;
  std::vector<double> values_;    // frequency and pairs of every record, one after the other
  std::size_t record_begin_ = 0;  // index of the frequency of the current record
  int line_ = 0, record_line_ = 0;
};

}  // namespace

int touchstone_ports(const std::string& path) {
  std::string name = upper_case(path.substr(path.find_last_of('/') + 1));
  if (name.size() > 3 && name.compare(name.size() - 3, 3, ".GZ") == 0) name.resize(name.size() - 3);
  const std::size_t dot = name.find_last_of('.');
  if (dot != std::string::npos && name.size() > dot + 3 && name[dot + 1] == 'S' && name.back() == 'P') {
    int ports = 0;
    const char* end = name.data() + name.size() - 1;
    const auto [stop, code] = std::from_chars(name.data() + dot + 2, end, ports);
    if (code == std::errc{} && stop == end && ports >= 1 && ports <= 1000) return ports;
  }
  throw IoError(
      fmt::format("{}: the extension names no port count from 1 to 1000; rename the file to .s4p or "
                  ".s4p.gz with its number of ports",
                  path));
}

SParameters read_touchstone(const std::string& path, const TouchstoneLimits& limits) {
  const int ports = touchstone_ports(path);
  const std::string text = read_text_bounded(path, limits.text_bytes);
  return Parser(path, ports, limits).parse(text);
}

}  // namespace photonlink
