/// What the parts of the Touchstone reader share: words, numbers, the place of an error, records of numbers.
/// Words and places also serve the reader of photonic files; otherwise not meant for use outside, see
/// touchstone.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace photonlink::touchstone_text {

std::string upper_case(std::string_view text);
/// Cuts the next word off `line`; empty at the end.
std::string_view next_word(std::string_view& line);

/// Where the reader is; every complaint starts with it.
struct Place {
  std::string path;
  int line = 0;

  /// @throws IoError "path:line: what"
  [[noreturn]] void fail(const std::string& what) const { fail_at(line, what); }
  [[noreturn]] void fail_at(int other_line, const std::string& what) const;
  /// A finite number. @throws IoError
  double number(std::string_view word) const;
  /// A count from 0 to `largest`. @throws IoError naming `key`
  std::size_t count(std::string_view word, const std::string& key, std::size_t largest) const;
};

/// Numbers of the data lines, cut into one record per frequency: the frequency and its pairs. A line with an
/// odd count of numbers starts a frequency, because values come in pairs.
class Records {
 public:
  /// Noise data behind the network data, five numbers a line: told by a frequency that does not rise
  /// (Touchstone 1, 2-ports), or by a keyword.
  enum class Noise { by_frequency, by_keyword };

  /// @param ports_from where the count of ports was read, for messages ("from the extension")
  Records(const Place& place, int ports, std::string ports_from, std::size_t per_record, Noise noise,
          std::size_t most_numbers);
  void take(std::string_view line);
  /// A keyword says that the noise data follow.
  void start_noise();
  /// The last record is whole. @throws IoError starting with `why`.
  void end_record(const std::string& why) const;
  bool empty() const { return values_.empty(); }
  bool in_noise() const { return in_noise_; }
  std::size_t frequencies() const { return values_.size() / per_record_; }
  std::size_t noise_frequencies() const { return noise_count_; }
  const double* record(std::size_t k) const { return values_.data() + k * per_record_; }

 private:
  bool starts_noise(std::size_t before, std::size_t count) const;
  void skip_noise(std::size_t before, std::size_t count);
  void start_record(std::size_t begin);
  std::string count_message(const std::string& why, std::size_t count) const;

  const Place& place_;
  int ports_;
  std::string ports_from_;
  std::size_t per_record_;
  Noise noise_;
  std::size_t most_numbers_;
  bool in_noise_ = false;
  double last_noise_frequency_ = 0.0;
  std::size_t noise_count_ = 0;
  std::vector<double> values_;    // frequency and pairs of every record, one after the other
  std::size_t record_begin_ = 0;  // index of the frequency of the current record
  int record_line_ = 0;
};

}  // namespace photonlink::touchstone_text
