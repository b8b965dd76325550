#include "solvers/noise_covariance.hpp"

#include <doctest/doctest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "devices/cw_laser.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/photodiode.hpp"
#include "devices/physics/filters.hpp"
#include "links.hpp"
#include "signal/fft.hpp"
#include "solvers/lane_model.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25e9, pi = std::numbers::pi;
constexpr long offset = 11;
constexpr int lags = 3;

// ∫ density(f) df from 0 to half the sample rate, where the simulation's noise ends.
template <class Integrand>
double integral(Integrand density) {
  double sum = 0.0;
  constexpr int pieces = 40;
  const double top_Hz = 8.0 * rate_Bd;
  for (int k = 0; k < pieces; ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(density, top_Hz * k / pieces,
                                                                         top_Hz * (k + 1) / pieces, 4, 1e-9);
  return sum;
}

// Closed forms of the receiver, written without the device's code.
Complex low_pass(double f, double bandwidth_Hz) {
  return butterworth(f, bandwidth_Hz, 4);
}
Complex boost_high(double f) {
  const Complex jf(0.0, f);
  return (0.5 + jf / 10e9) / ((1.0 + jf / 10e9) * (1.0 + jf / 40e9));
}

SerdesReceiverParameters receiver() {
  return {.noise_V2_per_Hz = 1e-17,
          .bandwidth_Hz = 18e9,
          .ctle_gain_dB = {20.0 * std::log10(0.5)},
          .ctle_zero_Hz = 10e9,
          .ctle_pole1_Hz = 10e9,
          .ctle_pole2_Hz = 40e9};
}

std::vector<Complex> ctle(const test::Run& run) {
  const auto frequency = real_frequencies_Hz(run.grid.size(), run.grid.sample_rate_Hz());
  std::vector<Complex> response(frequency.size(), 1.0);
  const auto& stage = run.link->receiver();
  stage.multiply_ctle(stage.ctle_settings().front(), frequency, response);
  return response;
}

const NoiseCovariance& named(const std::vector<NoiseCovariance>& all, const std::string& label) {
  for (const NoiseCovariance& each : all)
    if (each.label == label) return each;
  FAIL("no noise called " << label);
  return all.front();
}

// Output sample u after `wave` at the transmitter, through the whole chain and the CTLE.
RealWave through(test::Run& run, RealWave wave) {
  const auto frequency = real_frequencies_Hz(run.grid.size(), run.grid.sample_rate_Hz());
  const Fft& fft = run.context.fft(run.grid.size());
  for (int node = 0; node < static_cast<int>(run.chain.nodes().size()); ++node)
    filter_periodic(fft, run.chain.electrical_response(run.chain.block(node), frequency), wave);
  filter_periodic(fft, ctle(run), wave);
  return wave;
}

double at(const RealWave& wave, long u) {
  const long size = static_cast<long>(wave.size());
  return wave[static_cast<std::size_t>(((u % size) + size) % size)];
}

/// Coloured noise on a lane or on the light.
class Interferer final : public Stage {
 public:
  Interferer(bool on_light, double sigma) : Stage("interferer"), on_light_(on_light), sigma_(sigma) {}
  std::vector<NoiseTerm> noise(const Bundle& bundle) const override {
    NoiseTerm term;
    term.label = "interferer";
    term.source = 77;
    term.sigma = sigma_;
    term.shape = [](double f) { return 1.0 / (1.0 + (f / 6e9) * (f / 6e9)); };
    if (on_light_) {
      term.port = term.carrier = 0;
      if (!bundle.port.empty()) term.field_modulation = bundle.port[0].field[0];
    } else {
      term.lane = 0;
    }
    return {term};
  }

 private:
  bool on_light_;
  double sigma_;
};

}  // namespace

