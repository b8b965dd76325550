#include "network/touchstone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "network/bounded_text.hpp"
#include "network/touchstone_header.hpp"

namespace photonlink {
namespace {

using namespace touchstone_text;

Complex from_pair(double first, double second, Format format) {
  if (format == Format::real_imaginary) return {first, second};
  const double magnitude = format == Format::magnitude_angle ? first : std::pow(10.0, first / 20.0);
  const double angle = second * constants::pi / 180.0;
  // Not std::polar: a negative magnitude, which some writers produce, is undefined there.
  return {magnitude * std::cos(angle), magnitude * std::sin(angle)};
}

/// One pass over the text.
class Parser {
 public:
  Parser(const std::string& path, int ports, const TouchstoneLimits& limits)
      : place_{path}, header_(place_, ports), named_ports_(ports), limits_(limits) {}

  SParameters parse(std::string_view text) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // byte order mark
    // Lines of some old programs end in a carriage return alone.
    const char line_end = text.find('\n') == std::string_view::npos ? '\r' : '\n';
    while (!text.empty() && section_ != Section::ended) {
      ++place_.line;
      const std::size_t end = std::min(text.find(line_end), text.size());
      take_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    check_end();
    return result();
  }

 private:
  void take_line(std::string_view line) {
    line = line.substr(0, line.find('!'));
    std::string_view rest = line;
    const std::string_view word = next_word(rest);
    if (word.empty()) return;
    if (word[0] == '[' || (word[0] == '#' && section_ == Section::header)) return take_header(line);
    if (section_ == Section::information || word[0] == '#') return;  // only the first option line counts
    if (section_ == Section::header && header_.take_continued(line)) return;
    if (section_ == Section::header && header_.version() == 2)
      place_.fail("data before [Network Data]; add the keyword above the data");
    if (!header_.has_options())
      place_.fail("data before the option line; add one such as \"# GHz S MA R 50\" above the data");
    if (!records_) start_records("from the extension", Records::Noise::by_frequency);
    records_->take(line);
  }

  void take_header(std::string_view line) {
    const Section before = section_;
    section_ = header_.take(line, section_);
    if (section_ == before) return;
    if (section_ == Section::network) {
      start_records("from [Number of Ports]", Records::Noise::by_keyword);
    } else if (section_ == Section::noise) {
      if (!records_ || header_.ports() != 2)
        place_.fail("[Noise Data] belongs behind the network data of a 2-port; remove it");
      records_->start_noise();
    }
  }

  void start_records(const char* ports_from, Records::Noise noise) {
    header_.check();
    records_ = std::make_unique<Records>(place_, header_.ports(), ports_from, 1 + 2 * header_.pairs(), noise,
                                         limits_.numbers);
  }

  void check_end() const {
    if (header_.version() == 1 && named_ports_ == 0)
      place_.fail("a .ts file must start with [Version] 2.0; rename a Touchstone 1 file to .sNp");
    if (!header_.has_options() && !records_) place_.fail("the file holds no data; export it again");
    if (!records_ || records_->empty()) place_.fail("no data follow the option line; export the file again");
    if (!records_->in_noise()) records_->end_record("the file ends here: it is cut off, or");
    if (header_.version() == 1) return;
    if (section_ != Section::ended)
      place_.fail("the file ends without [End]: it is cut off; copy or export it again");
    check_count("[Number of Frequencies]", header_.frequencies(), records_->frequencies());
    if (records_->in_noise())
      check_count("[Number of Noise Frequencies]", header_.noise_frequencies(),
                  records_->noise_frequencies());
  }

  void check_count(const char* key, std::optional<std::size_t> said, std::size_t found) const {
    if (said && *said != found)
      place_.fail(fmt::format("{} says {}, but {} follow; the file is cut off or the keyword is wrong", key,
                              *said, found));
  }

