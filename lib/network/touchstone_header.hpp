/// Option line and keywords of a Touchstone file. Not meant for use outside the reader; see touchstone.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network/touchstone_text.hpp"

namespace photonlink::touchstone_text {

enum class Format { real_imaginary, magnitude_angle, decibel_angle };
enum class Matrix { full, lower, upper };
enum class Section { header, information, network, noise, ended };

/// One entry of [Mixed-Mode Order]: "S3" has one port, "D2,3" and "C2,3" have two, counted from 0.
struct ModeEntry {
  char mode = 'S';
  int first = 0, second = -1;
};

class Header {
 public:
  /// @param ports from the extension; 0 when it names none
  Header(const Place& place, int ports) : place_(place), ports_(ports) {}

  /// A line that starts with "[" or "#". @return the section that the reader is in behind it.
  Section take(std::string_view line, Section section);
  /// Arguments of [Reference] or [Mixed-Mode Order] may stand on the lines behind it. @return true when
  /// `line` was taken as such.
  bool take_continued(std::string_view line);
  /// What the data need is known and does not contradict itself. @throws IoError
  void check() const;

  int version() const { return version_; }  ///< 1 or 2
  int ports() const { return ports_; }
  double unit_Hz() const { return unit_Hz_; }
  Format format() const { return format_; }
  Matrix matrix() const { return matrix_; }
  bool has_options() const { return has_options_; }
  std::optional<std::size_t> frequencies() const { return frequencies_; }
  std::optional<std::size_t> noise_frequencies() const { return noise_frequencies_; }
  /// S12 stands before S21 in the data of a 2-port.
  bool row_by_row() const { return ports_ != 2 || row_by_row_.value_or(version_ == 2); }
  /// Every port, single ended.
  std::vector<double> references_ohm() const;
  const std::vector<ModeEntry>& modes() const { return modes_; }  ///< empty: all single ended
  /// Pairs of numbers per frequency.
  std::size_t pairs() const;

 private:
  void read_options(std::string_view line);
  void read_option_references(std::string_view& line);
  Section read_keyword(std::string_view line, Section section);
  void read_ports(std::string_view words);
  void read_order(std::string_view words);
  void read_matrix(std::string_view words);
  void read_reference(std::string_view words);
  void read_modes(std::string_view words);
  void check_modes() const;
  int mode_port(std::string_view digits, std::string_view word) const;

  const Place& place_;
  int version_ = 1, ports_;
  bool has_options_ = false;
  double unit_Hz_ = 1e9;
  Format format_ = Format::magnitude_angle;
  Matrix matrix_ = Matrix::full;
  std::vector<double> option_ohm_ = {50.0}, reference_ohm_;
  std::optional<bool> row_by_row_;
  std::optional<std::size_t> frequencies_, noise_frequencies_;
  std::vector<ModeEntry> modes_;
  enum class Open { none, reference, modes } open_ = Open::none;  // whose arguments are not complete yet
};

}  // namespace photonlink::touchstone_text
