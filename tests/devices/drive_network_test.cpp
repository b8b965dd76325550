#include "devices/drive_network.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <random>

#include "core/constants.hpp"
#include "device_checks.hpp"
#include "devices/driver.hpp"
#include "devices/microring_modulator.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;

/// The published circuit (Lin et al., OFC 2026, Th2A.14) with a substrate capacitance added, so that every
/// element stands.
constexpr DriveNetworkParameters published{.pad_capacitance_F = 4.35e-15,
                                           .oxide_capacitance_F = 0.11e-15,
                                           .substrate_resistance_ohm = 3893.0,
                                           .substrate_capacitance_F = 1e-15,
                                           .series_inductance_H = 180e-12,
                                           .series_resistance_ohm = 1.0,
                                           .contact_capacitance_F = 4e-15,
                                           .silicon_resistance_ohm = 1380.0,
                                           .silicon_capacitance_F = 55e-15};

struct Ends {
  double source_ohm = 50.0, junction_ohm = 30.0, junction_F = 19.3e-15;
};

/// Junction voltage over EMF as the solver forms it: driver, network, ring.
Complex junction_transfer(const DriveNetworkParameters& network, const Ends& ends, double f_Hz) {
  const std::vector<double> f{f_Hz};
  MicroringModulatorParameters ring;
  ring.junction_capacitance_F = ends.junction_F;
  ring.series_resistance_ohm = ends.junction_ohm;
  const Driver driver("driver", {.swing_at = "open", .source_resistance_ohm = ends.source_ohm});
  return segment_transfer(*driver.source_end(f), *DriveNetwork("net", network).two_port(f, -1),
                          *MicroringModulator("ring", ring).load_end(f))[0];
}

Abcd chain_matrix(const DriveNetworkParameters& network, double f_Hz) {
  const std::vector<double> f{f_Hz};
  return (*DriveNetwork("net", network).two_port(f, -1))[0];
}

/// The same by nodal analysis: nodes pad, oxide, device, silicon, junction; every element stamped on its own.
Complex nodal_transfer(const DriveNetworkParameters& p, const Ends& ends, double f_Hz) {
  const Complex jw(0.0, 2.0 * pi * f_Hz);
  Eigen::Matrix<Complex, 5, 5> y = Eigen::Matrix<Complex, 5, 5>::Zero();
  const auto stamp = [&](int from, int to, Complex admittance) {  // to = -1: ground
    y(from, from) += admittance;
    if (to < 0) return;
    y(to, to) += admittance;
    y(from, to) -= admittance;
    y(to, from) -= admittance;
  };
  enum { pad, oxide, device, silicon, junction };
  stamp(pad, -1, 1.0 / ends.source_ohm);  // Norton form of the source
  stamp(pad, -1, jw * p.pad_capacitance_F);
  stamp(pad, oxide, jw * p.oxide_capacitance_F);
  stamp(oxide, -1, 1.0 / p.substrate_resistance_ohm);
  stamp(oxide, -1, jw * p.substrate_capacitance_F);
  stamp(pad, device, 1.0 / (p.series_resistance_ohm + jw * p.series_inductance_H));
  stamp(device, -1, jw * p.contact_capacitance_F);
  stamp(device, silicon, 1.0 / p.silicon_resistance_ohm);
  stamp(silicon, -1, jw * p.silicon_capacitance_F);
  stamp(device, junction, 1.0 / ends.junction_ohm);
  stamp(junction, -1, jw * ends.junction_F);
  Eigen::Vector<Complex, 5> current = Eigen::Vector<Complex, 5>::Zero();
  current(pad) = 1.0 / ends.source_ohm;
  return Eigen::Vector<Complex, 5>(y.fullPivLu().solve(current))(junction);
}

}  // namespace

TEST_CASE("drive network: every parameter refuses values outside its range by name") {
  test::check_range_messages<DriveNetwork, DriveNetworkParameters>();
}

TEST_CASE("drive network: without elements it is a wire") {
  const Abcd m = chain_matrix({}, 70e9);
  CHECK(m.a == 1.0);
  CHECK(m.b == 0.0);
  CHECK(m.c == 0.0);
  CHECK(m.d == 1.0);
}

