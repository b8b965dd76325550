// Readers of photonic S-parameter files; the formats are described in photonic_network.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "network/bounded_text.hpp"
#include "network/photonic_network.hpp"
#include "network/touchstone_text.hpp"

namespace photonlink {
namespace {

using touchstone_text::next_word;
using touchstone_text::Place;
constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

/// Words between commas outside quotes; quotes and blanks around a word are taken off.
std::vector<std::string> split_list(const Place& place, std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    text = trimmed(text);
    std::string_view word;
    if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
      const std::size_t end = text.find(text.front(), 1);
      if (end == std::string_view::npos) place.fail("a quote is not closed; export the file again");
      word = text.substr(1, end - 1);
      text = trimmed(text.substr(end + 1));
    } else {
      const std::size_t end = std::min(text.find(','), text.size());
      word = trimmed(text.substr(0, end));
      text = text.substr(end);
    }
    words.emplace_back(word);
    if (text.empty()) return words;
    if (text.front() != ',') place.fail("a comma is missing between two words; export the file again");
    text.remove_prefix(1);
  }
}

/// Rising order for points written in falling order. @throws IoError on a frequency that does not move on.
void put_in_order(const Place& place, int first_line, PhotonicTrace& trace) {
  auto& f = trace.frequency_Hz;
  if (f.size() < 2)
    place.fail_at(first_line, "fewer than two frequencies: a spectrum is needed; export more points");
  if (f.front() > f.back()) {
    std::reverse(f.begin(), f.end());
    std::reverse(trace.s.begin(), trace.s.end());
  }
  for (std::size_t k = 1; k < f.size(); ++k)
    if (!(f[k] > f[k - 1]))
      place.fail_at(first_line,
                    fmt::format("frequencies of S[{}, {}] do not rise or fall steadily at {:.6g} Hz; "
                                "sort the points and remove double ones",
                                trace.out, trace.in, f[k]));
  if (!(f.front() > 0.0)) place.fail_at(first_line, "a frequency is not above 0 Hz; check the first column");
}

class Budget {
 public:
  explicit Budget(std::size_t numbers) : left_(numbers) {}
  void take(const Place& place, std::size_t numbers) {
    if (numbers > left_) place.fail("more numbers than this reader takes; thin out the frequencies");
    left_ -= numbers;
  }

 private:
  std::size_t left_;
};

/// Text of Lumerical INTERCONNECT, line by line.
class BlockReader {
 public:
  BlockReader(Place& place, std::size_t numbers) : place_(place), budget_(numbers) {}

  void take(std::string_view line) {
    if (line.front() == '(' || line.front() == '[') return take_list(line);
    if (!open_ || points_ == 0)
      place_.fail("numbers before a header and its shape (points,3); the file is cut off or of another kind");
    take_point(line);
  }

  std::vector<PhotonicTrace> finish() {
    close();
    if (traces_.empty()) place_.fail("the file holds no block of S-parameters; export it again");
    return std::move(traces_);
  }

 private:
  void take_list(std::string_view line) {
    const char end = line.front() == '(' ? ')' : ']';
    if (line.back() != end)
      place_.fail(fmt::format("the list does not end in \"{}\"; export the file again", end));
    const auto words = split_list(place_, line.substr(1, line.size() - 2));
    if (words.size() >= 6) {
      start_block(words);
    } else if (words.size() == 2 && open_ && points_ == 0) {
      take_shape(words);
    } else if (words.size() != 2 || open_) {
      place_.fail(
          fmt::format("a list of {} words; a header has 6: (\"out\",\"mode\",1,\"in\",1,\"transmission\")",
                      words.size()));
    }  // else a port line in front of the blocks, whose names come back in the headers
  }

  void start_block(const std::vector<std::string>& words) {
    close();
    if (words.size() > 7)
      place_.fail("a sweep over a parameter; export one state of it as a file of its own");
    if (words[5] != "transmission")
      place_.fail(
          fmt::format("type \"{}\"; only \"transmission\" is a linear component", words[5].substr(0, 40)));
    constexpr std::size_t most_modes = 1000;
    open_ = PhotonicTrace{words[0],
                          words[3],
                          static_cast<int>(place_.count(words[2], "mode", most_modes)),
                          static_cast<int>(place_.count(words[4], "mode", most_modes)),
                          {},
                          {}};
    for (const PhotonicTrace& other : traces_)
      if (other.out == open_->out && other.in == open_->in && other.mode_out == open_->mode_out &&
          other.mode_in == open_->mode_in)
        place_.fail(
            fmt::format("S[{}, {}] of these modes stands twice in the file; remove one", words[0], words[3]));
    group_delay_s_ = words.size() == 7 ? place_.number(words[6]) : 0.0;
    header_line_ = place_.line;
    points_ = 0;
  }