  SParameters result() const {
    const auto n = static_cast<std::size_t>(header_.ports());
    const std::size_t points = records_->frequencies();
    const std::vector<double> references = header_.references_ohm();
    SParameters network{header_.ports(), references.front(), std::vector<double>(points),
                        std::vector<Complex>(points * n * n)};
    for (std::size_t k = 0; k < points; ++k) {
      network.frequency_Hz[k] = *records_->record(k) * header_.unit_Hz();
      place_matrix(records_->record(k) + 1, network.s.data() + k * n * n);
      check_size(network.frequency_Hz[k], {network.s.data() + k * n * n, n * n});
    }
    if (!header_.modes().empty()) to_single_ended(network);
    return renormalise_ports(network, references, std::vector<double>(n, references.front()));
  }

  /// Numbers that are finite, but whose squares or units are not, or that no network has.
  void check_size(double frequency_Hz, std::span<const Complex> s) const {
    constexpr double highest_Hz = 1e18, largest = 1e9;
    if (!(frequency_Hz <= highest_Hz))
      throw IoError(fmt::format("{}: frequency {} Hz is above {} Hz; correct the unit in the option line",
                                place_.path, frequency_Hz, highest_Hz));
    for (const Complex& value : s)
      if (!(std::abs(value) <= largest))
        throw IoError(fmt::format(
            "{}: a value at {} Hz has the magnitude {:.3g}, above {}: no S-parameter; correct the "
            "format in the option line (RI, MA or DB), or export the file again",
            place_.path, frequency_Hz, std::abs(value), largest));
  }

  /// Pairs of one frequency to row-major S.
  void place_matrix(const double* value, Complex* s) const {
    const auto n = static_cast<std::size_t>(header_.ports());
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t begin = header_.matrix() == Matrix::upper ? i : 0,
                        end = header_.matrix() == Matrix::lower ? i + 1 : n;
      for (std::size_t j = begin; j < end; ++j, value += 2) {
        s[i * n + j] = from_pair(value[0], value[1], header_.format());
        if (header_.matrix() != Matrix::full) s[j * n + i] = s[i * n + j];
      }
    }
    if (!header_.row_by_row()) std::swap(s[1], s[2]);
  }

  /// S = M^T S_mm M with the orthonormal rows of the modes, as in `mixed_mode`.
  void to_single_ended(SParameters& network) const {
    const auto n = static_cast<std::size_t>(header_.ports());
    struct Part {
      std::size_t port;
      double weight;
    };
    std::vector<std::vector<Part>> rows;
    rows.reserve(n);
    for (const ModeEntry& entry : header_.modes()) {
      const auto first = static_cast<std::size_t>(entry.first);
      if (entry.mode == 'S') {
        rows.push_back({{first, 1.0}});
        continue;
      }
      const double half = std::sqrt(0.5);
      rows.push_back(
          {{first, half}, {static_cast<std::size_t>(entry.second), entry.mode == 'D' ? -half : half}});
    }
    std::vector<Complex> single(n * n);
    for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) {
      Complex* s = network.s.data() + k * n * n;
      std::fill(single.begin(), single.end(), Complex(0.0));
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < n; ++b)
          for (const Part& out : rows[a])
            for (const Part& in : rows[b])
              single[out.port * n + in.port] += out.weight * in.weight * s[a * n + b];
      std::copy(single.begin(), single.end(), s);
    }
  }

  Place place_;
  Header header_;
  int named_ports_;
  TouchstoneLimits limits_;
  Section section_ = Section::header;
  std::unique_ptr<Records> records_;  // once the data begin
};

bool is_version_2_name(const std::string& path) {
  const std::string name = upper_case(path);
  return name.ends_with(".TS") || name.ends_with(".TS.GZ");
}

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
  const int ports = is_version_2_name(path) ? 0 : touchstone_ports(path);
  const std::string text = read_text_bounded(path, limits.text_bytes);
  return Parser(path, ports, limits).parse(text);
}

}  // namespace photonlink
