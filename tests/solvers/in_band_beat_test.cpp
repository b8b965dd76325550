#include "solvers/in_band_beat.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/units.hpp"
#include "devices/cw_laser.hpp"
#include "devices/in_band_crosstalk.hpp"
#include "devices/photodiode.hpp"
#include "links.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/sensitivity.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;

double tail(double x) {
  return 0.5 * std::erfc(x / std::numbers::sqrt2);
}

/// Power follows the drive: T = floor + (1 - floor) (u/u₀ + 1)/2, u₀ half the full scale.
class PowerModulator final : public Stage {
 public:
  explicit PowerModulator(double floor) : Stage("modulator"), floor_(floor) {}
  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override {
    LoadEnd end;
    end.impedance_ohm.assign(frequency_Hz.size(), 100.0);
    end.transfer.assign(frequency_Hz.size(), 1.0);
    return end;
  }
  bool has_core() const override { return true; }
  std::unique_ptr<Stepper> start(const Bundle& input) const override {
    return std::make_unique<Core>(floor_, 0.5 * input.full_scale_Vpp);
  }
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override {
    return std::make_unique<None>(input.lane.size(), input.port[0].field.size());
  }

 private:
  class Core final : public Stepper {
   public:
    Core(double floor, double half_V) : floor_(floor), half_V_(half_V) {}
    void step(Bundle& b) override {
      for (std::size_t l = 0; l < b.lane.size(); ++l)
        for (std::size_t n = 0; n < b.lane[l].size(); ++n)
          b.port[0].field[l][n] *=
              std::sqrt(floor_ + (1.0 - floor_) * std::clamp(0.5 + 0.5 * b.lane[l][n] / half_V_, 0.0, 1.0));
      b.lane.clear();
    }

   private:
    double floor_, half_V_;
  };
  // Nothing in front makes noise.
  class None final : public Tangent {
   public:
    None(std::size_t lanes, std::size_t carriers) : lanes_(lanes), carriers_(carriers) {}
    void pull_back(Sensitivity& s) const override {
      s.lane.assign(lanes_, {});
      s.port.assign(1, std::vector<ComplexWave>(carriers_));
    }

   private:
    std::size_t lanes_, carriers_;
  };
  double floor_;
};

constexpr double laser_W = 1e-3, responsivity = 0.8, band_Hz = 8e9;

/// One lane at 1 GBd through a wide receiver: levels settle, noise is the receiver's alone.
std::shared_ptr<Link> slow_link(int levels, double floor, const InBandCrosstalkParameters& leak,
                                double noise_V2_per_Hz) {
  const test::Stages optics = {
      std::make_shared<CwLaser>(
          "laser", CwLaserParameters{.power_W = laser_W, .rin_per_Hz = 0.0, .linewidth_Hz = 0.0}),
      std::make_shared<PowerModulator>(floor), std::make_shared<InBandCrosstalk>("leak", leak),
      std::make_shared<Photodiode>("photodiode", PhotodiodeParameters{.responsivity_A_per_W = responsivity,
                                                                      .dark_current_A = 0.0,
                                                                      .capacitance_F = 0.0}),
      std::make_shared<test::CurrentSense>()};
  auto link = test::copper_link(levels, 1e9, {}, optics,
                                {.noise_V2_per_Hz = noise_V2_per_Hz, .bandwidth_Hz = band_Hz});
  link->samples_per_symbol = 32;
  link->pattern = levels == 2 ? "PRBS7" : "deBruijn3";
  return link;
}

/// Noise density for which half of the eye is `q` standard deviations: white through the 4th-order filter.
double density_for(double q, double eye_V) {
  const double noise_band_Hz = band_Hz * 1.026172152977031;  // π/8 / sin(π/8)
  return std::pow(0.5 * eye_V / q, 2) / noise_band_Hz;
}

}  // namespace