  void take_shape(const std::vector<std::string>& words) {
    constexpr std::size_t most_points = std::size_t{1} << 24;
    points_ = place_.count(words[0], "points", most_points);
    const std::size_t columns = place_.count(words[1], "columns", 1000);
    if (columns != 3)
      place_.fail(fmt::format("{} columns; 3 are read: frequency, magnitude, angle in rad", columns));
    if (points_ == 0) place_.fail("a block of no points; export the file again");
  }

  void take_point(std::string_view line) {
    double number[3];
    for (double& each : number) {
      const std::string_view word = next_word(line);
      if (word.empty())
        place_.fail("fewer than three numbers in a line; the file is cut off, export it again");
      each = place_.number(word);
    }
    if (!next_word(line).empty()) place_.fail("more than three numbers in a line; export the file again");
    if (open_->s.size() == points_)
      place_.fail(
          fmt::format("more points than the {} of the shape; correct it or export the file again", points_));
    budget_.take(place_, 3);
    open_->frequency_Hz.push_back(number[0]);
    open_->s.push_back(number[1] * Complex(std::cos(number[2]), std::sin(number[2])));
  }

  void close() {
    if (!open_) return;
    if (open_->s.size() != points_ || points_ == 0)
      place_.fail(fmt::format("the block of line {} has {} points, its shape says {}; the file is cut off",
                              header_line_, open_->s.size(), points_));
    put_in_order(place_, header_line_, *open_);
    const double middle_Hz = 0.5 * (open_->frequency_Hz.front() + open_->frequency_Hz.back());
    if (group_delay_s_ != 0.0)
      for (std::size_t k = 0; k < open_->s.size(); ++k)
        open_->s[k] *= std::polar(1.0, 2.0 * pi * group_delay_s_ * (open_->frequency_Hz[k] - middle_Hz));
    traces_.push_back(std::move(*open_));
    open_.reset();
  }

  Place& place_;
  Budget budget_;
  std::vector<PhotonicTrace> traces_;
  std::optional<PhotonicTrace> open_;
  std::size_t points_ = 0;
  double group_delay_s_ = 0.0;
  int header_line_ = 0;
};

/// What a column of a table is.
struct Column {
  std::string out, in;
  enum class Part { real, imaginary, magnitude, angle } part = Part::real;
};

/// Table of comma separated values.
class TableReader {
 public:
  TableReader(Place& place, std::size_t numbers) : place_(place), budget_(numbers) {}

  void take(std::string_view line) {
    const auto words = split_list(place_, line);
    if (columns_.empty()) return take_header(words);
    if (words.size() != columns_.size() + 1)
      place_.fail(fmt::format("{} cells, the header has {}; the file is cut off, or a comma is missing",
                              words.size(), columns_.size() + 1));
    budget_.take(place_, words.size());
    const double x = place_.number(words[0]) * scale_;
    if (!(x > 0.0)) place_.fail("the first column is not above 0; it must be a wavelength or a frequency");
    frequency_Hz_.push_back(is_wavelength_ ? c0 / x : x);
    for (std::size_t i = 0; i < columns_.size(); ++i) cells_[i].push_back(place_.number(words[i + 1]));
  }