TEST_CASE("drive network: an inductance before a capacitance peaks as a series RLC circuit") {
  // Oracle: voltage across C of a series RLC circuit, 1/(1 - ω²LC + jωRC): its peak stands at
  // f_0 sqrt(1 - 1/(2Q²)) and is Q / sqrt(1 - 1/(4Q²)), Q = sqrt(L/C)/R. Textbook algebra.
  const double l = 180e-12, c = 23.3e-15;
  for (const double r : {20.0, 51.0, 80.0}) {
    const double q = std::sqrt(l / c) / r, f0 = 1.0 / (2.0 * pi * std::sqrt(l * c));
    const double peak_Hz = f0 * std::sqrt(1.0 - 0.5 / (q * q)), peak = q / std::sqrt(1.0 - 0.25 / (q * q));
    const DriveNetworkParameters network{.series_inductance_H = l, .series_resistance_ohm = 1.0};
    const Ends ends{.source_ohm = r - 1.0, .junction_ohm = 0.0, .junction_F = c};
    const auto size = [&](double f) { return std::abs(junction_transfer(network, ends, f)); };
    // Rounding of a few operations.
    CHECK(rel_error(size(peak_Hz), peak) <= 1e-13);
    CHECK(size(peak_Hz * 0.99) < peak);
    CHECK(size(peak_Hz * 1.01) < peak);
    // The same capacitance as C_cc: the junction sees the terminal voltage when it has (next to) none itself.
    DriveNetworkParameters contact = network;
    contact.contact_capacitance_F = c - 1e-18;
    const Ends open{.source_ohm = r - 1.0, .junction_ohm = 0.0, .junction_F = 1e-18};
    CHECK(rel_error(std::abs(junction_transfer(contact, open, peak_Hz)), peak) <= 1e-13);
  }
}

TEST_CASE("drive network: junction voltage equals an independent nodal analysis of the whole circuit") {
  std::mt19937_64 random(20260314);
  std::uniform_real_distribution<double> decades(-1.0, 1.0);
  double worst = 0.0;
  for (int trial = 0; trial < 500; ++trial) {
    DriveNetworkParameters p = published;
    for (double* value : {&p.pad_capacitance_F, &p.oxide_capacitance_F, &p.substrate_resistance_ohm,
                          &p.substrate_capacitance_F, &p.series_inductance_H, &p.series_resistance_ohm,
                          &p.contact_capacitance_F, &p.silicon_resistance_ohm, &p.silicon_capacitance_F})
      *value *= std::pow(10.0, decades(random));
    const Ends ends{50.0 * std::pow(10.0, decades(random)), 30.0 * std::pow(10.0, decades(random)),
                    20e-15 * std::pow(10.0, decades(random))};
    const double f = 50e9 * std::pow(10.0, decades(random));
    const Complex expected = nodal_transfer(p, ends, f);
    worst = std::max(worst, std::abs(junction_transfer(p, ends, f) - expected) / std::abs(expected));
  }
  // Rounding times the condition of a five-node system of moderate spread.
  CHECK(worst <= 1e-12);
}

TEST_CASE("drive network: at low frequency the junction takes the whole EMF") {
  CHECK(chain_matrix(published, 0.0).a == 1.0);
  CHECK(chain_matrix(published, 0.0).c == 0.0);
  // To first order 1 - jωτ, τ the Elmore delay: each capacitance times the resistance it shares with the
  // path.
  const double elmore_s =
      50.0 * (4.35 + 0.11 + 4.0 + 55.0 + 19.3) * 1e-15 + 1.0 * (4.0 + 55.0 + 19.3) * 1e-15 + 30.0 * 19.3e-15;
  const double wt = 2.0 * pi * 1e6 * elmore_s;  // 3.0e-5
  // The next order: (ωτ)² = 9e-10 times moments of the order of one, R_si C_si = 76 ps the longest.
  CHECK(std::abs(junction_transfer(published, {}, 1e6) - Complex(1.0, -wt)) <= 1e-8);
  // 1 Hz stands in for 0 in the ring's load: 2π · 50 ohm · 20 fF = 6e-12.
  CHECK(std::abs(junction_transfer(published, {}, 0.0) - 1.0) <= 1e-11);
}

