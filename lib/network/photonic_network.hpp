/// Scattering of a photonic component over optical frequency, from the files of photonic design tools.
///
/// Read, told apart by the first character of the text (all may be gzipped):
///  - S-parameters of Lumerical INTERCONNECT as text (\cite LumericalFormats): optional port lines
///    ["name","LEFT"] or one line [left, right]; then for every S[out, in] a header
///    ("out","TE",1,"in",1,"transmission") (brackets of either kind; mode label and mode number out, mode
///    number in), the shape (points,3) and lines of frequency in Hz, magnitude and angle in rad. A group
///    delay behind the type is put back: angle + 2π τ (f - (f_1 + f_n)/2).
///  - a table of comma separated values as SAX and gdsfactory use: first column wavelength (wavelengths,
///    wavelength, wl in um; wavelength_m, wavelength_nm, wavelength_um) or frequency_Hz, frequency_THz; then
///    pairs S21m, S21a (magnitude, angle in rad; one digit a port: "o2", "o1") or S_out_in_re, S_out_in_im or
///    S_out_in_mag, S_out_in_phase.
/// Refused with a reason: sweeps over a parameter, type "modulation", one column without its twin.
///
/// Both tools write the phase of e^{-iωt}: it rises with frequency where light is delayed. Traces here keep
/// the file's sign; `conjugated()` gives the convention of lib/core/conventions.hpp.
///
/// Verified in tests/lib/photonic_network_test.cpp: closed forms written and read again, damaged files.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/conventions.hpp"
#include "network/physicality.hpp"

namespace photonlink {

/// One S[out, in] between two modes.
struct PhotonicTrace {
  std::string out, in;
  int mode_out = 1, mode_in = 1;
  std::vector<double> frequency_Hz;  ///< (n), strictly rising, > 0
  std::vector<Complex> s;            ///< (n)
};

struct PhotonicNetwork {
  std::string file;
  std::vector<PhotonicTrace> traces;

  /// Names in the order of the file.
  std::vector<std::string> ports() const;
  /// nullptr: not in the file.
  const PhotonicTrace* find(const std::string& out, const std::string& in, int mode) const;
};

/// Bounds on one file, which bound all that is allocated: text, numbers and their vectors.
struct PhotonicLimits {
  std::size_t text_bytes = std::size_t{256} << 20;  ///< decompressed
  std::size_t numbers = std::size_t{16} << 20;
};

/// @throws IoError "file:line: what; fix" for the first problem of a damaged or foreign file.
PhotonicNetwork read_photonic_network(const std::string& path, const PhotonicLimits& limits = {});

/// The same with all phases turned round.
PhotonicNetwork conjugated(PhotonicNetwork network);

/// Largest singular value of the matrix of all ports and modes over the frequencies of the first trace; what
/// the file leaves out counts as 0, so that more than 1 is never passive.
PassivityFinding find_passivity(const PhotonicNetwork& network);

/// A trace between and beyond its points: linear in the complex plane after its mean delay τ is taken out,
///   s(f) = e^{-j2πfτ} lerp(s_k e^{j2πf_kτ}),
/// so that |s| never exceeds the larger neighbour and a passive trace stays passive; error of second order in
/// the step. Beyond the ends the value of the end, with the delay.
class PhotonicCurve {
 public:
  explicit PhotonicCurve(const PhotonicTrace& trace);
  /// Mean delay, weighted with the power, of the convention e^{+jωt} [s].
  double delay_s() const { return delay_s_; }
  double first_Hz() const { return frequency_Hz_.front(); }
  double last_Hz() const { return frequency_Hz_.back(); }
  /// Without the delay, which belongs into the ledger.
  Complex envelope(double frequency_Hz) const;
  Complex operator()(double frequency_Hz) const;
  /// Largest turn of the phase from point to point around `frequency_Hz`, delay taken out [rad].
  double step_rad(double frequency_Hz) const;

 private:
  std::size_t interval(double frequency_Hz) const;

  std::vector<double> frequency_Hz_;
  std::vector<Complex> value_;  // delay taken out
  double delay_s_ = 0.0;
};

}  // namespace photonlink
