/// Laws that hold for every stage whatever it is made of, asked through Stage alone.
///
/// Traits are found out from the stage, not declared by it: what it exposes decides which laws apply.
///   S  source end        Re of its immittance >= 0
///   L  load end          Re Z >= 0, transfer finite
///   T  two-port          passive: no singular value of S above 1
///   E  electrical tail   finite, at 0 Hz too
///   O  optical tail      passive: all ports together give out no more than enters
///   D  demultiplexer     several ports behind one
///   C  core              settles; the settled output does not depend on the time step (device_rest_laws.hpp)
///   G  tangent           its answer to a constant change = slope of the settled output (there)
///   M  modulator         settled output = transmission(); small signal at 0 Hz = its slope (there)
///   N  noise             variances, spectra >= 0 and finite
/// For all: ledger and latency >= 0 and finite, warnings without NaN.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "network/s_parameters.hpp"
#include "signal/stage.hpp"
#include "solvers/settled_core.hpp"

namespace photonlink::test {

/// What a stage is put into: constant lanes and light.
struct Surroundings {
  int lanes = 0;
  double lane = 0.0;  ///< [V] or [A]
  int carriers = 0;
  double first_carrier_Hz = 228e12, spacing_Hz = 200e9;
  double power_W = 1e-3;  ///< of each carrier
};

inline Bundle constant_bundle(const Surroundings& in, int samples_per_symbol = 16, int symbols = 8) {
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 32e9, .samples_per_symbol = samples_per_symbol, .symbols = symbols};
  bundle.full_scale_Vpp = 1.0;
  const auto size = static_cast<std::size_t>(bundle.grid.size());
  bundle.symbols.assign(static_cast<std::size_t>(std::max(1, in.lanes)),
                        std::vector<double>(static_cast<std::size_t>(symbols), 1.0));
  bundle.lane.assign(static_cast<std::size_t>(in.lanes), RealWave(size, in.lane));
  for (int c = 0; c < in.carriers; ++c) bundle.carrier_Hz.push_back(in.first_carrier_Hz + c * in.spacing_Hz);
  if (in.carriers > 0)
    bundle.port.push_back({std::vector<ComplexWave>(static_cast<std::size_t>(in.carriers),
                                                    ComplexWave(size, std::sqrt(in.power_W)))});
  return bundle;
}

inline const std::vector<double>& law_frequencies_Hz() {
  static const std::vector<double> frequency{0.0, 1e3, 1e6, 1e8, 1e9, 7e9, 26e9, 53e9, 110e9};
  return frequency;
}

inline bool finite(Complex value) {
  return std::isfinite(value.real()) && std::isfinite(value.imag());
}

inline bool finite(const Bundle& bundle) {
  for (const RealWave& wave : bundle.lane)
    for (const double value : wave)
      if (!std::isfinite(value)) return false;
  for (const OpticalPort& port : bundle.port)
    for (const ComplexWave& wave : port.field)
      for (const Complex value : wave)
        if (!finite(value)) return false;
  return true;
}

/// Last sample of every lane, and the power of every field.
inline std::vector<double> final_values(const Bundle& bundle) {
  std::vector<double> values;
  values.reserve(bundle.lane.size() + bundle.port.size() * bundle.carrier_Hz.size());
  for (const RealWave& wave : bundle.lane) values.push_back(wave.back());
  for (const OpticalPort& port : bundle.port)
    for (const ComplexWave& wave : port.field) values.push_back(std::norm(wave.back()));
  return values;
}

/// The letters of the traits above, in that order.
inline std::string traits_of(const Stage& stage, const Surroundings& in) {
  const auto& f = law_frequencies_Hz();
  std::string traits;
  if (stage.source_end(f)) traits += 'S';
  if (stage.load_end(f)) traits += 'L';
  if (stage.two_port(f, -1)) traits += 'T';
  std::vector<Complex> response(f.size(), 1.0);
  stage.multiply_electrical(f, response);
  if (std::any_of(response.begin(), response.end(), [](Complex x) { return x != 1.0; })) traits += 'E';
  response.assign(f.size(), 1.0);
  stage.multiply_optical(0, in.first_carrier_Hz, f, response);
  if (std::any_of(response.begin(), response.end(), [](Complex x) { return x != 1.0; })) traits += 'O';
  if (stage.fan_out() > 1) traits += 'D';
  const Bundle bundle = constant_bundle(in);
  Bundle output = bundle;
  if (stage.has_core()) {
    traits += 'C';
    output = settle_core(stage, bundle, 1).output;
    if (stage.tangent(bundle)) traits += 'G';
  }
  if (stage.modulator_curves() != nullptr) traits += 'M';
  const auto open = [](std::span<const double> at) { return std::vector<Complex>(at.size(), 0.02); };
  if (!stage.noise(output).empty() || !stage.input_noise(output, open).empty()) traits += 'N';
  return traits;
}

