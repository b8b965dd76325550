#include "solvers/com/network.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;

namespace {

constexpr double pi = std::numbers::pi;
const Complex j(0.0, 1.0);

// The annex in scattering form, single ended on R_0 = 50 ohm, f in GHz, C in nF, L in nH, z in mm.
S2 shunt_capacitor(double c_nF, double f) {  // (93A-8)
  const Complex x = j * 2.0 * pi * f * c_nF * 50.0;
  return {-x / (2.0 + x), 2.0 / (2.0 + x), 2.0 / (2.0 + x), -x / (2.0 + x)};
}
S2 series_inductor(double l_nH, double f) {
  const Complex x = j * 2.0 * pi * f * l_nH / 50.0;
  return {x / (2.0 + x), 2.0 / (2.0 + x), 2.0 / (2.0 + x), x / (2.0 + x)};
}
Complex gamma_per_mm(double gamma0, double a1, double a2, double tau, double f) {  // (93A-9) to (93A-11)
  return gamma0 + a1 * (1.0 + j) * std::sqrt(f) +
         f * (a2 * (1.0 - j * (2.0 / pi) * std::log(f)) + j * 2.0 * pi * tau);
}
S2 line(Complex gamma, double z_mm, double z_c) {  // (93A-12) to (93A-14)
  const double rho = (z_c - 100.0) / (z_c + 100.0);
  const Complex e = std::exp(-gamma * z_mm), bottom = 1.0 - rho * rho * e * e;
  const Complex s11 = rho * (1.0 - e * e) / bottom, s21 = (1.0 - rho * rho) * e / bottom;
  return {s11, s21, s21, s11};
}
S2 cascade(const S2& a, const S2& b) {  // (93A-4) to (93A-7)
  const Complex n = 1.0 - a.s22 * b.s11;
  return {a.s11 + a.s12 * a.s21 * b.s11 / n, a.s12 * b.s12 / n, a.s21 * b.s21 / n,
          b.s22 + b.s12 * b.s21 * a.s22 / n};
}
Complex terminated(const S2& s, double r_tx, double r_rx) {  // (93A-17), (93A-18)
  const double g1 = (r_tx - 50.0) / (r_tx + 50.0), g2 = (r_rx - 50.0) / (r_rx + 50.0);
  return s.s21 * (1.0 - g1) * (1.0 + g2) /
         (1.0 - s.s11 * g1 - s.s22 * g2 - s.s21 * s.s12 * g1 * g2 + s.s11 * s.s22 * g1 * g2);
}
S2 mirrored(const S2& s) {
  return {s.s22, s.s21, s.s12, s.s11};
}

struct Numbers {  // one end, in the annex's units
  std::vector<double> c_d, l_s, z_c, z_p;
  double c_b, c_v, c_p, r_d;
};
constexpr double gamma0 = 5e-4, a1 = 8.9e-4, a2 = 2e-4, tau = 6.141e-3;

S2 package(const Numbers& n, double f) {
  S2 s{0.0, 1.0, 1.0, 0.0};
  for (std::size_t i = 0; i < n.c_d.size(); ++i)
    s = cascade(cascade(s, shunt_capacitor(n.c_d[i], f)), series_inductor(n.l_s[i], f));
  s = cascade(s, shunt_capacitor(n.c_b, f));
  for (std::size_t i = 0; i < n.z_p.size(); ++i) {
    s = cascade(s, line(gamma_per_mm(gamma0, a1, a2, tau, f), n.z_p[i], n.z_c[i]));
    if (i == 2) s = cascade(s, shunt_capacitor(n.c_v, f));
  }
  return cascade(s, shunt_capacitor(n.c_p, f));
}

std::vector<double> scaled(std::vector<double> list, double factor) {
  for (double& each : list) each *= factor;
  return list;
}
Package in_SI(const Numbers& n) {
  return {.termination_ohm = n.r_d,
          .die_capacitance_F = scaled(n.c_d, 1e-9),
          .die_inductance_H = scaled(n.l_s, 1e-9),
          .bump_capacitance_F = n.c_b * 1e-9,
          .line_impedance_ohm = n.z_c,
          .via_capacitance_F = n.c_v * 1e-9,
          .ball_capacitance_F = n.c_p * 1e-9};
}
LineLoss in_SI(double g0, double sqrt_ns_per_mm, double ns_per_mm, double delay) {
  return {.gamma0_per_m = g0 * 1e3,
          .a1_sqrt_s_per_m = sqrt_ns_per_mm * 1e3 * std::sqrt(1e-9),
          .a2_s_per_m = ns_per_mm * 1e-6,
          .tau_s_per_m = delay * 1e-6};
}

const Numbers transmitter{{0.4e-4, 0.9e-4, 1.1e-4},
                          {0.13, 0.15, 0.14},
                          {92, 70, 80, 100},
                          {12, 1, 0.1, 0.58},
                          0.3e-4,
                          0.2e-4,
                          0.5e-4,
                          45};
const Numbers receiver{{1.2e-4}, {0.12}, {87.5, 92.5}, {29, 1.8}, 0.3e-4, 0.0, 0.87e-4, 55};
const std::vector<double> next_mm = {6, 0.5, 0.1, 0.58}, fext_mm = {31, 1.0, 0.1, 0.58};

Parameters packaged() {
  Parameters p = test::small_configuration();
  p.package_loss = in_SI(gamma0, a1, a2, tau);
  p.board_loss = in_SI(0.0, 3.8206e-4, 9.5909e-5, 5.79e-3);
  p.transmitter_package = in_SI(transmitter);
  p.receiver_package = in_SI(receiver);
  p.package_case[0].transmit_length_m = scaled(transmitter.z_p, 1e-3);
  p.package_case[0].next_length_m = scaled(next_mm, 1e-3);
  p.package_case[0].fext_length_m = scaled(fext_mm, 1e-3);
  p.package_case[0].receive_length_m = scaled(receiver.z_p, 1e-3);
  return p;
}

const std::vector<double> points = test::frequencies(0.35e9, 2.9e9, 20);

// Passive, not reciprocal, different at each frequency.
std::vector<S2> some_channel() {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> size(0.1, 0.45), turn(0.0, 2.0 * pi);
  std::vector<S2> s;
  for (std::size_t k = 0; k < points.size(); ++k) {
    const auto any = [&] { return std::polar(size(random), turn(random)); };
    s.push_back({any(), any(), any(), any()});
  }
  return s;
}

double transfer_error(const Parameters& p, Path::Kind kind, const std::vector<Complex>& expected) {
  std::vector<Abcd> chain;
  for (const S2& s : some_channel()) chain.push_back(to_abcd(s, 100.0));
  const auto actual = CaseNetwork(p, p.package_case[0], points).transfer(kind, chain);
  double worst = 0.0;
  for (std::size_t k = 0; k < points.size(); ++k)
    worst = std::max(worst, std::abs(actual[k] - expected[k]) / std::abs(expected[k]));
  return worst;
}

}  // namespace