  std::vector<PhotonicTrace> finish() {
    if (columns_.empty()) place_.fail("the file holds no header; name the columns in the first line");
    std::vector<PhotonicTrace> traces;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.part == Column::Part::imaginary || column.part == Column::Part::angle) continue;
      PhotonicTrace trace{column.out, column.in, 1, 1, frequency_Hz_, {}};
      trace.s.reserve(frequency_Hz_.size());
      const std::vector<double>& second = cells_[twin(i)];
      for (std::size_t k = 0; k < frequency_Hz_.size(); ++k)
        trace.s.push_back(column.part == Column::Part::real
                              ? Complex(cells_[i][k], second[k])
                              : cells_[i][k] * Complex(std::cos(second[k]), std::sin(second[k])));
      put_in_order(place_, 1, trace);
      traces.push_back(std::move(trace));
    }
    return traces;
  }

 private:
  void take_header(const std::vector<std::string>& words) {
    struct Name {
      std::string_view name;
      double scale;
      bool is_wavelength;
    };
    static constexpr Name names[] = {
        {"wavelengths", 1e-6, true},   {"wavelength", 1e-6, true},    {"wl", 1e-6, true},
        {"wavelength_um", 1e-6, true}, {"wavelength_nm", 1e-9, true}, {"wavelength_m", 1.0, true},
        {"frequency_Hz", 1.0, false},  {"frequency_THz", 1e12, false}};
    const auto* const known = std::find_if(std::begin(names), std::end(names),
                                           [&](const Name& each) { return each.name == words[0]; });
    if (known == std::end(names))
      place_.fail(
          fmt::format("first column \"{}\"; it must be wavelengths (um), wavelength_m, wavelength_nm, "
                      "frequency_Hz or frequency_THz",
                      words[0].substr(0, 40)));
    scale_ = known->scale;
    is_wavelength_ = known->is_wavelength;
    constexpr std::size_t most_columns = 10000;
    if (words.size() < 3 || words.size() > most_columns)
      place_.fail(fmt::format("{} columns; at least one pair such as S_o2_o1_re, S_o2_o1_im is needed",
                              words.size()));
    for (std::size_t i = 1; i < words.size(); ++i) columns_.push_back(column(words[i]));
    for (std::size_t i = 0; i < columns_.size(); ++i) twin(i);
    cells_.resize(columns_.size());
  }

  Column column(const std::string& word) const {
    using Part = Column::Part;
    const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    if (word.size() == 4 && std::toupper(static_cast<unsigned char>(word[0])) == 'S' && is_digit(word[1]) &&
        is_digit(word[2]) && (word[3] == 'm' || word[3] == 'a'))
      return {std::string("o") + word[1], std::string("o") + word[2],
              word[3] == 'm' ? Part::magnitude : Part::angle};
    std::vector<std::string> parts(1);
    for (const char c : word) {
      if (c == '_')
        parts.emplace_back();
      else
        parts.back() += c;
    }
    if (parts.size() == 4 && (parts[0] == "S" || parts[0] == "s") && !parts[1].empty() && !parts[2].empty()) {
      if (parts[3] == "re") return {parts[1], parts[2], Part::real};
      if (parts[3] == "im") return {parts[1], parts[2], Part::imaginary};
      if (parts[3] == "mag") return {parts[1], parts[2], Part::magnitude};
      if (parts[3] == "phase") return {parts[1], parts[2], Part::angle};
    }
    place_.fail(
        fmt::format("column \"{}\"; write S21m, S21a or S_out_in_re, _im, _mag, _phase with names of ports "
                    "without underscores",
                    word.substr(0, 40)));
  }

  // Index of the column that completes column `i`. @throws IoError when there is none or more than one.
  std::size_t twin(std::size_t i) const {
    using Part = Column::Part;
    const Part wanted = columns_[i].part == Part::real        ? Part::imaginary
                        : columns_[i].part == Part::imaginary ? Part::real
                        : columns_[i].part == Part::magnitude ? Part::angle
                                                              : Part::magnitude;
    std::size_t found = columns_.size();
    int count = 0;
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      if (columns_[k].out != columns_[i].out || columns_[k].in != columns_[i].in ||
          columns_[k].part != wanted)
        continue;
      found = k;
      ++count;
    }
    if (count != 1)
      place_.fail(fmt::format(
          "column {} of S[{}, {}] has {} partners; give real and imaginary part, or magnitude and "
          "angle, once each",
          i + 2, columns_[i].out, columns_[i].in, count));
    return found;
  }

  Place& place_;
  Budget budget_;
  double scale_ = 1.0;
  bool is_wavelength_ = true;
  std::vector<Column> columns_;
  std::vector<double> frequency_Hz_;
  std::vector<std::vector<double>> cells_;  // (n_column, n_frequency)
};

/// Hands every line that is neither empty nor a comment to the reader.
template <class Reader>
std::vector<PhotonicTrace> read_lines(Place& place, std::string_view text, std::size_t numbers) {
  Reader reader(place, numbers);
  while (!text.empty()) {
    ++place.line;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty() && line.front() != '#') reader.take(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

/// True when the first line that says something opens a bracket.
bool starts_with_list(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty() && line.front() != '#') return line.front() == '(' || line.front() == '[';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

PhotonicNetwork read_photonic_network(const std::string& path, const PhotonicLimits& limits) {
  const std::string whole = read_text_bounded(path, limits.text_bytes);
  std::string_view text = whole;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // byte order mark
  Place place{path};
  const bool blocks = starts_with_list(text);
  return {path, blocks ? read_lines<BlockReader>(place, text, limits.numbers)
                       : read_lines<TableReader>(place, text, limits.numbers)};
}

}  // namespace photonlink
