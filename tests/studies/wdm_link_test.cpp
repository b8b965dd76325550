#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "solvers/sensitivity.hpp"
#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

double lorentzian(double offset_Hz, double linewidth_Hz) {
  return 1.0 / (1.0 + std::pow(2.0 * offset_Hz / linewidth_Hz, 2));
}

LinkSpec on_grid(LinkSpec spec, double q_filter, double spacing_Hz) {
  spec = with(spec, "filter rings", "q_loaded", q_filter);
  spec = with(spec, "filter rings", "spacing", spacing_Hz);
  return with(spec, "laser", "spacing", spacing_Hz);
}

double sensitivity_dBm(Evaluated& e, std::size_t lane) {
  return sensitivity_oma_dBm(*e.solution.lane[lane], e.result.lane[lane], 1e-11);
}

double mean_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

}  // namespace

// Oracle: MRM of Rakowski et al., OFC 2026, M2A.3: Q 3900, 80 pm for 2 Vpp, dip 1 %; published ER 3.5 dB,
// IL 3.0 dB, OMA / carrier -5.5 dB. One free number, the detuning, is set by the ER.
TEST_CASE(
    "microring modulator: insertion loss and OMA follow from the extinction ratio of a published ring") {
  const MicroringModulator ring(
      "ring", {.q_loaded = 3900.0, .extinction_dB = 20.0, .shift_per_voltage_m_per_V = 40e-12});
  const double carrier_Hz = 299792458.0 / 1314.385e-9;
  const auto ratio_dB = [&](double detuning_Hz) {
    return 10.0 * std::log10(ring.static_transmission(carrier_Hz, detuning_Hz, 1.0) /
                             ring.static_transmission(carrier_Hz, detuning_Hz, -1.0));
  };
  double near_Hz = 12e9, far_Hz = 60e9;  // ER falls with detuning beyond the dip
  for (int k = 0; k < 60; ++k) {
    const double middle_Hz = 0.5 * (near_Hz + far_Hz);
    (ratio_dB(middle_Hz) > 3.5 ? near_Hz : far_Hz) = middle_Hz;
  }
  const double high = ring.static_transmission(carrier_Hz, near_Hz, 1.0),
               low = ring.static_transmission(carrier_Hz, near_Hz, -1.0);
  // Half of the last digit printed.
  CHECK(abs_error(-10.0 * std::log10(high), 3.0) <= 0.06);
  CHECK(abs_error(10.0 * std::log10(high - low), -5.5) <= 0.06);
  // The detuning of largest OMA lies nearer to the ring and gains 0.2 dB over that choice.
  const double best_Hz = ring.own_detuning_Hz(carrier_Hz, 2.0);
  CHECK(best_Hz < near_Hz);
  const double best_dB = 10.0 * std::log10(ring.static_transmission(carrier_Hz, best_Hz, 1.0) -
                                           ring.static_transmission(carrier_Hz, best_Hz, -1.0));
  CHECK(best_dB >= -5.5);
  CHECK(best_dB <= -5.2);
}

TEST_CASE(
    "wdm link: a demultiplexer that does not stand on the laser's grid is refused, small offsets are not") {
  const LinkSpec spec = microring_link();
  CHECK_THROWS_WITH_AS(
      build_link(with(spec, "filter rings", "first_frequency", 228.4e12)),
      doctest::Contains("carrier 0 of 'laser' lies at 228.2 THz, ring 0 of 'filter rings' at "
                        "228.4 THz, more than half the spacing of 200 GHz apart"),
      ConfigError);
  CHECK_THROWS_WITH_AS(build_link(with(spec, "filter rings", "spacing", 100e9)),
                       doctest::Contains("carrier 2 of 'laser'"), ConfigError);
  build_link(with(spec, "filter rings", "first_frequency", 228.2e12 + 90e9));
  LinkSpec named = with(spec, "laser", "grid", std::string("cw-wdm-8x400"));
  CHECK_THROWS_AS(build_link(with(named, "laser", "carriers", 1)), ConfigError);
  named = with(with(named, "laser", "carriers", 1), "filter rings", "grid", std::string("cw-wdm-8x400"));
  build_link(with(named, "filter rings", "fsr", 3.4e12));
}