// Oracle: moments of A cos φ and the tail of its sum with a Gaussian, by a sum over 20000 phases.
TEST_CASE("in-band beat: nodes stand for the arcsine density of every level of the interferer") {
  const std::vector<std::vector<double>> keys{{0.6, 1.28}};
  for (const double beat : {0.5, 2.0, 5.0}) {  // in standard deviations of the noise
    const auto nodes = beat_nodes(std::vector{beat}, keys);
    double mass = 0.0, square = 0.0, fourth = 0.0;
    for (const JitterNode& node : nodes) {
      mass += node.weight;
      square += node.weight * node.at * node.at;
      fourth += node.weight * std::pow(node.at, 4);
    }
    double square_expected = 0.0, fourth_expected = 0.0;
    for (const double key : keys[0]) {
      square_expected += 0.25 * std::pow(key * beat, 2);
      fourth_expected += 3.0 / 16.0 * std::pow(key * beat, 4);
    }
    // Gauss-Chebyshev is exact for polynomials: rounding.
    CHECK(rel_error(mass, 1.0) <= 1e-13);
    CHECK(rel_error(square, square_expected) <= 1e-13);
    CHECK(rel_error(fourth, fourth_expected) <= 1e-13);
    for (const double threshold : {4.0, 9.0}) {
      double expected = 0.0, actual = 0.0;
      constexpr int phases = 20000;
      for (const double key : keys[0])
        for (int m = 0; m < phases; ++m)
          expected += 0.5 / phases * tail(threshold - key * beat * std::cos(2.0 * pi * (m + 0.5) / phases));
      for (const JitterNode& node : nodes) actual += node.weight * tail(threshold - node.at);
      // The tail is steep over nodes 0.3 σ apart at the largest beat.
      CHECK(rel_error(actual, expected) <= 1e-3);
    }
  }
  CHECK_THROWS_WITH_AS(beat_nodes(std::vector{1.0, 1.0, 1.0}, std::vector<std::vector<double>>(3, {1.0})),
                       doctest::Contains("3 stages of in-band crosstalk"), ConfigError);
}

TEST_CASE("in-band beat: two independent interferers have the density of their sum") {
  const std::vector<std::vector<double>> keys{{1.0}, {0.5, 1.3}};
  const auto nodes = beat_nodes(std::vector{0.3, 0.2}, keys);
  double square = 0.0, fourth = 0.0;
  for (const JitterNode& node : nodes) {
    square += node.weight * node.at * node.at;
    fourth += node.weight * std::pow(node.at, 4);
  }
  const double a = 0.5 * 0.09, b = 0.25 * 0.04 * (0.25 + 1.69);
  const double a4 = 3.0 / 8.0 * 0.0081, b4 = 3.0 / 16.0 * 0.0016 * (0.0625 + 2.8561);
  // E[(x + y)⁴] = E x⁴ + 6 E x² E y² + E y⁴: rounding.
  CHECK(rel_error(square, a + b) <= 1e-13);
  CHECK(rel_error(fourth, a4 + 6.0 * a * b + b4) <= 1e-13);
}

// Oracle: the interference of two fields at the photodiode, 2R sqrt(ε P̄ P_s), settled.
TEST_CASE("in-band beat: B at the sampler is the beat of signal and interferer") {
  const double floor = 0.2, epsilon = power_ratio(Gain_dB{-30.0});
  const auto link = slow_link(2, floor, {.level_dB = -30.0, .interferer = "unmodulated"}, 0.0);
  test::Run run(link, "PRBS7");
  const auto beats = in_band_beats(run.chain, run.solution, run.context);
  REQUIRE(beats.size() == 1);
  CHECK(beats[0].keys == std::vector{1.0});
  double mean_W = 0.0;
  for (const double x : run.symbols[0])
    mean_W += (x > 0.0 ? 1.0 : floor) * laser_W / double(run.symbols[0].size());
  const int samples = run.grid.samples_per_symbol;
  // A level is settled in the middle of the second of two like symbols.
  for (std::size_t i = 1; i < run.symbols[0].size(); ++i) {
    if (run.symbols[0][i] != run.symbols[0][i - 1]) continue;
    const double level_W = (run.symbols[0][i] > 0.0 ? 1.0 : floor) * laser_W;
    const double expected = 2.0 * responsivity * std::sqrt(epsilon * mean_W * level_W);
    const double actual =
        beats[0].lane[0][i * static_cast<std::size_t>(samples) + static_cast<std::size_t>(samples / 2)];
    // The filter of 8 GHz has settled; 1e-3 for its ringing.
    CHECK(rel_error(actual, expected) <= 1e-3);
  }
}

// Oracle: -10 log₁₀(1 - 2√ε) of an ideal extinction ratio at the worst phase; with a finite one the closure
// of both levels, 2√ε (P₁ + sqrt(P₀ P₁)) over P₁ - P₀.
TEST_CASE("in-band beat: the eye closes by the closed form of interferometric crosstalk") {
  Context context(1);
  for (const double level_dB : {-25.0, -35.0}) {
    const double root = field_ratio(Gain_dB{level_dB});
    for (const double floor : level_dB < -30.0 ? std::vector{0.25} : std::vector{0.0}) {
      // An interferer like the signal: its larger level is 2 / (1 + floor) of the mean, as is the signal's.
      const InBandCrosstalkParameters leak{
          .level_dB = level_dB, .extinction_ratio_dB = floor == 0.0 ? 100.0 : -10.0 * std::log10(floor)};
      PatternSolution s = solve_pattern(slow_link(2, floor, leak, 1e-22), context);
      const LinkResult result = summarize(s, {.pictures = false});
      const double closure = 2.0 * root * (1.0 + std::sqrt(floor)) / (1.0 - floor);
      // PRBS7 has one more 1 than 0: mean power off by up to 1/127; ringing of the filter.
      CHECK(rel_error(result.lane[0].in_band_closure_dB, -10.0 * std::log10(1.0 - closure)) <= 0.02);
    }
  }
}