TEST_CASE("noise: white receiver noise has the variance and covariance of its noise band") {
  const auto link = test::copper_link(2, rate_Bd, {}, {}, receiver());
  test::Run run(link, "PRBS7");
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  const auto density = [](double f) { return 1e-17 * std::norm(low_pass(f, 18e9) * boost_high(f)); };
  const auto average = noise.average(offset, lags), symbolwise = noise.per_symbol(offset, lags);
  REQUIRE(named(symbolwise, "receiver noise").stationary());
  for (int k = 0; k <= lags; ++k) {
    const double expected =
        integral([&](double f) { return density(f) * std::cos(2.0 * pi * f * k / rate_Bd); });
    CAPTURE(k);
    const double scale = integral(density);
    // The periodic sum over 1016 bins instead of the integral, and seven printed digits of the Butterworth.
    CHECK(std::abs(named(average, "receiver noise").at(0, k) - expected) <= 2e-6 * scale);
    CHECK(std::abs(named(symbolwise, "receiver noise").at(5, k) - expected) <= 2e-6 * scale);
  }
}

TEST_CASE("noise: behind a feed-forward equaliser the variance is that of the filtered band") {
  const auto link = test::copper_link(2, rate_Bd, {}, {}, receiver());
  test::Run run(link, "PRBS7");
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  Equalizer equalizer;
  equalizer.ffe = {-0.15, 1.1, -0.35, 0.1};
  equalizer.ffe_pre = 1;
  const double expected = integral([&](double f) {
    Complex sum = 0.0;
    for (std::size_t j = 0; j < 4; ++j)
      sum += equalizer.ffe[j] * std::polar(1.0, -2.0 * pi * f * static_cast<double>(j) / rate_Bd);
    return 1e-17 * std::norm(low_pass(f, 18e9) * boost_high(f) * sum);
  });
  const auto variance = equalized_noise(noise.per_symbol(offset, 3), equalizer, run.grid.symbols);
  // As above.
  CHECK(rel_error(variance.front().mean(), expected) <= 1e-5);
}

TEST_CASE("noise: transmitter noise is the sum over pulses, edge jitter over displaced edges") {
  const auto link = test::copper_link(2, rate_Bd,
                                      {.swing_Vpp = 0.8,
                                       .ffe_taps = {-0.2, 0.8},
                                       .ffe_main = 1,
                                       .rise_time_s = 10e-12,
                                       .snr_dB = 30.0,
                                       .random_jitter_UI = 0.01},
                                      {std::make_shared<test::LowPassChannel>(0.5e-9, 80e-15)}, receiver());
  test::Run run(link, "deBruijn5");
  const long samples = run.grid.samples_per_symbol, symbols = run.grid.symbols;
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  const auto all = noise.per_symbol(offset, lags);
  const auto& held = named(all, "transmitter noise");
  const auto& jitter = named(all, "transmitter jitter");

  // Response of every sampling instant to each symbol's level error, and to each edge one sample late: half
  // the difference of late and early.
  const RealWave& clean = run.solution.behind_core[0].lane[0];
  std::vector<RealWave> pulse, late;
  for (long n = 0; n < symbols; ++n) {
    RealWave wave(clean.size(), 0.0);
    for (long u = n * samples; u < (n + 1) * samples; ++u) wave[static_cast<std::size_t>(u)] = 1.0;
    pulse.push_back(through(run, wave));
    wave = clean;
    wave[static_cast<std::size_t>(n * samples)] = at(clean, n * samples - 1);
    late.push_back(through(run, wave));
    wave = clean;
    wave[static_cast<std::size_t>(wrap(n * samples - 1, static_cast<long>(wave.size())))] =
        at(clean, n * samples);
    const RealWave early = through(run, wave);
    for (std::size_t u = 0; u < wave.size(); ++u) late.back()[u] = 0.5 * (late.back()[u] - early[u]);
  }
  const double level_V = 0.8 * std::pow(10.0, -30.0 / 20.0), edge_samples = 0.01 * 16;
  for (long i : {0L, 7L, 20L}) {
    for (int k = 0; k <= lags; ++k) {
      double from_levels = 0.0, from_edges = 0.0;
      for (std::size_t n = 0; n < pulse.size(); ++n) {
        from_levels += at(pulse[n], offset + i * samples) * at(pulse[n], offset + (i + k) * samples);
        from_edges += at(late[n], offset + i * samples) * at(late[n], offset + (i + k) * samples);
      }
      CAPTURE(i);
      CAPTURE(k);
      // Rounding of the transforms relative to the variance.
      CHECK(std::abs(held.at(i, k) - level_V * level_V * from_levels) <= 1e-10 * held.at(i, 0));
      CHECK(std::abs(jitter.at(i, k) - edge_samples * edge_samples * from_edges) <= 1e-9 * jitter.at(0, 0));
    }
  }
  // The pattern average is the mean of the symbols.
  const auto average = noise.average(offset, lags);
  for (int k = 0; k <= lags; ++k)
    // Only where edges and response are independent, as they are in a de Bruijn sequence up to its order.
    CHECK(rel_error(named(average, "transmitter jitter").at(0, 0), jitter.mean()[0]) <= 1e-10);
}

