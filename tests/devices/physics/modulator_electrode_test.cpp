#include "devices/physics/modulator_electrode.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

/// 2 mm of lossless 50 ohm line with matched end, n = 3.5, light at 3.5.
ModulatorElectrode matched() {
  ModulatorElectrode e;
  e.length_m = 2e-3;
  e.optical_group_index = 3.5;
  e.line.impedance_ohm = 50.0;
  e.line.dielectric.permittivity = 3.5 * 3.5;
  return e;
}

/// Nothing fits: loss, junction, velocity and both ends.
ModulatorElectrode mismatched() {
  ModulatorElectrode e = matched();
  e.optical_group_index = 4.1;
  e.line.impedance_ohm = 62.0;
  e.line.metal = {2000.0, 9000.0, 50e9, {}};
  e.line.dielectric.loss_tangent = 0.01;
  e.line.dielectric.reference_Hz = 50e9;
  e.junction_capacitance_F = 300e-15;
  e.series_resistance_ohm = 2.0;
  e.termination_ohm = 40.0;
  return e;
}

Complex transfer(const ModulatorElectrode& e, double f) {
  return electrode_end(e, {&f, 1}).transfer.front();
}
Complex impedance(const ModulatorElectrode& e, double f) {
  return electrode_end(e, {&f, 1}).impedance_ohm.front();
}

struct Ladder {
  Complex impedance_ohm, average;  // average junction voltage the light meets over the terminal voltage
};

/// The electrode as pieces, each ½ Z' dz, Y' dz with the junction in its middle, ½ Z' dz; from the far end
/// back.
Ladder ladder(const ModulatorElectrode& e, double f, int pieces) {
  const double dz = e.length_m / pieces, omega = 2.0 * pi * f;
  const LineImmittance per_m = line_immittance(e.line, f);
  const Complex junction_S = Complex(0.0, omega * e.junction_capacitance_F / pieces);
  const double junction_ohm = e.series_resistance_ohm * pieces;
  const Complex share = 1.0 / (1.0 + junction_S * junction_ohm);
  const Abcd half = series_impedance(0.5 * dz * per_m.series_ohm_per_m);
  const Abcd shunt = shunt_admittance(dz * per_m.shunt_S_per_m + junction_S * share);
  Complex voltage = 1.0, current = 1.0 / e.termination_ohm, sum = 0.0;
  const auto pass = [&](const Abcd& m) {
    const Complex v = m.a * voltage + m.b * current, i = m.c * voltage + m.d * current;
    voltage = v;
    current = i;
  };
  for (int k = 0; k < pieces; ++k) {
    pass(half);
    sum +=
        share * voltage * std::polar(1.0, omega * e.optical_group_index / c0 * (e.length_m - (k + 0.5) * dz));
    pass(shunt);
    pass(half);
  }
  return {voltage / current, sum / static_cast<double>(pieces) / voltage};
}

/// Extrapolated to pieces of no length: the error of the ladder falls with the square of the piece.
Ladder fine_ladder(const ModulatorElectrode& e, double f) {
  const Ladder coarse = ladder(e, f, 2000), fine = ladder(e, f, 4000);
  return {(4.0 * fine.impedance_ohm - coarse.impedance_ohm) / 3.0,
          (4.0 * fine.average - coarse.average) / 3.0};
}

}  // namespace

TEST_CASE("modulator electrode: matched and lossless, walk-off alone is a sinc") {
  ModulatorElectrode e = matched();
  for (const double index : {3.5, 3.9, 3.0, 2.2}) {
    e.optical_group_index = index;
    for (const double f : {1e9, 40e9, 110e9, 500e9}) {
      const double x = pi * f * (3.5 - index) * e.length_m / c0;
      // Closed form; rounding of exponentials of a few radians.
      CHECK(abs_error(std::abs(transfer(e, f)), x == 0.0 ? 1.0 : std::abs(std::sin(x) / x)) <= 1e-12);
      CHECK(abs_error(impedance(e, f).real(), 50.0) <= 1e-10);
      // Half the walk-off of line behind light is the delay that is left.
      CHECK(std::abs(transfer(e, f) - (x == 0.0 ? 1.0 : std::sin(x) / x) * std::polar(1.0, -x)) <= 1e-12);
    }
  }
}

TEST_CASE("modulator electrode: matched in velocity, the averaged loss is (1 - exp(-al))/(al)") {
  ModulatorElectrode e = matched();
  e.length_m = 20e-3;
  e.line.metal = {0.0, 2.0 * 50.0 * 200.0 * std::log(10.0) / 20.0, 50e9, {}};  // 2 dB/cm at 50 GHz
  const double f = 50e9;
  // The light takes the phase velocity at this frequency, skin effect included; what is left of 50 ohm at
  // the far end is the small reactance of the skin effect.
  const Complex gamma = line_propagation_per_m(e.line, f);
  e.optical_group_index = gamma.imag() * c0 / (2.0 * pi * f);
  const double al = 200.0 * std::log(10.0) / 20.0 * e.length_m;
  // The skin's reactance raises Z_c, and lowers the loss, by a quarter of R/(ωL) = 2.5 %.
  CHECK(rel_error(gamma.real() * e.length_m, al) <= 1e-2);
  CHECK(rel_error(std::abs(transfer(e, f)), (1.0 - std::exp(-al)) / al) <= 5e-3);
  // Kharel et al., Optica 8, 357 (2021): 20 mm with 2 dB/cm at 50 GHz roll off by 1.8 dB. The loss is printed
  // to one digit, 0.25 dB either way, the reference frequency not at all.
  CHECK(abs_error(-20.0 * std::log10(std::abs(transfer(e, f))), 1.8) <= 0.25);
}

