/// Laws that hold for every stage whatever it is made of, asked through Stage alone.
///
/// Traits are found out from the stage, not declared by it: what it exposes decides which laws apply.
///   S  source end        Re of its immittance >= 0
///   L  load end          Re Z >= 0, transfer finite
///   T  two-port          passive: no singular value of S above 1
///   E  electrical tail   finite, at 0 Hz too
///   O  optical tail      passive: all ports together give out no more than enters
///   D  demultiplexer     several ports behind one
///   C  core              settles; the settled output does not depend on the time step
///   G  tangent           its answer to a constant change = slope of the settled output
///   M  modulator         settled output = transmission(); small signal at 0 Hz = slope of transmission()
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

/// Output for constant input after everything has settled.
inline Bundle settled(const Stage& stage, const Bundle& input) {
  SettledCore core = settle_core(stage, input, 10000);
  CHECK(core.settled);
  return std::move(core.output);
}

inline void check_settling(const Stage& stage, const Surroundings& in) {
  const auto at = [&](int samples_per_symbol) {
    return final_values(settled(stage, constant_bundle(in, samples_per_symbol)));
  };
  const auto coarse = at(16), fine = at(64), finest = at(256);
  REQUIRE(coarse.size() == finest.size());
  REQUIRE_FALSE(coarse.empty());
  for (std::size_t i = 0; i < coarse.size(); ++i) {
    const double far = std::abs(coarse[i] - fine[i]), near = std::abs(fine[i] - finest[i]);
    CAPTURE(far);
    CAPTURE(near);
    // settle_core stops at a change of 1e-10 a period; a slow state is then up to 1e4 periods of that away. A
    // scheme of second order may differ by some (dt/τ)²/12, which falls by 16 from each grid to the next.
    CHECK((far <= 1e-6 * std::abs(fine[i]) || (far <= 1e-4 * std::abs(fine[i]) && near <= far / 12.0)));
  }
}

/// A stage whose offset loop takes constants out.
inline void check_constants_vanish(const Stage& stage, const Surroundings& in) {
  for (const double value : final_values(settled(stage, constant_bundle(in))))
    CHECK(std::abs(value) <= 1e-12);
}

/// d(sum of all final values) per relative change of all inputs, by the tangent and by finite differences.
inline void check_tangent_at_rest(const Stage& stage, const Surroundings& in, int symbols) {
  const double step = 1e-4;
  const auto sum = [&](double scale) {
    Surroundings changed = in;
    changed.lane *= 1.0 + scale;
    changed.power_W *= (1.0 + scale) * (1.0 + scale);
    // The state starts where it settles for the unchanged input, and then runs long enough.
    double total = 0.0;
    for (const double value : final_values(settled(stage, constant_bundle(changed, 16, symbols))))
      total += value;
    return total;
  };
  const double difference = (sum(step) - sum(-step)) / (2.0 * step);
  const Bundle input = constant_bundle(in, 16, symbols);
  const Bundle output = settled(stage, input);
  // Observed at the last sample of the period: lanes as they are, fields by power.
  Sensitivity seen{.begin = 0, .length = input.grid.size(), .lane = {}, .port = {}};
  const auto size = static_cast<std::size_t>(input.grid.size());
  for (std::size_t l = 0; l < output.lane.size(); ++l) seen.lane.emplace_back(size).back() = 1.0;
  for (const OpticalPort& port : output.port) {
    auto& fields = seen.port.emplace_back();
    for (const ComplexWave& wave : port.field)
      fields.emplace_back(size).back() = 2.0 * std::conj(wave.back());
  }
  stage.tangent(input)->pull_back(seen);
  double pulled = 0.0;
  for (std::size_t l = 0; l < seen.lane.size() && l < input.lane.size(); ++l)
    for (const double weight : seen.lane[l]) pulled += weight * in.lane;
  for (std::size_t p = 0; p < seen.port.size(); ++p)
    for (std::size_t c = 0; c < seen.port[p].size(); ++c)
      for (const Complex weight : seen.port[p][c]) pulled += (weight * std::sqrt(in.power_W)).real();
  CAPTURE(pulled);
  CAPTURE(difference);
  // Central differences of 1e-4: third derivatives and rounding, 1e-8 and 1e-6 at most of a smooth curve.
  CHECK(std::abs(pulled - difference) <= 1e-5 * std::max(std::abs(difference), std::abs(pulled)));
}

inline void check_modulator(const Stage& stage, Surroundings in) {
  const ModulatorCurves& curves = *stage.modulator_curves();
  const double rest = 0.0;
  const Bundle at = [&] {
    Surroundings middle = in;
    middle.lane = rest;
    return constant_bundle(middle);
  }();
  const auto lanes = static_cast<std::size_t>(in.lanes);
  for (const double drive_V : {-0.4, -0.1, 0.0, 0.2, 0.45}) {
    // The alignment is that of the rest point: start there, then hold the drive.
    Bundle driven = at;
    for (RealWave& lane : driven.lane) lane.assign(lane.size(), drive_V);
    const auto stepper = stage.start(at);
    Bundle output;
    for (int period = 0; period < 40; ++period) {
      output = driven;
      stepper->step(output);
    }
    for (std::size_t c = 0; c < at.carrier_Hz.size(); ++c) {
      const double settled_ratio = std::norm(output.port.at(0).field.at(c).back()) / in.power_W;
      const double closed = curves.transmission(at, at.carrier_Hz[c], std::vector<double>(lanes, drive_V));
      CAPTURE(drive_V);
      // 40 periods of 8 symbols at 32 GBd are 10 ns, hundreds of photon lifetimes.
      CHECK(std::abs(settled_ratio - closed) <= 1e-7 * closed);
    }
  }
  for (int lane = 0; lane < in.lanes; ++lane) {
    const double step_V = 1e-4, zero_Hz = 0.0;
    const auto transmission = [&](double drive_V) {
      std::vector<double> drive(lanes, rest);
      drive[static_cast<std::size_t>(lane)] = drive_V;
      return curves.transmission(at, at.carrier_Hz[static_cast<std::size_t>(lane)], drive);
    };
    const double slope = (transmission(step_V) - transmission(-step_V)) / (2.0 * step_V);
    const Complex closed = curves.small_signal(at, lane, {&zero_Hz, 1}).front();
    // Central differences of 0.1 mV: rounding of 1e-16 / 1e-4 and third derivatives of 1e-8.
    CHECK(std::abs(closed - slope) <= 1e-6 * std::abs(slope));
  }
}

}  // namespace photonlink::test