TEST_CASE("noise: shot noise follows the modulated light, sample by sample") {
  const test::Stages optics = {
      std::make_shared<CwLaser>("laser", CwLaserParameters{.rin_per_Hz = 0.0}),
      std::make_shared<MicroringModulator>("ring", MicroringModulatorParameters{}),
      std::make_shared<Photodiode>("photodiode", PhotodiodeParameters{.dark_current_A = 1e-5}),
      std::make_shared<test::CurrentSense>()};
  const auto link =
      test::copper_link(2, rate_Bd, {.swing_Vpp = 1.0, .rise_time_s = 10e-12}, optics, receiver());
  test::Run run(link, "deBruijn5");
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  const auto all = noise.per_symbol(offset, lags);
  // Impulse response from the photodiode (node 3, then the receiver's) to the sampler.
  const auto frequency = real_frequencies_Hz(run.grid.size(), run.grid.sample_rate_Hz());
  const Fft& fft = run.context.fft(run.grid.size());
  RealWave h(static_cast<std::size_t>(run.grid.size()), 0.0);
  h[0] = 1.0;
  filter_periodic(fft, run.chain.electrical_response(run.chain.block(3), frequency), h);
  filter_periodic(fft, run.chain.electrical_response(run.chain.block(4), frequency), h);
  filter_periodic(fft, ctle(run), h);
  const RealWave& current_A = run.solution.behind_core[3].lane[0];
  constexpr double electron_C = 1.602176634e-19;  // exact, SI
  const double per_ampere = electron_C * run.grid.sample_rate_Hz();
  const long samples = run.grid.samples_per_symbol;
  double smallest = 1.0, largest = 0.0;
  for (long i = 0; i < run.grid.symbols; ++i) {
    for (int k = 0; k <= lags; ++k) {
      double shot = 0.0, dark = 0.0;
      for (long u = 0; u < run.grid.size(); ++u) {
        const double pair = at(h, offset + i * samples - u) * at(h, offset + (i + k) * samples - u);
        shot += per_ampere * (current_A[static_cast<std::size_t>(u)] - 1e-5) * pair;
        dark += per_ampere * 1e-5 * pair;
      }
      // Rounding of the transforms relative to the variance.
      const auto& found = named(all, "photodiode shot noise");
      CHECK(std::abs(found.at(i, k) - shot) <= 1e-10 * found.at(i, 0));
      CHECK(std::abs(named(all, "photodiode dark current noise").at(i, k) - dark) <= 1e-10 * found.at(i, 0));
    }
    smallest = std::min(smallest, named(all, "photodiode shot noise").at(i, 0));
    largest = std::max(largest, named(all, "photodiode shot noise").at(i, 0));
  }
  CHECK(largest > 1.5 * smallest);  // the case is not a stationary one
}

TEST_CASE("noise: laser intensity noise without a ring has the variance RIN (R P)^2 times the noise band") {
  const test::Stages optics = {
      std::make_shared<CwLaser>("laser", CwLaserParameters{.power_W = 2e-3, .rin_per_Hz = 1e-14}),
      std::make_shared<Photodiode>("photodiode",
                                   PhotodiodeParameters{.responsivity_A_per_W = 0.8, .capacitance_F = 0.0}),
      std::make_shared<test::CurrentSense>()};
  const auto link = test::copper_link(2, rate_Bd, {}, optics, receiver());
  test::Run run(link, "PRBS7");
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  const NoiseCovariance found = named(noise.per_symbol(offset, lags), "laser RIN");
  const double current_A = 0.8 * 2e-3;
  const auto density = [&](double f) {
    return 1e-14 * current_A * current_A * std::norm(low_pass(f, 18e9) * boost_high(f));
  };
  for (int k = 0; k <= lags; ++k) {
    const double expected =
        integral([&](double f) { return density(f) * std::cos(2.0 * pi * f * k / rate_Bd); });
    // The sweep's window leaves 1e-6 of the response's energy outside.
    CHECK(std::abs(found.at(3, k) - expected) <= 1e-5 * integral(density));
  }
}