TEST_CASE("modulator electrode: a ladder of 4000 pieces gives the same impedance and average") {
  ModulatorElectrode e = mismatched();
  for (const bool open : {false, true}) {
    if (open) e.termination_ohm = INFINITY;
    for (const double f : {0.1e9, 5e9, 33e9, 80e9, 200e9}) {
      const Ladder steps = fine_ladder(e, f);
      CAPTURE(f);
      // Fourth order: γl (γ dz)^4 is 1e-7 at 200 GHz, with a small factor in front; rounding of sums of 4000.
      CHECK(std::abs(transfer(e, f) - steps.average) <= 1e-8 * std::abs(steps.average));
      CHECK(std::abs(impedance(e, f) - steps.impedance_ohm) <= 1e-8 * std::abs(steps.impedance_ohm));
    }
  }
}

TEST_CASE("modulator electrode: at 0 Hz only resistances are left") {
  ModulatorElectrode e = mismatched();  // 4 ohm of line
  // 1 Hz stands in for 0 Hz: ωRC is 1e-10, and cancellation in 1 + Γ costs four digits.
  CHECK(std::abs(transfer(e, 0.0) - 42.0 / 44.0) <= 1e-9);
  CHECK(std::abs(impedance(e, 0.0) - 44.0) <= 1e-7);
  CHECK(electrode_resistance_ohm(e) == 44.0);
  e.segments = 4;
  CHECK(electrode_resistance_ohm(e) == 41.0);
  e.termination_ohm = INFINITY;
  CHECK(std::isinf(electrode_resistance_ohm(e)));
  // An open end is a capacitor at low frequency: all of the line's and the junction's.
  const double capacitance_F = (2e-3 * 3.5 / (c0 * 62.0) + 300e-15) / 4.0;
  CHECK(rel_error(electrode_capacitance_F(e), capacitance_F) <= 1e-12);
  // The dielectric's permittivity at 1 kHz is 1.08 times that at 50 GHz (tan δ 0.01, seven decades below).
  CHECK(rel_error(-1.0 / (2.0 * pi * 1e3 * impedance(e, 1e3).imag()), capacitance_F) <= 0.06);
  e.driven_segments = 4;
  CHECK(std::abs(transfer(e, 0.0) - 1.0) <= 1e-9);
}

TEST_CASE("modulator electrode: lumped is an RC, and the light's own transit") {
  ModulatorElectrode e = matched();
  e.travelling = false;
  e.junction_capacitance_F = 200e-15;
  e.series_resistance_ohm = 8.0;
  for (const double f : {1e9, 30e9, 90e9}) {
    const Complex s(0.0, 2.0 * pi * f);
    const Complex admittance = 0.02 + 1.0 / (8.0 + 1.0 / (s * 200e-15));
    CHECK(std::abs(impedance(e, f) * admittance - 1.0) <= 1e-12);
    const double x = pi * f * 3.5 * 2e-3 / c0;
    CHECK(rel_error(std::abs(transfer(e, f)), std::abs(std::sin(x) / x / (1.0 + s * 1.6e-12))) <= 1e-12);
  }
  e.termination_ohm = INFINITY;
  CHECK(std::abs(impedance(e, 1e9) - (8.0 + 1.0 / Complex(0.0, 2.0 * pi * 1e9 * 200e-15))) <= 1e-9);
}

TEST_CASE("modulator electrode: segments without delay error act as one short electrode") {
  ModulatorElectrode whole = mismatched(), cut = mismatched();
  cut.segments = cut.driven_segments = 5;
  whole.length_m /= 5.0;
  whole.junction_capacitance_F /= 5.0;
  whole.series_resistance_ohm *= 5.0;
  for (const double f : {1e9, 40e9, 120e9}) {
    // The same piece.
    CHECK(std::abs(transfer(cut, f) - transfer(whole, f)) <= 1e-12);
    CHECK(std::abs(impedance(cut, f) - impedance(whole, f)) <= 1e-9);
  }
  cut.driven_segments = 2;
  CHECK(std::abs(transfer(cut, 0.0) - 0.4 * transfer(whole, 0.0)) <= 1e-9);
}

TEST_CASE("modulator electrode: a delay error of the segments sums as a Dirichlet kernel") {
  ModulatorElectrode e = matched();
  e.segments = e.driven_segments = 4;
  e.segment_delay_error_s = 2e-12;
  for (const double f : {10e9, 60e9, 110e9}) {
    const double x = pi * f * 2e-12;
    CHECK(rel_error(std::abs(transfer(e, f)), std::abs(std::sin(4.0 * x) / (4.0 * std::sin(x)))) <= 1e-11);
  }
}
