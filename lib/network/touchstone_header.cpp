#include "network/touchstone_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace photonlink::touchstone_text {
namespace {

constexpr std::size_t most_ports = 1000, most_frequencies = std::size_t{1} << 32;

/// "[Number of  Ports] 4" gives "NUMBER OF PORTS" and leaves " 4" in `line`; empty without "]".
std::string keyword_of(std::string_view& line) {
  const std::size_t begin = line.find('['), end = line.find(']');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  std::string_view inside = line.substr(begin + 1, end - begin - 1);
  std::string key;
  for (std::string_view word = next_word(inside); !word.empty(); word = next_word(inside))
    key += (key.empty() ? "" : " ") + upper_case(word);
  line.remove_prefix(end + 1);
  return key;
}

}  // namespace

Section Header::take(std::string_view line, Section section) {
  std::string_view rest = line;
  if (next_word(rest)[0] == '[') return read_keyword(line, section);
  // The format says that only the first option line counts.
  if (!has_options_) read_options(line.substr(line.find('#') + 1));
  return section;
}

void Header::read_options(std::string_view line) {
  has_options_ = true;
  for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
    const std::string key = upper_case(word);
    if (key == "HZ")
      unit_Hz_ = 1.0;
    else if (key == "KHZ")
      unit_Hz_ = 1e3;
    else if (key == "MHZ")
      unit_Hz_ = 1e6;
    else if (key == "GHZ")
      unit_Hz_ = 1e9;
    else if (key == "RI")
      format_ = Format::real_imaginary;
    else if (key == "MA")
      format_ = Format::magnitude_angle;
    else if (key == "DB")
      format_ = Format::decibel_angle;
    else if (key == "R")
      read_option_references(line);
    else if (key == "Y" || key == "Z" || key == "G" || key == "H")
      place_.fail(fmt::format("{}-parameters are not read, only S; convert the file to S-parameters", key));
    else if (key != "S")
      place_.fail(fmt::format("\"{}\" is no option; an option line reads \"# GHz S MA R 50\"", word));
  }
}

/// One impedance, or since version 1.1 one for each port.
void Header::read_option_references(std::string_view& line) {
  option_ohm_.clear();
  for (;;) {
    std::string_view rest = line;
    const std::string_view word = next_word(rest);
    if (word.empty() || std::string_view("0123456789.+-").find(word[0]) == std::string_view::npos) break;
    const double ohm = place_.number(word);
    if (ohm <= 0.0)
      place_.fail(fmt::format("reference impedance {} ohm must be positive; write for example R 50", word));
    option_ohm_.push_back(ohm);
    line = rest;
  }
  if (option_ohm_.empty())
    place_.fail("R names no reference impedance, which must be real; write for example R 50");
}

Section Header::read_keyword(std::string_view line, Section section) {
  const std::string_view whole = line;
  const std::string key = keyword_of(line);
  open_ = Open::none;
  if (section == Section::information && key != "END INFORMATION") return section;
  const auto first = [&] { return next_word(line); };
  if (key == "VERSION") {
    const std::string_view number = first();
    if (number != "2.0" && number != "2.1" && number != "2")
      place_.fail(
          fmt::format("version {} is not known; this reader knows Touchstone 1, 2.0 and 2.1", number));
    if (has_options_ || version_ == 2)
      place_.fail("[Version] must be the first line that is no comment; export the file again");
    version_ = 2;
    return section;
  }
  if (version_ != 2)
    place_.fail(fmt::format("[{}] belongs to Touchstone 2, but no [Version] 2.0 stands above; add it", key));
  if (!has_options_ && key != "BEGIN INFORMATION" && key != "END INFORMATION")
    place_.fail("the option line must follow [Version]; add one such as \"# GHz S MA R 50\"");
  if (section != Section::header && section != Section::information && key != "NOISE DATA" && key != "END")
    place_.fail(fmt::format(
        "[{}] stands behind [Network Data] and belongs above it, once; export the file again", key));
  if (key == "NUMBER OF PORTS")
    read_ports(first());
  else if (key == "TWO-PORT DATA ORDER" || key == "TWO-PORT ORDER")
    read_order(first());
  else if (key == "NUMBER OF FREQUENCIES")
    frequencies_ = place_.count(first(), "[Number of Frequencies]", most_frequencies);
  else if (key == "NUMBER OF NOISE FREQUENCIES")
    noise_frequencies_ = place_.count(first(), "[Number of Noise Frequencies]", most_frequencies);
  else if (key == "REFERENCE")
    open_ = Open::reference, read_reference(line);
  else if (key == "MATRIX FORMAT")
    read_matrix(first());
  else if (key == "MIXED-MODE ORDER")
    open_ = Open::modes, read_modes(line);
  else if (key == "BEGIN INFORMATION")
    return Section::information;
  else if (key == "END INFORMATION")
    return Section::header;
  else if (key == "NETWORK DATA")
    return check(), Section::network;
  else if (key == "NOISE DATA")
    return Section::noise;
  else if (key == "END")
    return Section::ended;
  else
    place_.fail(fmt::format("\"{}\" is no keyword of Touchstone 2; check its spelling", whole.substr(0, 40)));
  return section;
}

