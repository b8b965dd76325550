#include "devices/physics/ring_delay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/ring_round_trip.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

/// Field behind the ring for a field and a shift given at every sample; starts settled on the first.
std::vector<Complex> run(RingDelay ring, std::vector<Complex> field, const std::vector<double>& shift_Hz,
                         const std::vector<double>& loss_per_s, std::size_t block) {
  ring.settle({field.data(), 1}, shift_Hz[0], loss_per_s[0]);
  for (std::size_t begin = 1; begin < field.size(); begin += block) {
    const std::size_t count = std::min(block, field.size() - begin);
    const auto from = static_cast<long>(begin), to = static_cast<long>(begin + count);
    const RateBlock rate{{shift_Hz.begin() + from, shift_Hz.begin() + to},
                         {loss_per_s.begin() + from, loss_per_s.begin() + to}};
    const std::span<Complex> part(field.data() + begin, count);
    ring.step(rate, {&part, 1});
  }
  return field;
}

std::vector<Complex> run_coupled(const RingRates& rates, double detuning_Hz, double dt_s,
                                 std::vector<Complex> field, const std::vector<double>& shift_Hz) {
  RingIntegrator ring(rates, {&detuning_Hz, 1}, dt_s, 1.0, static_cast<int>(field.size()));
  Complex first = field[0];
  ring.settle({&first, 1}, shift_Hz[0], 0.0);
  CarrierBlock block(1, static_cast<int>(field.size()) - 1);
  block.load(0, std::span(field).subspan(1));
  ring.step({{shift_Hz.begin() + 1, shift_Hz.end()}, {}}, block);
  block.save(0, std::span(field).subspan(1));
  field[0] = first;
  return field;
}

/// Power line at `cycles` per record of `period` samples, of the last period.
Complex line(const std::vector<Complex>& field, int period, int cycles) {
  Complex sum = 0.0;
  for (int n = 0; n < period; ++n)
    sum += std::norm(field[field.size() - static_cast<std::size_t>(period) + static_cast<std::size_t>(n)]) *
           Complex(0.0, 2.0 / period) * std::polar(1.0, -2.0 * pi * cycles * n / period);
  return sum;
}

}  // namespace

TEST_CASE("ring delay: steps of light equal Photontorch's round trips") {
  // Index linear in wavelength, so the phase of a round trip at 1550.05 nm against the nearest resonance: β L
  // of the README's indices, L = 2π 5 µm, resonance where it is a multiple of 2π.
  const WaveguideIndex index{.effective = 2.41756358556589, .group = 4.2, .reference_m = 1.55e-6};
  const double length_m = 2.0 * pi * 5e-6, trip_s = length_m * 4.2 / c0, fsr_Hz = 1.0 / trip_s;
  const RingRates rates = rates_from_couplings(0.06, 0.0, 0.2, fsr_Hz);
  struct Case {
    const char* file;
    double wavelength_m;
  };
  for (const Case& each : {Case{"onres", 1.55e-6}, Case{"detuned_50pm", 1.55005e-6}}) {
    CAPTURE(each.file);
    const double phase = std::remainder(index.propagation_per_m(each.wavelength_m) * length_m, 2.0 * pi);
    const double detuning_Hz = phase / (2.0 * pi) * fsr_Hz;
    RingDelay ring(rates, fsr_Hz, {&detuning_Hz, 1}, trip_s / 8.0, 1.0, 2000);
    ring.darken();
    const auto rows =
        test::read_csv(std::string("tests/data/microring_step_") + each.file + "_photontorch.csv");
    REQUIRE(rows.size() == 1601);
    std::vector<Complex> field(rows.size(), 1.0);
    const std::span<Complex> all(field);
    ring.step({std::vector<double>(rows.size(), 0.0), {}}, {&all, 1});
    double worst = 0.0;
    for (std::size_t n = 0; n < rows.size(); ++n)
      worst = std::max(worst, std::abs(field[n] - Complex(rows[n][1], -rows[n][2])));
    // Phases of 310 rad carry 6e-14, and a ring of some 15 round trips adds them up.
    CHECK(worst <= 3e-12);
  }
}

