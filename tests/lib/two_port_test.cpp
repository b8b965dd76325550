#include "network/two_port.hpp"

#include <doctest/doctest.h>

#include <random>

#include "core/constants.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

double difference(const Abcd& m, const Abcd& n) {
  return std::abs(m.a - n.a) + std::abs(m.b - n.b) + std::abs(m.c - n.c) + std::abs(m.d - n.d);
}

/// Lossy line in closed form: A = D = cosh γl, B = Z sinh γl, C = sinh γl / Z.
Abcd line(Complex gamma_length, Complex impedance_ohm) {
  return {std::cosh(gamma_length), impedance_ohm * std::sinh(gamma_length),
          std::sinh(gamma_length) / impedance_ohm, std::cosh(gamma_length)};
}

class RandomNetworks {
 public:
  Complex number() { return {uniform_(engine_), uniform_(engine_)}; }
  S2 scattering() { return {0.3 * number(), 0.5 * number(), 0.5 * number(), 0.3 * number()}; }
  Complex impedance_ohm() { return {60.0 + 50.0 * uniform_(engine_), 40.0 * uniform_(engine_)}; }

 private:
  std::mt19937 engine_{4711};
  std::uniform_real_distribution<double> uniform_{-1.0, 1.0};
};

}  // namespace

TEST_CASE("two-port: a matched line has S21 = exp(-γl) and no reflection") {
  const Complex gamma_length(0.3, 2.1);
  const S2 s = to_s(line(gamma_length, 50.0), 50.0);
  // A handful of roundings of numbers near 1.
  CHECK(std::abs(s.s21 - std::exp(-gamma_length)) <= 1e-15);
  CHECK(std::abs(s.s12 - std::exp(-gamma_length)) <= 1e-15);
  CHECK(std::abs(s.s11) + std::abs(s.s22) <= 1e-15);
}

TEST_CASE("two-port: a quarter-wave line turns its load into Z0² / Z_L") {
  const Abcd m = line(Complex(0.0, constants::pi / 2.0), 70.0);
  const Complex input = (m.a * 100.0 + m.b) / (m.c * 100.0 + m.d);
  // The rounding of cos(π/2), 6e-17, times 100.
  CHECK(std::abs(input - 49.0) <= 1e-13);
}

TEST_CASE(
    "two-port: two lines in cascade are one line, and lumped elements are their textbook S-parameters") {
  // Sums of products of numbers of size 50, relative rounding 2e-16.
  CHECK(difference(line({0.1, 0.4}, 50.0) * line({0.2, 0.9}, 50.0), line({0.3, 1.3}, 50.0)) <= 1e-13);
  // Pozar, problem-book standard: series Z between Z0 ends has S11 = Z / (Z + 2 Z0), S21 = 2 Z0 / (Z + 2 Z0).
  const Complex z(20.0, 35.0);
  const S2 series = to_s(series_impedance(z), 50.0);
  CHECK(std::abs(series.s11 - z / (z + 100.0)) <= 1e-15);
  CHECK(std::abs(series.s21 - 100.0 / (z + 100.0)) <= 1e-15);
  const Complex y(0.01, -0.02);
  const S2 shunt = to_s(shunt_admittance(y), 50.0);
  CHECK(std::abs(shunt.s11 + y * 50.0 / (y * 50.0 + 2.0)) <= 1e-15);
  CHECK(std::abs(shunt.s21 - 2.0 / (y * 50.0 + 2.0)) <= 1e-15);
}

TEST_CASE("two-port: S to chain matrix and back keeps S, also for non-reciprocal networks") {
  RandomNetworks random;
  for (int i = 0; i < 100; ++i) {
    const S2 s = random.scattering();
    const S2 t = to_s(to_abcd(s, 42.7), 42.7);
    const double error =
        std::abs(s.s11 - t.s11) + std::abs(s.s12 - t.s12) + std::abs(s.s21 - t.s21) + std::abs(s.s22 - t.s22);
    // S12 comes out of a difference of products of size 1/|S21|² that cancel.
    CHECK(error <= 1e-14 / std::norm(s.s21));
  }
}