bool Header::take_continued(std::string_view line) {
  if (open_ == Open::none) return false;
  open_ == Open::reference ? read_reference(line) : read_modes(line);
  return true;
}

void Header::read_ports(std::string_view word) {
  const auto ports = static_cast<int>(place_.count(word, "[Number of Ports]", most_ports));
  if (ports == 0) place_.fail("[Number of Ports] 0: at least one port is needed; correct it");
  if (ports_ != 0 && ports_ != ports)
    place_.fail(fmt::format("[Number of Ports] {} contradicts {}; rename the file or correct the keyword",
                            ports, version_ == 2 ? "the extension or an earlier line" : "the extension"));
  ports_ = ports;
}

void Header::read_order(std::string_view word) {
  if (word != "12_21" && word != "21_12")
    place_.fail(fmt::format("[Two-Port Data Order] \"{}\" must be 12_21 or 21_12; correct it", word));
  row_by_row_ = word == "12_21";
}

void Header::read_matrix(std::string_view word) {
  const std::string name = upper_case(word);
  if (name == "FULL")
    matrix_ = Matrix::full;
  else if (name == "LOWER")
    matrix_ = Matrix::lower;
  else if (name == "UPPER")
    matrix_ = Matrix::upper;
  else
    place_.fail(fmt::format("[Matrix Format] \"{}\" must be Full, Lower or Upper; correct it", word));
}

void Header::read_reference(std::string_view words) {
  for (std::string_view word = next_word(words); !word.empty(); word = next_word(words)) {
    const double ohm = place_.number(word);
    if (ohm <= 0.0)
      place_.fail(fmt::format("reference impedance {} ohm must be positive; correct [Reference]", word));
    if (reference_ohm_.size() >= most_ports)
      place_.fail("[Reference] lists more impedances than ports; correct it");
    reference_ohm_.push_back(ohm);
  }
}

int Header::mode_port(std::string_view digits, std::string_view word) const {
  int port = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (code != std::errc{} || end != digits.data() + digits.size() || port < 1 || port > ports_)
    place_.fail(fmt::format(
        "[Mixed-Mode Order] \"{}\" must name ports from 1 to {} as in S1, D2,3 or C2,3; correct it", word,
        ports_));
  return port - 1;
}