TEST_CASE("noise: intensity noise crosses a resting ring as its closed form says") {
  // T(f) = [H(f)/H(0) + conj(H(-f)/H(0))] / 2 for the relative intensity.
  for (double detuning_Hz : {900e9, 35e9, -20e9}) {
    const MicroringModulatorParameters ring{.q_loaded = 4500.0,
                                            .shift_per_voltage_m_per_V = 0.0,
                                            .detuning_mode = "fixed",
                                            .detuning_Hz = detuning_Hz,
                                            .off_resonance_loss_dB = 0.0,
                                            .ring_spacing_m = 0.0};
    const test::Stages optics = {
        std::make_shared<CwLaser>("laser", CwLaserParameters{.power_W = 1e-3, .rin_per_Hz = 1e-14}),
        std::make_shared<MicroringModulator>("ring", ring),
        std::make_shared<Photodiode>("photodiode",
                                     PhotodiodeParameters{.responsivity_A_per_W = 1.0, .capacitance_F = 0.0}),
        std::make_shared<test::CurrentSense>()};
    const auto link = test::copper_link(2, rate_Bd, {}, optics, receiver());
    test::Run run(link, "deBruijn5");
    const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
    const NoiseCovariance found = named(noise.per_symbol(offset, 1), "laser RIN");
    const double carrier_Hz = run.solution.sampler.carrier_Hz.empty()
                                  ? run.solution.before_core[2].carrier_Hz.front()
                                  : run.solution.sampler.carrier_Hz.front();
    // 1/τ = π f₀ / Q; under-coupled, 20 dB deep: 1 - 2 τ/τ_e = 0.1.
    const double total = pi * carrier_Hz / 4500.0, bus = 0.5 * (1.0 - 0.1) * total;
    const auto response = [&](double f) {
      return 1.0 - 2.0 * bus / Complex(total, 2.0 * pi * (detuning_Hz + f));
    };
    const Complex rest = response(0.0);
    const double current_A = 1e-3 * std::norm(rest);
    for (int k = 0; k <= 1; ++k) {
      const auto density = [&](double f) {
        const Complex t = 0.5 * (response(f) / rest + std::conj(response(-f) / rest));
        return 1e-14 * current_A * current_A * std::norm(t * low_pass(f, 18e9) * boost_high(f));
      };
      const double expected =
          integral([&](double f) { return density(f) * std::cos(2.0 * pi * f * k / rate_Bd); });
      CAPTURE(detuning_Hz);
      CAPTURE(k);
      // The ring's exponential steps take the field as linear between samples 2.5 ps apart: error (f/f_s)²
      // of the noise band.
      CHECK(std::abs(found.at(2, k) - expected) <= 5e-3 * integral(density));
    }
  }
}

TEST_CASE("noise: coloured noise carries its shape, behind the detector and in front of it") {
  const auto shape = [](double f) { return 1.0 / (1.0 + (f / 6e9) * (f / 6e9)); };
  const double sigma_V = 1e-3;
  const auto link =
      test::copper_link(2, rate_Bd, {}, {std::make_shared<Interferer>(false, sigma_V)}, receiver());
  test::Run run(link, "PRBS7");
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  // σ² = S f_s / 2; behind the interferer the matched load halves the voltage.
  const double white = 2.0 * sigma_V * sigma_V / run.grid.sample_rate_Hz();
  const double expected = integral(
      [&](double f) { return white * shape(f) * 0.25 * std::norm(low_pass(f, 18e9) * boost_high(f)); });
  // The sum over bins instead of the integral.
  CHECK(rel_error(named(noise.per_symbol(offset, 0), "interferer").at(0, 0), expected) <= 1e-4);

  const test::Stages optics = {
      std::make_shared<CwLaser>("laser", CwLaserParameters{.power_W = 1e-3, .rin_per_Hz = 0.0}),
      std::make_shared<Interferer>(true, 1e-2),
      std::make_shared<Photodiode>("photodiode",
                                   PhotodiodeParameters{.responsivity_A_per_W = 1.0, .capacitance_F = 0.0}),
      std::make_shared<test::CurrentSense>()};
  const auto optical = test::copper_link(2, rate_Bd, {}, optics, receiver());
  test::Run light(optical, "PRBS7");
  const LaneNoise swept(light.chain, light.solution, 0, ctle(light), light.context);
  // δA = A n, so the intensity doubles it.
  const double intensity = 2.0 * 1e-4 / light.grid.sample_rate_Hz() * 4.0 * 1e-6;
  const double on_light =
      integral([&](double f) { return intensity * shape(f) * std::norm(low_pass(f, 18e9) * boost_high(f)); });
  // The slow decay of this shape (27 ps) fits the window to a per mille.
  CHECK(rel_error(named(swept.per_symbol(offset, 0), "interferer").at(4, 0), on_light) <= 2e-3);
}

