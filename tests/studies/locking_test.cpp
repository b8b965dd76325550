#include "studies/locking.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "solvers/locking/lock_ramp.hpp"
#include "solvers/locking/locked_stage.hpp"
#include "solvers/pattern_solver.hpp"
#include "solvers/stream/stream_chain.hpp"
#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

/// A heater of 500 ohm cold and 600 ohm at 4 V, 26.7 mW and 463 GHz, 10 bits, 100 kHz, on the rings of
/// `stage`.
LinkSpec heated(LinkSpec spec, const std::string& stage) {
  spec = with(spec, stage, "heater_max_voltage", 4.0);
  spec = with(spec, stage, "heater_resistance", 500.0);
  spec = with(spec, stage, "heater_hot_resistance", 600.0);
  spec = with(spec, stage, "heater_driver", std::string("linear_dac"));
  spec = with(spec, stage, "heater_dac_bits", 10);
  return with(spec, stage, "heater_bandwidth", 100e3);
}

/// 20 K at 1 K/s, a reading each 100 us of 0.1 % noise and 10 bits.
LinkSpec locked_modulators(LinkSpec spec) {
  spec = heated(std::move(spec), "modulator rings");
  spec.locking.stage = "modulator rings";
  return spec;
}

}  // namespace

TEST_CASE("locking: readings of a slow pattern are those of the static ring" * doctest::test_suite("slow")) {
  // At 1 GBd a symbol lasts 35 times the ring's memory: settled levels, half each.
  LinkSpec spec = locked_modulators(one_lane(microring_link()));
  spec.symbol_rate_Bd = 1e9;
  spec.pattern = "PRBS7";
  spec = with(spec, "modulator rings", "detuning_mode", std::string("fixed"));
  spec = with(spec, "modulator rings", "detuning", 30e9);
  Context context(1);
  const LockTables tables = lock_tables(spec, context);
  const auto link = build_link(spec);
  const PatternSolution s = solve_pattern(link, context);
  const auto node = std::find_if(s.chain->nodes().begin(), s.chain->nodes().end(), [&](int stage) {
    return s.chain->stage(stage).name() == "modulator rings";
  });
  const Bundle& front = s.periodic.before_core[static_cast<std::size_t>(node - s.chain->nodes().begin())];
  const AlignedRing ring = dynamic_cast<const MicroringModulator&>(s.chain->stage(*node)).align(front)[0];
  const double u = 0.5 * front.full_scale_Vpp, field_W = std::norm(front.port[0].field[0].front());
  for (std::size_t k = 0; k < tables.offset_Hz.size(); k += 4) {
    double expected_J = 0.0;
    for (const double level : {-u, u}) {
      const double detuning = 30e9 - tables.offset_Hz[k] - ring.law.shift_Hz(level);
      const double rate = ring.rates.total_per_s(), d = 2.0 * constants::pi * detuning;
      expected_J += 0.5 * 2.0 * ring.rates.bus_per_s * field_W / (rate * rate + d * d);
    }
    // Edges of a few per cent of the symbol pass through the line.
    CHECK(rel_error(tables.plant.reading[0](tables.offset_Hz[k]), expected_J) <= 0.03);
  }
  CHECK(rel_error(tables.plant.linewidth_Hz, ring.rates.linewidth_Hz()) <= 1e-12);
}

TEST_CASE("locking: only rings are locked, and only by the monitors they have") {
  Context context(1);
  LinkSpec spec = locked_modulators(one_lane(microring_link()));
  spec.locking.stage = "fiber";
  CHECK_THROWS_WITH_AS(lock_tables(spec, context), doctest::Contains("has no rings"), ConfigError);
  spec.locking.stage = "nowhere";
  CHECK_THROWS_WITH_AS(lock_tables(spec, context), doctest::Contains("names no stage"), ConfigError);
  spec.locking.stage = "filter rings";
  CHECK_THROWS_WITH_AS(lock_tables(spec, context), doctest::Contains("monitor = \"drop\" only"), ConfigError);
  spec.locking.stage = "modulator rings";
  spec.locking.monitor = "drop";
  CHECK_THROWS_WITH_AS(lock_tables(spec, context), doctest::Contains("no drop waveguide"), ConfigError);
  spec.locking.stage = "";
  CHECK(lock_over_ramp(spec, context).stage.empty());
}