TEST_CASE("com network: each kind of path equals the annex's scattering cascade between its terminations") {
  const auto channel = some_channel();
  const auto lengths = [&](Path::Kind kind) {
    if (kind == Path::Kind::next) return next_mm;
    return kind == Path::Kind::fext ? fext_mm : transmitter.z_p;
  };
  for (const Path::Kind kind : {Path::Kind::through, Path::Kind::fext, Path::Kind::next}) {
    Numbers end = transmitter;
    end.z_p = lengths(kind);
    std::vector<Complex> expected;
    for (std::size_t k = 0; k < points.size(); ++k) {
      const double f = points[k] / 1e9;
      const S2 all = cascade(cascade(package(end, f), channel[k]), mirrored(package(receiver, f)));
      expected.push_back(terminated(all, transmitter.r_d, receiver.r_d));
    }
    // Rounding of some twenty cascades whose chain elements reach 1e3.
    CHECK(transfer_error(packaged(), kind, expected) <= 1e-10);
  }
}

TEST_CASE("com network: boards stand between package and channel on the sides that the sheet names") {
  Parameters p = packaged();
  p.board = {.side = "both",
             .impedance_ohm = 95.0,
             .transmit_length_m = 0.11,
             .next_length_m = 0.07,
             .fext_length_m = 0.05,
             .receive_length_m = 0.09,
             .package_capacitance_F = {2.9e-14, 2.0e-14},
             .channel_capacitance_F = {1.9e-14, 1.0e-14}};
  const auto channel = some_channel();
  const auto board = [&](double c0, double z_mm, double c1, double f) {
    const S2 trace = line(gamma_per_mm(0.0, 3.8206e-4, 9.5909e-5, 5.79e-3, f), z_mm, 95.0);
    return cascade(cascade(shunt_capacitor(c0, f), trace), shunt_capacitor(c1, f));
  };
  for (const char* side : {"both", "receiver"}) {
    const bool both = std::string(side) == "both";
    p.board.side = side;
    std::vector<Complex> expected;
    for (std::size_t k = 0; k < points.size(); ++k) {
      const double f = points[k] / 1e9;
      S2 left = package(transmitter, f);
      if (both) left = cascade(left, board(2.9e-5, 110.0, 1.9e-5, f));
      const S2 right = cascade(package(receiver, f), board(2.0e-5, 90.0, 1.0e-5, f));
      const S2 all = cascade(cascade(left, channel[k]), mirrored(right));
      // With a board at the receiver alone the transmitter is an instrument of R_0.
      expected.push_back(terminated(all, both ? transmitter.r_d : 50.0, receiver.r_d));
    }
    // Rounding, as above.
    CHECK(transfer_error(p, Path::Kind::through, expected) <= 1e-10);
  }
}

