/// What a link's result may be when its assumed parameters are anywhere in their stated ranges.
///
/// A card or a study lists what no publication gives under `assumed`, with low, high and where the range
/// comes from. The band of an observable spans, over
///   - the link as written (nominal),
///   - every assumption at its low and at its high end, one at a time, all others nominal,
///   - two corners: each assumption at whichever of low, nominal, high gave the smallest (the largest) value
///     of this observable on its own.
/// The corners are found per observable, so "all worst" for the error ratio need not be all worst for the
/// energy; the band of each observable spans the corners of all. They bound the observable when it is
/// monotonic in each assumption and the signs do not change with the others; the ranges say nothing about
/// likelihood, and the corners are unlikely: the bounds of single assumptions are given beside.
///
/// Verified in tests/studies/assumption_band_test.cpp on closed forms of the energy.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "solvers/pattern_solver.hpp"
#include "studies/study.hpp"

namespace photonlink {

/// A number to read from one evaluation; NaN: not defined there, and left out of the band. Where no power
/// or noise reaches the target the standard observables are infinite instead: margins -inf, sensitivity +inf.
struct Observable {
  std::string name;  ///< with its unit: "sensitivity_dBm"
  std::function<double(PatternSolution& solution, const LinkResult& result)> read;
};

/// log10_ber, loss_margin_dB, noise_margin_dB, bathtub_width_UI (0: closed), sensitivity_dBm (optical links),
/// energy_module_pJ_per_bit, energy_with_host_pJ_per_bit: of the worst lane where a lane is meant.
std::vector<Observable> standard_observables(const LinkSpec& spec);

/// One observable over all assumptions.
struct ObservableBand {
  std::string name;
  double nominal = not_computed;
  double single_low = not_computed, single_high = not_computed;  ///< one assumption at a time
  double low = not_computed, high = not_computed;                ///< corners included
};

/// What one assumption does on its own.
struct AssumptionEffect {
  std::size_t stage = 0;  ///< index in LinkSpec::stages
  std::string stage_name, key;
  ParameterValue low, high;
  std::string source;
  std::vector<double> at_low, at_high;  ///< (n_observable)
};

struct AssumptionBand {
  std::vector<ObservableBand> observables;
  std::vector<AssumptionEffect> effects;
  int evaluations = 0;
};

/// Evaluations run on context.threads() threads; the result does not depend on their number.
/// @throws ConfigError or DomainError of an evaluation that fails, naming the assumptions it was made with.
AssumptionBand assumption_band(const LinkSpec& spec, const std::vector<Observable>& observables,
                               Context& context);

}  // namespace photonlink
