/// Goals (one core): at most 20 ns per sample and ring with 8 carriers; 16 rings at 2001 wavelengths within 5
/// ms. Beside them, measured in the same run, what the machine does: eight lanes of the complex multiply-adds
/// that one step needs, and scalar complex exponentials.
#include <benchmark/benchmark.h>

#include <cmath>
#include <complex>

#include "core/constants.hpp"
#include "core/simd.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/physics/ring_bus.hpp"
#include "devices/physics/ring_integrator.hpp"
#include "signal/slow_state.hpp"

using namespace photonlink;

namespace {

constexpr double pi = constants::pi;

std::vector<double> detunings(int carriers) {
  std::vector<double> list;
  for (int c = 0; c < carriers; ++c) list.push_back(20e9 + 200e9 * c);
  return list;
}

Bundle bundle(int lanes, int samples) {
  Bundle b;
  b.grid = {32e9, 16, samples / 16};
  b.full_scale_Vpp = 2.0;
  b.port.resize(1);
  for (int i = 0; i < lanes; ++i) {
    b.carrier_Hz.push_back(228e12 + 200e9 * i);
    RealWave lane(samples);
    for (int n = 0; n < samples; ++n) lane[n] = std::sin(0.05 * n + i);
    b.symbols.emplace_back(samples / 16, 1.0);
    b.lane.push_back(lane);
    b.port[0].field.emplace_back(samples, Complex(0.03, 0.0));
  }
  return b;
}

/// Time stepper alone, the state in first-level cache; `carriers` fills the lanes.
void ring_step(benchmark::State& state) {
  const int carriers = static_cast<int>(state.range(0)), samples = 128;
  const RingRates ring = all_pass_rates(228e12, 4500.0, 15.0, Coupling::under);
  RingIntegrator integrator(ring, detunings(carriers), 1.0 / (16 * 32e9), 0.99, samples);
  CarrierBlock block(carriers, samples);
  for (int c = 0; c < carriers; ++c) block.load(c, ComplexWave(samples, 0.03));
  RateBlock rate{std::vector<double>(samples), std::vector<double>(samples)};
  for (int n = 0; n < samples; ++n) rate.shift_Hz[n] = 12e9 * std::sin(0.3 * n);
  for (auto _ : state) {
    integrator.step(rate, block);
    benchmark::ClobberMemory();
  }
  state.counters["per_sample_and_ring"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * samples,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(ring_step)->Arg(1)->Arg(8)->Arg(16);

/// The whole modulator stage: voltages to shifts, transposition of the fields, all rings.
void modulator_step(benchmark::State& state) {
  const int lanes = static_cast<int>(state.range(0)), samples = 8192;
  MicroringModulatorParameters p;
  p.curvature = 1.0;
  p.fsr_Hz = 3.4e12;  // holds 16 carriers of 200 GHz
  const MicroringModulator stage("tx", p);
  const Bundle input = bundle(lanes, samples);
  const auto stepper = stage.start(input);
  Bundle work = input;
  for (auto _ : state) {
    work.lane = input.lane;
    work.port = input.port;
    stepper->step(work);
    benchmark::DoNotOptimize(work.port[0].field[0].data());
  }
  state.counters["per_sample_and_ring"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * samples * lanes,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(modulator_step)->Arg(1)->Arg(8)->Arg(16)->Unit(benchmark::kMillisecond);

/// The same with heat, two photons and carriers in every ring; goal: at most five times the time of the
/// linear ring with eight carriers.
void hot_modulator_step(benchmark::State& state) {
  const int lanes = static_cast<int>(state.range(0)), samples = 8192;
  MicroringModulatorParameters p;
  p.curvature = 1.0;
  p.thermal_resistance_K_per_W = 5e3;
  p.two_photon = 1.0;
  p.carrier_lifetime_s = 50e-12;
  const MicroringModulator stage("tx", p);
  const Bundle input = bundle(lanes, samples);
  const auto stepper = stage.start(input);
  dynamic_cast<SlowState&>(*stepper).release();
  Bundle work = input;
  for (auto _ : state) {
    work.lane = input.lane;
    work.port = input.port;
    stepper->step(work);
    benchmark::DoNotOptimize(work.port[0].field[0].data());
  }
  state.counters["per_sample_and_ring"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * samples * lanes,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(hot_modulator_step)->Arg(1)->Arg(8)->Arg(16)->Unit(benchmark::kMillisecond);

/// Finding the mean temperature of eight rings on a pattern of 512 symbols, cold reference.
void find_mean_heat(benchmark::State& state) {
  MicroringModulatorParameters p;
  p.detuning_mode = "fixed";
  p.detuning_reference = "cold";
  p.thermal_resistance_K_per_W = 5e3;
  const MicroringModulator stage("tx", p);
  const Bundle input = bundle(8, 8192);
  for (auto _ : state) benchmark::DoNotOptimize(stage.heat(input).data());
}
BENCHMARK(find_mean_heat)->Unit(benchmark::kMillisecond);

/// One window of 64 symbols pulled back through an 8-ring bus with all carriers observed.
void modulator_pull_back(benchmark::State& state) {
  const int lanes = 8, length = 1024;
  const MicroringModulator stage("tx", {});
  const Bundle input = bundle(lanes, 8192);
  const auto tangent = stage.tangent(input);
  for (auto _ : state) {
    Sensitivity s{.begin = 100, .length = length, .lane = {}, .port = {}};
    s.port.assign(1, std::vector<ComplexWave>(lanes, ComplexWave(length, 1.0)));
    tangent->pull_back(s);
    benchmark::DoNotOptimize(s.lane[0].data());
  }
  state.counters["per_sample_ring_and_carrier"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * length * lanes * lanes,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(modulator_pull_back)->Unit(benchmark::kMillisecond);

void bus_of_16_rings(benchmark::State& state) {
  std::vector<RoundTripRing> rings;
  for (int i = 0; i < 16; ++i) rings.push_back({0.06, 0.06, 0.2, 2.0 * pi * 5e-6 * (1.0 + 0.0008 * i)});
  const WaveguideIndex index{2.4, 4.2, 1.55e-6};
  std::vector<double> beta;
  for (int k = 0; k < 2001; ++k) beta.push_back(index.propagation_per_m(1.54e-6 + 1e-11 * k));
  for (auto _ : state) benchmark::DoNotOptimize(bus_spectrum(rings, beta).through.data());
}
BENCHMARK(bus_of_16_rings)->Unit(benchmark::kMillisecond);

PHOTONLINK_CLONES void multiply_adds(double* out, int samples) {
  using L = simd::Lanes<8>;
  L::Real re[8], im[8];
  for (int k = 0; k < 8; ++k) {
    re[k] = L::load(out + 16 * k);
    im[k] = L::load(out + 16 * k + 8);
  }
  for (int n = 0; n < samples; ++n)
    for (int k = 0; k < 8; ++k) {  // eight complex multiply-adds: what a step needs
      const L::Real next = re[k] * 0.9 - im[k] * 0.1 + 1.0;
      im[k] = re[k] * 0.1 + im[k] * 0.9 + 1.0;
      re[k] = next;
    }
  for (int k = 0; k < 8; ++k) {
    L::store(out + 16 * k, re[k]);
    L::store(out + 16 * k + 8, im[k]);
  }
}
/// Machine limit: arithmetic of about one step in independent chains, eight lanes, no memory.
void limit_multiply_add(benchmark::State& state) {
  const int samples = 128;
  std::vector<double> out(128, 0.5);
  for (auto _ : state) {
    multiply_adds(out.data(), samples);
    benchmark::ClobberMemory();
  }
  state.counters["per_step"] = benchmark::Counter(static_cast<double>(state.iterations()) * samples,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(limit_multiply_add);

void limit_scalar_complex_exp(benchmark::State& state) {
  std::vector<Complex> z(128, Complex(-0.3, 0.4));
  for (auto _ : state) {
    for (Complex& value : z) value = std::exp(value) - 1.0;
    benchmark::ClobberMemory();
  }
  state.counters["per_exp"] = benchmark::Counter(static_cast<double>(state.iterations()) * 128.0,
                                                 benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(limit_scalar_complex_exp);

}  // namespace