TEST_CASE("com network: a package is reciprocal, passive, and lossless without line loss") {
  const auto scattering = [&](const LineLoss& loss) {
    std::vector<S2> all;
    const auto lengths = scaled(transmitter.z_p, 1e-3);
    for (const Abcd& m : package_chain(in_SI(transmitter), loss, lengths, points))
      all.push_back(to_s(m, 100.0));
    return all;
  };
  for (const S2& s : scattering(in_SI(gamma0, a1, a2, tau))) {
    // Rounding of ad - bc = 1 in twelve products.
    CHECK(std::abs(s.s21 - s.s12) <= 1e-12);
    CHECK(std::norm(s.s11) + std::norm(s.s21) < 1.0);
  }
  for (const S2& s : scattering({.tau_s_per_m = 6e-9})) {
    // Rounding, as above.
    CHECK(abs_error(std::norm(s.s11) + std::norm(s.s21), 1.0) <= 1e-11);
  }
}

TEST_CASE("com network: without package and reflections the transfer is S21, at 0 Hz the voltage divider") {
  Parameters p = test::small_configuration();
  const auto path = test::trace(0.2);
  const auto bare = CaseNetwork(p, p.package_case[0], path.differential.frequency_Hz)
                        .transfer(Path::Kind::through, channel_chain(path.differential));
  for (std::size_t k = 0; k < bare.size(); ++k) {
    // Rounding against chain elements of 1/S21.
    CHECK(std::abs(bare[k] - path.differential.at(k, 1, 0)) <= 1e-13);
  }
  p = packaged();
  p.package_loss.gamma0_per_m = 0.0;
  const Abcd direct;
  const double dc =
      CaseNetwork(p, p.package_case[0], {0.0}).transfer(Path::Kind::through, {&direct, 1})[0].real();
  // 2 R_L / (R_S + R_L), rounding.
  CHECK(abs_error(dc, 2.0 * 55.0 / (45.0 + 55.0)) <= 1e-14);
}

TEST_CASE("com network: zero length is no line, and at 0 Hz only gamma0 attenuates") {
  const LineLoss loss = in_SI(gamma0, a1, a2, tau);
  const Abcd through = ieee_line(line_of(loss, 90.0), 0.0, 10e9);
  CHECK(through.a == 1.0);
  CHECK(through.b == 0.0);
  CHECK(ieee_propagation_per_m(line_of(loss, 90.0), 0.0) == Complex(loss.gamma0_per_m));
  const Package lines{.termination_ohm = 50.0,
                      .die_capacitance_F = {},
                      .die_inductance_H = {},
                      .line_impedance_ohm = {70.0, 90.0}};
  for (const Abcd& m : package_chain(lines, loss, std::vector<double>{0.0, 0.0}, points)) {
    CHECK(m.a == 1.0);
    CHECK(m.b == 0.0);
    CHECK(m.c == 0.0);
  }
}

TEST_CASE("com network: reversing twice is the identity and mirrors the ports") {
  const auto chain =
      package_chain(in_SI(transmitter), in_SI(gamma0, a1, a2, tau), scaled(transmitter.z_p, 1e-3), points);
  const auto back = reversed(chain), again = reversed(back);
  for (std::size_t k = 0; k < chain.size(); ++k) {
    const S2 forth = to_s(chain[k], 100.0), mirror = to_s(back[k], 100.0);
    // Rounding of two conversions.
    CHECK(std::abs(forth.s11 - mirror.s22) + std::abs(forth.s22 - mirror.s11) <= 1e-12);
    CHECK(again[k].a == chain[k].a);
  }
}

TEST_CASE("com network: a channel that is no 2-port is refused") {
  SParameters three = test::trace(0.1).differential;
  three.ports = 3;
  CHECK_THROWS_AS(channel_chain(three), DomainError);
}