void Header::read_modes(std::string_view words) {
  if (ports_ == 0) place_.fail("[Mixed-Mode Order] stands above [Number of Ports]; put it below");
  for (std::string_view word = next_word(words); !word.empty(); word = next_word(words)) {
    ModeEntry entry{upper_case(word.substr(0, 1))[0]};
    std::string_view digits = word.substr(1);
    if (entry.mode == 'S') {
      entry.first = mode_port(digits, word);
    } else {
      const std::size_t comma = std::min(digits.find(','), digits.size());
      entry.first = mode_port(digits.substr(0, comma), word);
      digits.remove_prefix(std::min(comma + 1, digits.size()));
      entry.second = mode_port(digits, word);
      if ((entry.mode != 'D' && entry.mode != 'C') || entry.first == entry.second)
        place_.fail(fmt::format(
            "[Mixed-Mode Order] \"{}\" is neither S1 nor a mode of two ports, D1,2 or C1,2; correct it",
            word));
    }
    if (modes_.size() >= static_cast<std::size_t>(ports_))
      place_.fail(fmt::format("[Mixed-Mode Order] lists more than {} entries; correct it", ports_));
    modes_.push_back(entry);
  }
}

void Header::check() const {
  if (ports_ == 0) place_.fail("[Number of Ports] is missing; add it above the data");
  if (version_ == 1) {
    if (option_ohm_.size() > 1 && option_ohm_.size() != static_cast<std::size_t>(ports_))
      place_.fail(fmt::format("R lists {} reference impedances for {} ports; give one, or one for each port",
                              option_ohm_.size(), ports_));
    return;
  }
  if (ports_ == 2 && !row_by_row_)
    place_.fail("[Two-Port Data Order] is missing, which 2-ports need; add 12_21 or 21_12");
  if (!frequencies_) place_.fail("[Number of Frequencies] is missing; add it above [Network Data]");
  if (!reference_ohm_.empty() && reference_ohm_.size() != static_cast<std::size_t>(ports_))
    place_.fail(fmt::format("[Reference] lists {} impedances for {} ports; give one for each port",
                            reference_ohm_.size(), ports_));
  check_modes();
}

/// Every port single ended, or in the differential and the common mode of one pair on equal references.
void Header::check_modes() const {
  if (modes_.empty()) return;
  if (modes_.size() != static_cast<std::size_t>(ports_))
    place_.fail(fmt::format("[Mixed-Mode Order] lists {} entries for {} ports; give one for each",
                            modes_.size(), ports_));
  const std::vector<double> ohm = references_ohm();
  std::vector<int> used(static_cast<std::size_t>(ports_), 0);
  for (const ModeEntry& entry : modes_) {
    ++used[static_cast<std::size_t>(entry.first)];
    if (entry.mode == 'S') {
      ++used[static_cast<std::size_t>(entry.first)];
      continue;
    }
    ++used[static_cast<std::size_t>(entry.second)];
    const auto partner = std::find_if(modes_.begin(), modes_.end(), [&](const ModeEntry& other) {
      return other.first == entry.first && other.second == entry.second && other.mode != entry.mode &&
             other.mode != 'S';
    });
    if (partner == modes_.end())
      place_.fail(fmt::format("[Mixed-Mode Order] {}{},{} has no partner mode of the same pair; add it",
                              entry.mode, entry.first + 1, entry.second + 1));
    if (ohm[static_cast<std::size_t>(entry.first)] != ohm[static_cast<std::size_t>(entry.second)])
      place_.fail(
          fmt::format("ports {} and {} form a pair on different references, {} and {} ohm; correct "
                      "[Reference]",
                      entry.first + 1, entry.second + 1, ohm[static_cast<std::size_t>(entry.first)],
                      ohm[static_cast<std::size_t>(entry.second)]));
  }
  for (std::size_t port = 0; port < used.size(); ++port)
    if (used[port] != 2)
      place_.fail(
          fmt::format("[Mixed-Mode Order] names port {} too rarely or too often; correct it", port + 1));
}

std::vector<double> Header::references_ohm() const {
  const auto n = static_cast<std::size_t>(ports_);
  if (!reference_ohm_.empty()) return reference_ohm_;
  return option_ohm_.size() == n ? option_ohm_ : std::vector<double>(n, option_ohm_.front());
}

std::size_t Header::pairs() const {
  const auto n = static_cast<std::size_t>(ports_);
  return matrix_ == Matrix::full ? n * n : n * (n + 1) / 2;
}

}  // namespace photonlink::touchstone_text
