#include "solvers/sensitivity.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/special.hpp"
#include "core/units.hpp"
#include "devices/physics/filters.hpp"
#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

// Slow enough for no intersymbol interference, noise of the amplifier only.
LinkSpec ideal_link() {
  LinkSpec spec = one_lane(microring_link());
  spec.symbol_rate_Bd = 1e9;
  spec.samples_per_symbol = 256;
  spec.pattern = "deBruijn6";
  for (const char* key : {"random_jitter", "deterministic_jitter"})
    spec = with(spec, "transmitter", key, 0.0);
  spec = with(spec, "laser", "rin", 0.0);
  for (const char* key : {"shot_noise", "dark_current"}) spec = with(spec, "photodiode", key, 0.0);
  for (const char* key : {"noise", "sampling_jitter"}) spec = with(spec, "receiver", key, 0.0);
  return with(spec, "receiver", "bandwidth", 1e15);
}

}  // namespace

// Oracle: Q(R OMA / (2 i_n sqrt(B))), B the equivalent noise bandwidth of the amplifier's Butterworth
// response.
TEST_CASE("sensitivity: additive noise alone gives Q(R OMA / 2 sigma) at every power") {
  Evaluated e = evaluated(ideal_link());
  const double noise_A = 10e-12 * std::sqrt(butterworth_noise_bandwidth_Hz(22e9, 2)), responsivity = 0.87;
  const auto q_of = [&](double oma_dBm) {
    return responsivity * power_W(Level_dBm{oma_dBm}) / (2.0 * noise_A);
  };
  for (const double target : {1e-3, 1e-7, 1e-11}) {
    CAPTURE(target);
    const double oma_dBm = sensitivity_oma_dBm(*e.solution.lane[0], e.result.lane[0], target);
    // 0.02 dB: noise beyond the 128 GHz of the grid (0.2 % of the variance), OMA read in the middle of
    // symbols.
    const double expected_dBm = oma_dBm + 10.0 * std::log10(inverse_gaussian_tail(target) / q_of(oma_dBm));
    CHECK(abs_error(oma_dBm, expected_dBm) <= 0.02);
    const std::vector<double> at{oma_dBm};
    const auto curve = ber_against_oma(*e.solution.lane[0], e.result.lane[0], at);
    // The root is found to 0.001 dB, at which log10 of the BER moves by 0.005.
    CHECK(abs_error(std::log10(curve[0].ber), std::log10(target)) <= 0.01);
  }
}

// Oracle: the chain itself with more loss in front of the photodiode, all noise sources on.
TEST_CASE("sensitivity: extra loss as a scaling equals a coupler that loses as much") {
  const LinkSpec spec = one_lane(microring_link());
  Evaluated e = evaluated(spec);
  for (const double loss_dB : {5.0, 7.0}) {
    CAPTURE(loss_dB);
    const Evaluated lossy = evaluated(with(spec, "coupler receive", "loss", 1.3 + loss_dB));
    const std::vector<double> at{level_dBm(lossy.result.lane[0].oma_W).value};
    CHECK(abs_error(at[0], level_dBm(e.result.lane[0].oma_W).value - loss_dB) <= 1e-6);  // linear optics
    const double ber = ber_against_oma(*e.solution.lane[0], e.result.lane[0], at)[0].ber;
    // Both adapt the threshold; the sampling phase, on a grid of 1/16 UI, may differ by a step.
    CHECK(abs_error(std::log10(lossy.result.ber_before_fec), std::log10(ber)) <= 0.02);
  }
}

TEST_CASE("sensitivity: a lane without light and a target outside (0, 0.5) are refused") {
  Evaluated e = evaluated(ideal_link());
  CHECK_THROWS_WITH_AS(sensitivity_oma_dBm(*e.solution.lane[0], LaneResult{}, 1e-9),
                       doctest::Contains("no optical modulation amplitude"), DomainError);
  CHECK_THROWS_WITH_AS(sensitivity_oma_dBm(*e.solution.lane[0], e.result.lane[0], 0.7),
                       doctest::Contains("outside (0, 0.5)"), DomainError);
}

TEST_CASE("pattern solver: a pattern too short to tell the pulse of a non-linear link is refused") {
  LinkSpec spec = one_lane(microring_link());
  spec.pattern = "deBruijn4";
  Context context(1);
  CHECK_THROWS_WITH_AS(solve_pattern(build_link(spec), context),
                       doctest::Contains("pattern of 16 symbols is too short"), DomainError);
}