// IEEE 802.3 Eq. (93A-18): the voltage transfer of a terminated two-port,
//   H21 = S21 (1 - Γ1)(1 + Γ2) / (1 - S11 Γ1 - S22 Γ2 - S21 S12 Γ1 Γ2 + S11 S22 Γ1 Γ2).
// The wave a source of EMF E and impedance Z_s sends into Z0 is b = E Z0 / (Z_s + Z0) = E (1 - Γ1) / 2, since
// 1 - Γ1 = 2 Z0 / (Z_s + Z0), and the load voltage is (1 + Γ2) times the wave that arrives. So V_L / E = H21
// / 2.
TEST_CASE("two-port: a segment is half the terminated transfer of IEEE 802.3 Eq. 93A-18") {
  RandomNetworks random;
  constexpr double z0 = 50.0;
  for (int i = 0; i < 100; ++i) {
    const S2 s = random.scattering();
    const Complex zs = random.impedance_ohm(), zl = random.impedance_ohm();
    const Complex g1 = (zs - z0) / (zs + z0), g2 = (zl - z0) / (zl + z0);
    const Complex h21 = s.s21 * (1.0 - g1) * (1.0 + g2) /
                        (1.0 - s.s11 * g1 - s.s22 * g2 - s.s21 * s.s12 * g1 * g2 + s.s11 * s.s22 * g1 * g2);
    const Abcd chain[] = {to_abcd(s, z0)};
    const auto transfer = segment_transfer({SourceEnd::Form::thevenin, {zs}}, chain, {{zl}, {1.0}});
    // The chain matrix has entries of size 1/|S21|, whose sum cancels to some extent.
    CHECK(std::abs(transfer[0] - 0.5 * h21) <= 1e-14 * std::abs(h21) / std::norm(s.s21));
  }
}

TEST_CASE("two-port: a Norton source is the Thevenin source of the same open voltage and short current") {
  RandomNetworks random;
  for (int i = 0; i < 20; ++i) {
    const Abcd chain[] = {to_abcd(random.scattering(), 50.0)};
    const Complex zs = random.impedance_ohm(), zl = random.impedance_ohm();
    const auto voltage = segment_transfer({SourceEnd::Form::thevenin, {zs}}, chain, {{zl}, {1.0}});
    const auto current = segment_transfer({SourceEnd::Form::norton, {1.0 / zs}}, chain, {{zl}, {1.0}});
    // I_L = V_L / Z_L with EMF = I_s Z_s; a few roundings.
    CHECK(std::abs(current[0] - voltage[0] * zs / zl) <= 1e-13 * std::abs(current[0]));
  }
}

TEST_CASE("two-port: without a chain a segment is a voltage divider times the load's own ratio") {
  const auto transfer =
      segment_transfer({SourceEnd::Form::thevenin, {25.0}}, {}, {{75.0}, {Complex(0.0, 2.0)}});
  // Two roundings.
  CHECK(std::abs(transfer[0] - Complex(0.0, 1.5)) <= 1e-15);
}

TEST_CASE(
    "two-port: a segment ends as its source's equivalent: open voltage times admittance is short current") {
  const std::vector<Abcd> chain{series_impedance(Complex(3.0, 40.0)) * shunt_admittance(Complex(1e-3, 0.02)) *
                                series_impedance(Complex(1.0, 5.0))};
  for (const auto form : {SourceEnd::Form::thevenin, SourceEnd::Form::norton}) {
    const SourceEnd source{form,
                           {form == SourceEnd::Form::thevenin ? Complex(45.0, -7.0) : Complex(2e-3, 0.01)}};
    // Voltage on 1 Gohm and current into 1 nohm.
    const LoadEnd open{{1e9}, {1.0}}, shorted{{1e-9}, {1.0}};
    Complex volts = segment_transfer(source, chain, open)[0],
            amperes = segment_transfer(source, chain, shorted)[0];
    if (form == SourceEnd::Form::thevenin)
      amperes /= 1e-9;
    else
      volts *= 1e9;
    // Loads of finite size: 1e-9 of some 100 ohm.
    CHECK(std::abs(output_admittance(source, chain)[0] * volts / amperes - 1.0) <= 1e-6);
  }
}