TEST_CASE("noise: a driver's noise crosses the slope of a ring as its small-signal response says") {
  // Tiny data: the ring rests at the bias while the transmitter's noise modulates it.
  const double detuning_Hz = 35e9, shift_m_per_V = 40e-12, swing_V = 1e-3;
  const MicroringModulatorParameters ring{.q_loaded = 4500.0,
                                          .shift_per_voltage_m_per_V = shift_m_per_V,
                                          .detuning_mode = "fixed",
                                          .detuning_Hz = detuning_Hz,
                                          .junction_capacitance_F = 1e-18,
                                          .series_resistance_ohm = 0.0,
                                          .off_resonance_loss_dB = 0.0,
                                          .ring_spacing_m = 0.0};
  const test::Stages optics = {
      std::make_shared<CwLaser>("laser", CwLaserParameters{.power_W = 1e-3, .rin_per_Hz = 0.0}),
      std::make_shared<MicroringModulator>("ring", ring),
      std::make_shared<Photodiode>("photodiode",
                                   PhotodiodeParameters{.responsivity_A_per_W = 1.0, .capacitance_F = 0.0}),
      std::make_shared<test::CurrentSense>()};
  const auto link = test::copper_link(
      2, rate_Bd, {.swing_Vpp = swing_V, .rise_time_s = 12e-12, .snr_dB = 20.0}, optics, receiver());
  test::Run run(link, "deBruijn5");
  const LaneNoise noise(run.chain, run.solution, 0, ctle(run), run.context);
  const double carrier_Hz = run.solution.before_core[2].carrier_Hz.front();
  const double total = pi * carrier_Hz / 4500.0, bus = 0.45 * total, d = 2.0 * pi * detuning_Hz;
  const double slope_Hz_per_V = -carrier_Hz * carrier_Hz / 299792458.0 * shift_m_per_V;
  const double sigma_V = swing_V * 0.1;
  // Mean over the sampling phases, where Parseval leaves no delay: σ² f_b ∫ |P|² df over both signs, P the
  // spectrum of a held symbol (EMF on an open load) behind edge, ring and receiver.
  const double expected =
      sigma_V * sigma_V * rate_Bd * 2.0 * integral([&](double f) {
        const double symbol_s = 1.0 / rate_Bd, x = pi * f * symbol_s, edge = pi * f * 12e-12 / 1.6832;
        const Complex s(0.0, 2.0 * pi * f);
        const Complex ring_W_per_V =
            -2.0 * pi * slope_Hz_per_V * 1e-3 * (4.0 * d * bus) * (s + 2.0 * (total - bus)) /
            ((d * d + total * total) * (s * s + 2.0 * s * total + d * d + total * total));
        return std::norm(symbol_s * (x == 0.0 ? 1.0 : std::sin(x) / x) * std::exp(-2.0 * edge * edge) *
                         ring_W_per_V * low_pass(f, 18e9) * boost_high(f));
      });
  double found = 0.0;
  for (long phase = 0; phase < 16; ++phase)
    found += named(noise.per_symbol(phase, 0), "transmitter noise").mean()[0] / 16.0;
  // Sixteen samples per symbol for a ring of 6 ps (steps linear between samples), and a swing of 1 mV.
  CHECK(rel_error(found, expected) <= 1e-2);
}