TEST_CASE("locking: 20 K at 1 K/s are held, but not without the loop or with coarse codes" *
          doctest::test_suite("slow")) {
  Context context(2);
  const LinkSpec spec = locked_modulators(microring_link());
  LockTables tables = lock_tables(spec, context);
  const OffsetCurve ber(tables.offset_Hz, tables.log10_ber);
  const auto run = [&](const LockingParameters& p, const LockPlant& plant) {
    const LockingResult r = follow_ramp(p, plant, ber, tables.required_ber);
    MESSAGE(p.method << " " << plant.heater.dac_bits << " bits: worst offset " << r.worst_offset_Hz * 1e-9
                     << " GHz, rms " << r.offset_rms_Hz * 1e-9 << " GHz, BER " << r.worst_ber << ", heaters "
                     << r.mean_heater_power_W * 1e3 << " mW, at limit " << r.at_limit);
    return r;
  };
  REQUIRE(std::pow(10.0, ber(0.0)) < tables.required_ber);
  const LockingResult held = run(spec.locking, tables.plant);
  CHECK(held.holds);
  CHECK(held.at_limit == 0.0);
  // Power falls by the heat that the ambient gives: 8 rings · 20 K · 62 pm/K / 0.1 nm/mW in the heaters.
  const Heater& heater = tables.plant.heater;
  const double start_W = heater.power_of_shift_W(wavelength_shift_m(tables.plant.start_shift_Hz, 228.9e12));
  const double end_W = start_W - 20.0 * 62e-12 / 1e-7;
  CHECK(rel_error(held.heater_power_W.front(), 8.0 * heater.drawn_W(start_W)) <= 0.02);
  CHECK(rel_error(held.heater_power_W.back(), 8.0 * heater.drawn_W(end_W)) <= 0.02);

  LockingParameters off = spec.locking;
  off.method = "off";
  const LockingResult drifted = run(off, tables.plant);
  CHECK_FALSE(drifted.holds);
  // 20 K · 62 pm/K at 1.31 um.
  CHECK(rel_error(-drifted.worst_offset_Hz,
                  frequency_shift_Hz(20.0 * 62e-12, tables.plant.carrier_Hz.back())) <= 0.01);
  LockPlant coarse = tables.plant;
  coarse.heater.dac_bits = 5;
  CHECK_FALSE(run(spec.locking, coarse).holds);
  // A heater a hundred times slower, 47 % of a step within a reading, is still fast enough.
  LockPlant slow = tables.plant;
  slow.bandwidth_Hz = 1e3;
  CHECK(run(spec.locking, slow).holds);
  LockPlant weak = tables.plant;
  weak.start_shift_Hz = 100e9;
  const LockingResult limited = run(spec.locking, weak);
  CHECK_FALSE(limited.holds);
  CHECK(limited.at_limit > 0.3);
}

TEST_CASE("locking: the demultiplexer is held at its maximum by dither" * doctest::test_suite("slow")) {
  Context context(2);
  LinkSpec spec = heated(one_lane(microring_link()), "filter rings");
  spec.locking.stage = "filter rings";
  spec.locking.monitor = "drop";
  spec.locking.method = "dither";
  spec.locking.dither_Hz = 2e9;
  const LockTables tables = lock_tables(spec, context);
  const OffsetCurve ber(tables.offset_Hz, tables.log10_ber);
  const LockingResult held = follow_ramp(spec.locking, tables.plant, ber, tables.required_ber);
  MESSAGE("worst offset " << held.worst_offset_Hz * 1e-9 << " GHz, BER " << held.worst_ber);
  CHECK(held.holds);
  // The dither, a step of the DAC of 0.7 GHz, and a tenth of a linewidth of 54 GHz at most.
  CHECK(std::abs(held.worst_offset_Hz) <= 5.4e9);
  // A maximum has no slope to hold.
  spec.locking.method = "set_point";
  CHECK_THROWS_WITH_AS(LockLoop(spec.locking, tables.plant), doctest::Contains("method = \"dither\""),
                       ConfigError);
}