TEST_CASE("drive network: passive and reciprocal; lossless without resistances") {
  DriveNetworkParameters lossless = published;
  lossless.substrate_resistance_ohm = lossless.series_resistance_ohm = lossless.silicon_resistance_ohm = 0.0;
  int absorbing = 0;
  for (double f = 1e8; f < 2e12; f *= 1.3) {
    for (const bool resistive : {true, false}) {
      const Abcd m = chain_matrix(resistive ? published : lossless, f);
      // Rounding of products of size |ad|.
      CHECK(std::abs(m.a * m.d - m.b * m.c - 1.0) <= 1e-13 * (1.0 + std::abs(m.a * m.d)));
      const S2 s = to_s(m, 50.0);
      Eigen::Matrix2cd scattering;
      scattering << s.s11, s.s12, s.s21, s.s22;
      const Eigen::Vector2d gain = Eigen::JacobiSVD<Eigen::Matrix2cd>(scattering).singularValues();
      // Rounding of the conversion to scattering parameters.
      CHECK(gain(0) <= 1.0 + 1e-13);
      if (!resistive) CHECK(gain(1) >= 1.0 - 1e-12);
      if (resistive && gain(1) < 0.99) ++absorbing;
    }
  }
  CHECK(absorbing > 10);
}

TEST_CASE("drive network: every element vanishes continuously as it goes to zero") {
  using Member = double DriveNetworkParameters::*;
  using P = DriveNetworkParameters;
  for (const Member member :
       {&P::pad_capacitance_F, &P::oxide_capacitance_F, &P::substrate_resistance_ohm,
        &P::substrate_capacitance_F, &P::series_inductance_H, &P::series_resistance_ohm,
        &P::contact_capacitance_F, &P::silicon_resistance_ohm, &P::silicon_capacitance_F}) {
    P absent = published, tiny = published;
    absent.*member = 0.0;
    tiny.*member = 1e-12 * (published.*member);
    const Complex without = junction_transfer(absent, {}, 60e9), with = junction_transfer(tiny, {}, 60e9),
                  whole = junction_transfer(published, {}, 60e9);
    CHECK(std::isfinite(std::abs(without)));
    // 1e-12 of an element that is at most 30 times what the rest of the circuit shows it (R_si).
    CHECK(std::abs(with - without) <= 1e-10 * std::abs(without));
    // It does something when it is there: a change above rounding.
    CHECK(std::abs(whole - without) > 1e-8 * std::abs(without));
  }
}

TEST_CASE("drive network: ledger books the charge of its shunt capacitances and follows each of them") {
  Bundle b = test::ring_bundle(1, 4, 8, 25e9, 0.8);
  b.symbols[0] = {1.0, 1.0, -1.0, -1.0};  // every transition once
  const auto charging_W = [&](const DriveNetworkParameters& p) {
    Ledger ledger;
    DriveNetwork("net", p).ledger(b, ledger);
    double sum = 0.0;
    for (const LedgerEntry& entry : ledger.energy) sum += entry.power_W;
    return sum;
  };
  // C V²/4 per bit with 4.35 + 0.11 + 4 + 55 = 63.46 fF, all below rounding.
  CHECK(rel_error(charging_W(published) / 25e9, 63.46e-15 * 0.64 / 4.0) <= 1e-12);
  DriveNetworkParameters more = published;
  more.pad_capacitance_F += 10e-15;
  CHECK(rel_error(charging_W(more) - charging_W(published), 25e9 * 10e-15 * 0.64 / 4.0) <= 1e-12);
  CHECK(charging_W({.series_inductance_H = 180e-12}) == 0.0);
  // A second lane doubles it, 5/36 C V² per symbol for the sixteen PAM4 transitions.
  b.symbols[0] = {1,       1, 1.0 / 3,  1.0 / 3, -1.0 / 3, -1.0 / 3, -1, -1,
                  1.0 / 3, 1, -1.0 / 3, 1.0 / 3, -1,       -1.0 / 3, 1,  -1};
  b.symbols.push_back(b.symbols[0]);
  CHECK(rel_error(charging_W(published) / 25e9, 2.0 * 5.0 / 36.0 * 63.46e-15 * 0.64) <= 1e-12);
}

TEST_CASE("drive network: warns where a branch does not settle within a symbol") {
  const auto count = [](const DriveNetworkParameters& p, double symbol_rate_Bd) {
    std::vector<Warning> warnings;
    DriveNetwork("net", p).validity(test::ring_bundle(1, 4, 8, symbol_rate_Bd, 1.0), warnings);
    return warnings.size();
  };
  CHECK(count({}, 112e9) == 0);
  // 1380 ohm · 55 fF = 76 ps against 8.9 and 100 ps.
  CHECK(count(published, 112e9) == 1);
  CHECK(count(published, 10e9) == 0);
  DriveNetworkParameters slow = published;
  slow.oxide_capacitance_F = 50e-15;  // 195 ps
  CHECK(count(slow, 10e9) == 1);
}