TEST_CASE("ring delay: settled responses equal the round-trip formulas") {
  const double fsr_Hz = 1.6e12;
  const RingRates rates = rates_from_couplings(0.1, 0.04, 0.5, fsr_Hz);
  const RoundTripRing same{0.1, 0.04, 0.5, 0.0};
  for (const double detuning_Hz : {0.0, 23e9, -60e9, 700e9}) {
    const double phase = 2.0 * pi * detuning_Hz / fsr_Hz;
    // A few roundings of numbers of order one.
    CHECK(std::abs(delay_response(rates, fsr_Hz, RingPort::through, detuning_Hz) -
                   round_trip_through(same, phase)) <= 1e-13);
    CHECK(std::abs(delay_response(rates, fsr_Hz, RingPort::drop, detuning_Hz) -
                   round_trip_drop(same, phase)) <= 1e-13);
    for (const RingPort port : {RingPort::through, RingPort::drop}) {
      // After 2000 samples of 1.5 round trips: settled to rounding, and the settled start is that already.
      const std::vector<double> still(400, 3e9), loss(400, 2e9);
      const auto field = run({rates, fsr_Hz, {&detuning_Hz, 1}, 1.5 / fsr_Hz * 0.973, 0.9, 64, port},
                             std::vector<Complex>(400, {0.3, 0.1}), still, loss, 64);
      RingRates lossy = rates;
      lossy.loss_per_s += 2e9;
      const Complex expected =
          Complex(0.3, 0.1) * 0.9 * delay_response(lossy, fsr_Hz, port, detuning_Hz - 3e9);
      CHECK(std::abs(field[0] - expected) <= 1e-13);
      CHECK(std::abs(field.back() - expected) <= 1e-12);
    }
  }
}

TEST_CASE("ring delay: blocks of any size give the same light") {
  const double detuning_Hz = 30e9;
  const RingRates rates = rates_from_couplings(0.1, 0.04, 0.5, 1.6e12);
  std::vector<Complex> field(300);
  std::vector<double> shift(300), loss(300);
  for (int n = 0; n < 300; ++n) {
    field[n] = {1.0 + 0.2 * std::sin(0.1 * n), 0.1};
    shift[n] = 20e9 * std::sin(0.37 * n);
    loss[n] = 4e9 * std::cos(0.2 * n);
  }
  for (const RingPort port : {RingPort::through, RingPort::drop}) {
    const RingDelay ring(rates, 1.6e12, {&detuning_Hz, 1}, 0.7e-12, 1.0, 300, port);
    const auto whole = run(ring, field, shift, loss, 300), parts = run(ring, field, shift, loss, 7);
    for (int n = 0; n < 300; ++n)
      // The integral starts anew in each block: rounding.
      CHECK(std::abs(whole[n] - parts[n]) <= 1e-12);
  }
}

TEST_CASE("ring delay: slow modulation of a ring of high finesse is that of the coupled mode, ever closer") {
  // Couplers, loss, detuning, swing and modulation all scale down: the distance falls as their square, as
  // through_error_bound() has it.
  const double fsr_Hz = 1.6e12, dt_s = 0.5e-12;
  std::vector<double> worst;
  for (const double scale : {1.0, 0.5, 0.25}) {
    const RoundTripRing couplers{0.08 * scale, 0.0, 0.3 * scale, 0.0};
    const RingRates rates =
        rates_from_couplings(couplers.bus_power_coupling, 0.0, couplers.round_trip_loss_dB, fsr_Hz);
    const double detuning_Hz = 15e9 * scale;
    const int count = static_cast<int>(2000 / scale);
    std::vector<Complex> field(static_cast<std::size_t>(count), 1.0);
    std::vector<double> shift(field.size()), none(field.size(), 0.0);
    for (int n = 0; n < count; ++n) shift[n] = 12e9 * scale * std::sin(2.0 * pi * 8e9 * scale * n * dt_s);
    const auto round =
        run({rates, fsr_Hz, {&detuning_Hz, 1}, dt_s, 1.0, count}, field, shift, none, field.size());
    const auto coupled = run_coupled(rates, detuning_Hz, dt_s, field, shift);
    double most = 0.0;
    for (int n = 0; n < count; ++n) most = std::max(most, std::abs(round[n] - coupled[n]));
    // Light within detuning, swing and modulation of the resonance, all fields below 1: the static bound at
    // that distance, with a factor 2 for the second way a moving ring differs (its phase is an average).
    CHECK(most <= 2.0 * through_error_bound(couplers, 2.0 * pi * (15e9 + 12e9 + 8e9) * scale / fsr_Hz));
    CHECK(most >= 1e-6);  // two models, not one
    worst.push_back(most);
  }
  // Second order in scale: 2 in the exponent, ± 0.3 by the next order at scale 1.
  CHECK(abs_error(std::log2(worst[0] / worst[1]), 2.0) <= 0.3);
  CHECK(abs_error(std::log2(worst[1] / worst[2]), 2.0) <= 0.3);
}

