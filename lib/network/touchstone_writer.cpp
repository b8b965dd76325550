#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "network/touchstone.hpp"

namespace photonlink {
namespace {

using Version = TouchstoneForm::Version;
using Numbers = TouchstoneForm::Numbers;

const char* numbers_name(Numbers numbers) {
  return numbers == Numbers::real_imaginary ? "RI" : numbers == Numbers::magnitude_angle ? "MA" : "DB";
}

void append_number(std::string& text, double value, int digits) {
  if (digits == 0)
    fmt::format_to(std::back_inserter(text), " {}", value);  // the shortest that reads as the same double
  else
    fmt::format_to(std::back_inserter(text), " {:.{}g}", value, digits);
}

void append_pair(std::string& text, const Complex& s, const TouchstoneForm& form) {
  if (form.numbers == Numbers::real_imaginary) {
    append_number(text, s.real(), form.digits);
    append_number(text, s.imag(), form.digits);
    return;
  }
  constexpr double least_magnitude = 1e-300;  // -6000 dB stands for silence, whose logarithm no file can hold
  const double magnitude = std::abs(s);
  append_number(text,
                form.numbers == Numbers::magnitude_angle
                    ? magnitude
                    : 20.0 * std::log10(std::max(magnitude, least_magnitude)),
                form.digits);
  append_number(text, std::arg(s) * 180.0 / constants::pi, form.digits);
}

void append_record(std::string& text, const SParameters& network, std::size_t k, const TouchstoneForm& form) {
  fmt::format_to(std::back_inserter(text), "{}", network.frequency_Hz[k]);
  const bool columns = network.ports == 2 && form.version == Version::v1_1;  // 2-ports alone: S11 S21 S12 S22
  for (int i = 0; i < network.ports; ++i) {
    for (int j = 0; j < network.ports; ++j) {
      append_pair(text, columns ? network.at(k, j, i) : network.at(k, i, j), form);
      const bool row_ends = j + 1 == network.ports, line_is_full = j % 4 == 3;
      if (network.ports > 2 && (row_ends || line_is_full)) text += "\n";
    }
  }
  if (network.ports <= 2) text += "\n";
}

std::string header_text(const SParameters& network, const std::vector<double>& references,
                        const TouchstoneForm& form) {
  std::string text;
  std::istringstream lines(form.comment);
  for (std::string line; std::getline(lines, line);) text += "! " + line + "\n";
  const bool differ = std::any_of(references.begin(), references.end(),
                                  [&](double ohm) { return ohm != references.front(); });
  const std::string list = fmt::format("{}", fmt::join(references, " "));
  if (form.version == Version::v1_1) {
    text += fmt::format("# Hz S {} R ", numbers_name(form.numbers));
    return text + (differ ? fmt::format("{}\n", list) : fmt::format("{}\n", references.front()));
  }
  text += fmt::format("[Version] 2.0\n# Hz S {} R {}\n[Number of Ports] {}\n", numbers_name(form.numbers),
                      references.front(), network.ports);
  if (network.ports == 2) text += "[Two-Port Data Order] 12_21\n";
  return text +
         fmt::format("[Number of Frequencies] {}\n[Reference] {}\n[Matrix Format] Full\n[Network Data]\n",
                     network.frequency_Hz.size(), list);
}

}  // namespace

void write_touchstone(const std::string& path, const SParameters& network, const TouchstoneForm& form) {
  if (path.ends_with(".gz"))
    throw IoError(fmt::format("{}: is written as plain text only; leave out .gz", path));
  const bool any_ports = form.version == Version::v2_0 && path.ends_with(".ts");
  if (const int named = any_ports ? network.ports : touchstone_ports(path); named != network.ports)
    throw IoError(fmt::format("{}: the extension says {} ports, the network has {}; write to .s{}p", path,
                              named, network.ports, network.ports));
  require(form.digits >= 0 && form.digits <= 17,
          fmt::format("digits = {} is outside [0, 17]; 0 writes as many as needed", form.digits));
  const std::vector<double> references =
      form.references_ohm.empty()
          ? std::vector<double>(static_cast<std::size_t>(network.ports), network.reference_ohm)
          : form.references_ohm;
  const SParameters written = renormalise_ports(
      network, std::vector<double>(static_cast<std::size_t>(network.ports), network.reference_ohm),
      references);
  std::string text = header_text(written, references, form);
  for (std::size_t k = 0; k < written.frequency_Hz.size(); ++k) append_record(text, written, k, form);
  if (form.version == Version::v2_0) text += "[End]\n";
  write_file_atomically(path, text);
}

}  // namespace photonlink