TEST_SUITE("slow") {
  // Oracle: product of Lorentzians in closed form, passing rings first, for the mean powers behind the
  // modulators.
  TEST_CASE("wdm link: crosstalk at each photodiode is the add-drop Lorentzian of its neighbours") {
    for (const auto& [q, spacing_Hz] : {std::pair{4200.0, 200e9}, {8400.0, 200e9}, {4200.0, 300e9}}) {
      CAPTURE(q);
      CAPTURE(spacing_Hz);
      const Evaluated e = evaluated(on_grid(microring_link(), q, spacing_Hz));
      const auto& chain = *e.solution.chain;
      std::size_t node = 0;
      while (chain.stage(chain.nodes()[node]).name() != "modulator rings") ++node;
      const auto& light = e.solution.periodic.behind_core[node].port[0].field;
      const double between = std::pow(10.0, -(2.0 * 1.3 + 4.0 * 0.35e-3) / 10.0);  // couplers and fiber
      const double passing = std::pow(10.0, -0.06 / 10.0), drop = std::pow(10.0, -0.05);
      for (int lane = 0; lane < 8; ++lane) {
        CAPTURE(lane);
        double crosstalk_W = 0.0;
        for (int c = 0; c < 8; ++c) {
          if (c == lane) continue;
          const auto width_Hz = [&](int ring) { return (228.2e12 + ring * spacing_Hz) / q; };
          const auto offset_Hz = [&](int ring) { return std::remainder((c - ring) * spacing_Hz, 2.5e12); };
          double power_W = between * drop * std::pow(passing, lane) *
                           mean_W(light[static_cast<std::size_t>(c)]) *
                           lorentzian(offset_Hz(lane), width_Hz(lane));
          // Matched coupling: through = D² / (D² + 1/τ²).
          for (int k = 0; k < lane; ++k) power_W *= 1.0 - lorentzian(offset_Hz(k), width_Hz(k));
          crosstalk_W += power_W;
        }
        const double actual_W = e.result.lane[static_cast<std::size_t>(lane)].crosstalk_power_W;
        // Half a percent for sidebands, which see the tail at other offsets. Carriers below the lane are dark
        // in the closed form; the sidebands that their own rings let pass, below 5 % of a modulated carrier,
        // are not.
        CHECK(actual_W >= 0.995 * crosstalk_W);
        CHECK(actual_W <= 1.005 * crosstalk_W + 0.05 * between * drop * mean_W(light[0]) *
                                                    lorentzian(spacing_Hz, 228.2e12 / q));
      }
    }
  }

  // Oracle: peak distortion, 10 log of 1 - Σ crosstalk / signal, every neighbour at its worst.
  TEST_CASE("wdm link: crosstalk costs less than two Lorentzian neighbours at their worst, 0.16 dB") {
    Evaluated alone = evaluated(one_lane(microring_link())), all = evaluated(microring_link());
    const double two_neighbours_dB = -10.0 * std::log10(1.0 - 2.0 * lorentzian(200e9, 228.2e12 / 4200.0));
    CHECK(abs_error(two_neighbours_dB, 0.16) <= 0.005);
    for (const std::size_t lane : {0U, 3U, 6U}) {
      CAPTURE(lane);
      const double penalty_dB = sensitivity_dBm(all, lane) - sensitivity_dBm(alone, 0);
      MESSAGE("crosstalk penalty of lane ", lane, ": ", penalty_dB, " dB");
      CHECK(penalty_dB > 0.0);
      CHECK(penalty_dB <= two_neighbours_dB);
    }
  }

  TEST_CASE(
      "wdm link: one decibel more laser power is one decibel of OMA and margin, and 1.259 times its energy") {
    const LinkSpec spec = microring_link();
    Evaluated base = evaluated(spec),
              more = evaluated(with(spec, "laser", "power", 1e-3 * std::pow(10.0, 0.4)));
    for (std::size_t lane = 0; lane < 8; ++lane)
      // The optics are linear in power.
      CHECK(abs_error(10.0 * std::log10(more.result.lane[lane].oma_W / base.result.lane[lane].oma_W), 1.0) <=
            1e-9);
    CHECK(rel_error(power_of(more.result, "wall-plug") / power_of(base.result, "wall-plug"), 1.2589254) <=
          1e-7);
    CHECK(power_of(more.result, "tuning") == power_of(base.result, "tuning"));
    const std::size_t worst = static_cast<std::size_t>(base.result.worst_lane);
    // Roots to 0.001 dB; the threshold of the stronger link is adapted to more shot noise.
    CHECK(abs_error(sensitivity_dBm(more, worst), sensitivity_dBm(base, worst)) <= 0.05);
  }

  TEST_CASE(
      "wdm link: twice the resonance spread is twice the tuning energy of those rings and nothing else") {
    const LinkSpec spec = microring_link();
    const Evaluated base = evaluated(spec),
                    wide = evaluated(with(spec, "filter rings", "resonance_spread", 200e9));
    const double added_W = power_of(wide.result, "tuning") - power_of(base.result, "tuning");
    double filter_W = 0.0;
    for (const LedgerEntry& entry : base.result.ledger.energy)
      if (entry.component == "filter rings" && entry.cause == "tuning") filter_W += entry.power_W;
    CHECK(rel_error(added_W, filter_W) <= 1e-12);  // sums of like terms
    CHECK(wide.result.loss_margin_dB == base.result.loss_margin_dB);
    CHECK(rel_error(wide.result.energy.module_J_per_bit - base.result.energy.module_J_per_bit,
                    added_W / 256e9) <= 1e-9);
  }

  // Oracle: the static line, read between the settled levels of long runs.
  TEST_CASE("wdm link: OMA of a slow link follows the static line of the modulator ring for any Q") {
    for (const double q : {3000.0, 4500.0, 9000.0}) {
      CAPTURE(q);
      LinkSpec spec = with(one_lane(microring_link()), "modulator rings", "q_loaded", q);
      spec.symbol_rate_Bd = 1e9;
      spec.samples_per_symbol = 64;
      spec.pattern = "deBruijn6";
      const Evaluated e = evaluated(spec);
      const double fwhm_Hz = 228.2e12 / q, shift_Hz = 228.2e12 * 228.2e12 / 299792458.0 * 40e-12 * 0.75;
      const double dip = 0.01;  // 20 dB
      double best = 0.0;        // largest OMA over the carrier, scanned
      for (double detuning_Hz = 0.0; detuning_Hz < 2.0 * fwhm_Hz; detuning_Hz += 0.001 * fwhm_Hz) {
        const auto line = [&](double d_Hz) { return 1.0 - (1.0 - dip) * lorentzian(d_Hz, fwhm_Hz); };
        best = std::max(best, line(detuning_Hz + shift_Hz) - line(detuning_Hz - shift_Hz));
      }
      const double loss_dB = 3.0 * 1.3 + 4.0 * 0.35e-3 + 0.06 + 0.5;
      const double expected_W = 1e-3 * std::pow(10.0, 0.3 - loss_dB / 10.0) * best;
      // 0.5 %: the edges ripple over the middle fifth, and the filter follows in 20 ps.
      CHECK(rel_error(e.result.lane[0].oma_W, expected_W) <= 5e-3);
    }
  }

  TEST_CASE("wdm link: a filter ring of twice the Q cuts crosstalk by 6 dB and costs sensitivity") {
    Evaluated base = evaluated(microring_link()),
              narrow = evaluated(on_grid(microring_link(), 8400.0, 200e9));
    const double change_dB =
        10.0 * std::log10(narrow.result.lane[0].crosstalk_power_W / base.result.lane[0].crosstalk_power_W);
    // The tail falls with 1 / Q², up to (linewidth / spacing)².
    CHECK(abs_error(change_dB, -6.02) <= 0.1);
    CHECK(sensitivity_dBm(narrow, 0) > sensitivity_dBm(base, 0) + 0.3);
    CHECK(narrow.result.lane[0].ber >= base.result.lane[0].ber);
  }
}