TEST_CASE(
    "ring delay: near the free spectral range it is far from the coupled mode, by what the closed forms "
    "say") {
  // 64 samples a round trip; the modulation has 62 cycles in 64 round trips: 3 % below the range, where the
  // upper sideband meets the next resonance.
  const double fsr_Hz = 1.6e12;
  const int per_trip = 64, trips = 64, cycles = 62, period = per_trip * trips;
  const double dt_s = 1.0 / (fsr_Hz * per_trip), f = fsr_Hz * cycles / trips;
  const RingRates rates = rates_from_couplings(0.1, 0.0, 0.5, fsr_Hz);
  const double detuning_Hz = 25e9, amplitude_Hz = 1e8;
  std::vector<Complex> field(static_cast<std::size_t>(5 * period), 1.0);
  std::vector<double> shift(field.size()), none(field.size(), 0.0);
  for (std::size_t n = 0; n < shift.size(); ++n)
    shift[n] = amplitude_Hz * std::sin(2.0 * pi * cycles * static_cast<double>(n % period) / period);
  const auto round = run({rates, fsr_Hz, {&detuning_Hz, 1}, dt_s, 1.0, 4096}, field, shift, none, 4096);
  const Complex stepped = line(round, period, cycles) / amplitude_Hz;
  const Complex closed = delay_small_signal(rates, fsr_Hz, RingPort::through, detuning_Hz, {1.0, 0.0}, f);
  // A sine of 66 points a cycle as straight pieces loses (2π/66)²/12 = 0.08 %; the drive of 1e8 Hz against a
  // linewidth of 27 GHz bends by 1e-5.
  CHECK(std::abs(stepped - closed) <= 2e-3 * std::abs(closed));
  const Complex coupled_step =
      line(run_coupled(rates, detuning_Hz, dt_s, field, shift), period, cycles) / amplitude_Hz;
  const Complex coupled = small_signal_response(rates, detuning_Hz, {1.0, 0.0}, f);
  CHECK(std::abs(coupled_step - coupled) <= 2e-3 * std::abs(coupled));
  // The two models differ by more than half of what the round trips say.
  CHECK(std::abs(closed - coupled) > 0.5 * std::abs(closed));
  CHECK(rel_error(std::abs(stepped - coupled_step), std::abs(closed - coupled)) <= 4e-3);
  // And half a range away, at a tenth of it, they agree to 2 % by their closed forms.
  const Complex slow = delay_small_signal(rates, fsr_Hz, RingPort::through, detuning_Hz, {1.0, 0.0}, 20e9);
  CHECK(std::abs(slow - small_signal_response(rates, detuning_Hz, {1.0, 0.0}, 20e9)) <=
        0.03 * std::abs(slow));
}

TEST_CASE("ring delay: small signal is the slope of the settled power, and the stepped sine, at both ports") {
  const double fsr_Hz = 2.0e12, detuning_Hz = 30e9;
  const RingRates rates = rates_from_couplings(0.12, 0.05, 0.4, fsr_Hz);
  for (const RingPort port : {RingPort::through, RingPort::drop}) {
    CAPTURE(port == RingPort::drop);
    const RateChange change{1.0, -0.3};
    const auto power = [&](double drive) {
      RingRates moved = rates;
      moved.loss_per_s += change.loss_per_s * drive;
      return delay_power(moved, fsr_Hz, port, detuning_Hz - change.resonance_Hz * drive);
    };
    constexpr double h = 1e6;
    const Complex still = delay_small_signal(rates, fsr_Hz, port, detuning_Hz, change, 0.0);
    // Central difference of 1e6 Hz on a line of 40 GHz: 1e-9, and rounding 1e-16/1e-5.
    CHECK(rel_error(still.real(), (power(h) - power(-h)) / (2.0 * h)) <= 1e-8);
    CHECK(std::abs(still.imag()) <= 1e-12 * std::abs(still.real()));
    // 100 GHz and 1.3 times the range, on a grid whose samples do not divide the round trip.
    const int period = 4000;
    for (const int cycles : {50, 200}) {
      const double dt_s = cycles == 50 ? 50.0 / (period * 100e9) : 200.0 / (period * 1.3 * fsr_Hz);
      std::vector<Complex> field(static_cast<std::size_t>(3 * period), 1.0);
      std::vector<double> shift(field.size()), loss(field.size());
      for (std::size_t n = 0; n < shift.size(); ++n) {
        const double drive = 1e8 * std::sin(2.0 * pi * cycles * static_cast<double>(n % period) / period);
        shift[n] = change.resonance_Hz * drive;
        loss[n] = change.loss_per_s * drive;
      }
      const Complex stepped =
          line(run({rates, fsr_Hz, {&detuning_Hz, 1}, dt_s, 1.0, 4000, port}, field, shift, loss, 4000),
               period, cycles) /
          1e8;
      const Complex closed =
          delay_small_signal(rates, fsr_Hz, port, detuning_Hz, change, cycles / (period * dt_s));
      // Straight pieces pass a sine of f times sinc²(f dt), divided out; what is left is the reading between
      // points, 5e-3 (2πf/(12 FSR))^6 a round trip, and aliases of the straight pieces.
      const double x = pi * cycles / period, straight = std::sin(x) * std::sin(x) / (x * x);
      CHECK(std::abs(stepped / straight - closed) <= (cycles == 50 ? 1e-4 : 0.02) * std::abs(closed));
    }
  }
}