inline void check_electrical_laws(const Stage& stage) {
  const auto& f = law_frequencies_Hz();
  // A passive immittance may round to below 0 by this share of itself.
  const auto passive = [](Complex z) { return finite(z) && z.real() >= -1e-9 * std::abs(z); };
  if (const auto source = stage.source_end(f)) {
    REQUIRE(source->immittance.size() == f.size());
    for (const Complex z : source->immittance) CHECK(passive(z));
  }
  if (const auto load = stage.load_end(f)) {
    REQUIRE(load->impedance_ohm.size() == f.size());
    REQUIRE(load->transfer.size() == f.size());
    for (std::size_t k = 0; k < f.size(); ++k) {
      CHECK(passive(load->impedance_ohm[k]));
      CHECK(finite(load->transfer[k]));
    }
  }
  if (const auto two_port = stage.two_port(f, -1)) {
    REQUIRE(two_port->size() == f.size());
    for (std::size_t k = 0; k < f.size(); ++k) {
      const Abcd& m = (*two_port)[k];
      CAPTURE(f[k]);
      CHECK((finite(m.a) && finite(m.b) && finite(m.c) && finite(m.d)));
      S2 s = to_s(m, 100.0);
      if (std::abs(s.s21) < 1e-7) s.s12 = s.s21;  // AD - BC has lost its digits there; these are reciprocal
      const SParameters one{2, 100.0, {f[k]}, {s.s11, s.s12, s.s21, s.s22}};
      // Files are rounded to a few digits; models are passive to rounding.
      CHECK(largest_singular_value(one, 0) <= 1.0 + 1e-3);
    }
  }
  std::vector<Complex> response(f.size(), 1.0);
  stage.multiply_electrical(f, response);
  for (const Complex value : response) CHECK(finite(value));
}

inline void check_optical_laws(const Stage& stage, const Surroundings& in) {
  std::vector<double> offset_Hz{0.0, -2e12, -90e9, -3e9, 1e9, 26e9, 140e9, 1.7e12};
  for (int c = 0; c < std::max(1, in.carriers); ++c) {
    std::vector<double> power(offset_Hz.size(), 0.0);
    for (int port = 0; port < stage.fan_out(); ++port) {
      std::vector<Complex> response(offset_Hz.size(), 1.0);
      stage.multiply_optical(port, in.first_carrier_Hz + c * in.spacing_Hz, offset_Hz, response);
      for (std::size_t k = 0; k < power.size(); ++k) {
        CHECK(finite(response[k]));
        power[k] += std::norm(response[k]);
      }
    }
    // Rounding; files of simulations, rounded to six digits, may exceed 1 by a little.
    for (const double each : power) CHECK(each <= 1.0 + 1e-3);
  }
}

inline void check_noise_laws(const Stage& stage, const Bundle& output) {
  const auto driver = [](std::span<const double> at) { return std::vector<Complex>(at.size(), 0.02); };
  auto terms = stage.noise(output);
  for (NoiseTerm& term : stage.input_noise(output, driver)) terms.push_back(std::move(term));
  for (const NoiseTerm& term : terms) {
    CAPTURE(term.label);
    CHECK_FALSE(term.label.empty());
    CHECK(std::isfinite(term.sigma));
    CHECK(term.sigma >= 0.0);
    CHECK((term.period >= 1 && term.hold >= 1));
    CHECK(((term.lane >= 0) != (term.port >= 0)));  // added to a lane or to a field, not both
    for (const double value : term.modulation) CHECK(std::isfinite(value));
    for (const Complex value : term.field_modulation) CHECK(finite(value));
    for (const double f : {1e3, 1e6, 1e9, 3e10, 2e11}) {
      if (term.shape) CHECK((std::isfinite(term.shape(f)) && term.shape(f) >= 0.0));
      if (term.band_mean)
        CHECK((std::isfinite(term.band_mean(f, 2.0 * f)) && term.band_mean(f, 2.0 * f) >= 0.0));
    }
  }
}

inline void check_books(const Stage& stage, const Bundle& input) {
  static const std::regex nonsense(
      "\\b-?nan\\b");  // an infinite error bound may be told, a missing number not
  Ledger ledger;
  stage.ledger(input, ledger);
  for (const LedgerEntry& entry : ledger.energy) {
    CAPTURE(entry.cause);
    CHECK(entry.component == stage.name());
    CHECK_FALSE(entry.basis.empty());
    CHECK(std::isfinite(entry.power_W));
    CHECK(entry.power_W >= 0.0);
    CHECK_FALSE(std::regex_search(entry.basis, nonsense));
  }
  for (const LatencyEntry& entry : ledger.latency) {
    CHECK(entry.component == stage.name());
    CHECK(std::isfinite(entry.delay_s));
    CHECK(entry.delay_s >= 0.0);
  }
  std::vector<Warning> warnings;
  stage.validity(input, warnings);
  for (const Warning& warning : warnings) {
    CAPTURE(warning.text);
    CHECK(warning.stage == stage.name());
    CHECK_FALSE(std::regex_search(warning.text, nonsense));
  }
}

/// Everything that must hold at any accepted parameters, in a fraction of a millisecond.
inline void check_quick_laws(const Stage& stage, const Surroundings& in) {
  check_electrical_laws(stage);
  check_optical_laws(stage, in);
  const Bundle input = constant_bundle(in);
  Bundle output = input;
  if (stage.has_core()) {
    stage.start(input)->step(output);
    CHECK(finite(output));
  }
  check_noise_laws(stage, output);
  check_books(stage, input);
}

}  // namespace photonlink::test