TEST_CASE("locking: live rings in a stream keep the offset of the slow loop" * doctest::test_suite("slow")) {
  Context context(2);
  LinkSpec spec = locked_modulators(one_lane(microring_link()));
  // 5000 times faster than above: the ramp of 4 K is 43 GHz over 100 readings.
  spec = with(spec, "modulator rings", "heater_bandwidth", 500e6);
  spec.locking.averaging_time_s = 64.0 / 32e9 * 10.0;
  spec.locking.ramp_time_s = 100.0 * spec.locking.averaging_time_s;
  spec.locking.temperature_change_K = 4.0;
  spec.locking.monitor_noise = 0.0;
  const LockTables tables = lock_tables(spec, context);
  const OffsetCurve ber(tables.offset_Hz, tables.log10_ber);

  const auto link = build_link(spec);
  const PatternSolution solution = solve_pattern(link, context);
  auto locked = std::make_shared<Link>(*link);
  const auto trace = std::make_shared<LockTrace>();
  for (auto& stage : locked->stages)
    if (stage->name() == "modulator rings")
      stage = std::make_shared<LockedStage>(stage, spec.locking, tables.plant, trace);
  const Chain chain(*locked);
  const StreamChain plan(chain, solution.periodic, {}, context);
  ChainStream stream(plan);
  stream.restart({.seed = 3, .segment = 0, .scale = 1.0, .crosstalk = false});
  const std::vector<double> amplitude = link->transmitter().level_amplitudes(link->levels);
  const long size = plan.block_symbols() + 2L * plan.guard_symbols();
  for (long sent = 0; trace->time_s.size() < 100; sent += plan.block_symbols()) {
    std::vector<int> index(static_cast<std::size_t>(size));
    RandomStream(3, source_number("locking test symbols"))
        .integers(static_cast<std::uint64_t>(sent), 2, index);
    std::vector<std::vector<double>> symbols(1);
    for (const int each : index) symbols[0].push_back(amplitude[static_cast<std::size_t>(each)]);
    stream.advance(symbols);
  }

  // The slow loop on the same instants.
  LockLoop slow(spec.locking, tables.plant);
  double live_Hz = 0.0, slow_Hz = 0.0, apart_Hz2 = 0.0;
  const int skipped = 30, counted = 70;
  for (int k = 0; k < skipped + counted; ++k) {
    double reading = 0.0;
    for (int m = 0; m < 4; ++m) {
      slow.advance((m == 0 ? 0.5 : 1.0) * spec.locking.averaging_time_s / 4.0);
      reading += tables.plant.reading[0](slow.offset_Hz()[0]) / 4.0;
    }
    slow.advance(spec.locking.averaging_time_s / 8.0);
    const double live = trace->offset_Hz[static_cast<std::size_t>(k)][0], quasi = slow.offset_Hz()[0];
    slow.act({&reading, 1});
    if (k < skipped) continue;
    live_Hz += live / counted;
    slow_Hz += quasi / counted;
    apart_Hz2 += (live - quasi) * (live - quasi) / counted;
  }
  MESSAGE("live " << live_Hz * 1e-9 << " GHz, slow " << slow_Hz * 1e-9 << " GHz, rms difference "
                  << std::sqrt(apart_Hz2) * 1e-9 << " GHz");
  // A lag of 0.43 GHz per reading over the gain of 0.2 and half a reading of the ramp.
  CHECK(slow_Hz < -1.5e9);
  // A reading averages 640 random bits: some 30 % of it over sqrt(640), 0.6 GHz on the flank, of which the
  // loop passes sqrt(g/(2-g)) = 0.33; over 70 readings, a tenth of them independent, 5 sigma are 0.4 GHz.
  CHECK(std::abs(live_Hz - slow_Hz) <= 0.4e9);
  CHECK(std::sqrt(apart_Hz2) <= 1.0e9);
}