// Oracle: Q averaged over 4000 phases and the interferer's levels, from samples and noise of the link without
// interferer and the beat at the sampler, which another test holds against closed form.
TEST_CASE("in-band beat: the error ratio is that of the arcsine density, not of a Gaussian of its variance") {
  Context context(1);
  const double floor = 0.1, level_dB = -24.0, q = 5.0;
  const double eye_V = responsivity * laser_W * (1.0 - floor), density = density_for(q, eye_V);
  PatternSolution alone = solve_pattern(slow_link(2, floor, {.level_dB = -200.0}, density), context);
  PatternSolution s = solve_pattern(
      slow_link(2, floor, {.level_dB = level_dB, .extinction_ratio_dB = 10.0}, density), context);
  const LaneSamples& samples = alone.lane[0]->samples(0.0);
  const auto amplitude = InBandCrosstalk("x", {.extinction_ratio_dB = 10.0}).level_amplitudes();
  const auto beats = in_band_beats(*s.chain, s.periodic, context);
  const auto& in = s.lane[0]->inputs();
  const double main_V = in.pulse.value[static_cast<std::size_t>(wrap(in.offset, in.grid.size()))];
  const double threshold = s.lane[0]->thresholds()[0];
  double expected = 0.0, gaussian = 0.0;
  for (std::size_t i = 0; i < samples.value.size(); ++i) {
    const bool one = in.index[i] == 1;
    const long at = in.offset + static_cast<long>(i) * in.grid.samples_per_symbol;
    const double beat = beats[0].lane[0][static_cast<std::size_t>(wrap(at, in.grid.size()))] / main_V;
    const double sigma = samples.sigma(i, {}), distance = (one ? 1.0 : -1.0) * (samples.value[i] - threshold);
    constexpr int phases = 4000;
    for (const double key : amplitude)
      for (int m = 0; m < phases; ++m)
        expected +=
            0.5 / phases / 127.0 * tail((distance + key * beat * std::cos(pi * (m + 0.5) / phases)) / sigma);
    gaussian += tail(distance / std::hypot(sigma, beat / std::sqrt(2.0))) / 127.0;
  }
  MESSAGE("BER ", s.ber[0], ", by quadrature ", expected, ", as a Gaussian ", gaussian);
  // In decades: the lattice of the residual interference, half a percent of the eye.
  CHECK(abs_error(std::log10(s.ber[0]), std::log10(expected)) <= 0.01);
  // A Gaussian of the same variance is wrong by far more.
  CHECK(abs_error(std::log10(gaussian), std::log10(expected)) > 0.15);
}

TEST_SUITE("slow") {
  // Oracle: counted errors of streams in which the phase turns and the interferer's symbols are drawn.
  TEST_CASE("in-band beat: counted errors agree, and notice an interferer one decibel stronger") {
    Context context(2);
    for (const int levels : {2, 4}) {
      CAPTURE(levels);
      const double floor = 0.2, q = levels == 2 ? 3.2 : 9.6;  // weak: the interferer's own power is left out
      const InBandCrosstalkParameters leak{.level_dB = levels == 2 ? -25.0 : -33.0,
                                           .levels = levels,
                                           .extinction_ratio_dB = 7.0,
                                           .beat_frequency_Hz = 1.7e6};
      const double density = density_for(q, responsivity * laser_W * (1.0 - floor));
      PatternSolution s = solve_pattern(slow_link(levels, floor, leak, density), context);
      const MonteCarloResult counted = run_monte_carlo(s, {.seed = 31, .target_errors = 1e4}, context);
      MESSAGE("semi-analytic ", s.ber[0], ", counted ", counted.total.ber, " +- ", counted.total.sigma);
      CHECK(counted.total.errors >= 1e4);
      CHECK(std::abs(counted.total.ber - s.ber[0]) <= 5.0 * counted.total.sigma);
      InBandCrosstalkParameters stronger = leak;
      stronger.level_dB += 1.0;
      PatternSolution more = solve_pattern(slow_link(levels, floor, stronger, density), context);
      CHECK(std::abs(counted.total.ber - more.ber[0]) > 5.0 * counted.total.sigma);
    }
  }
}
