/// What a link's result may be when its assumed parameters are anywhere in their stated ranges.
///
/// A card or a study lists what no publication gives under `assumed`, with low, high and where the range
/// comes from. The band of an observable spans, over
///   - the link as written (nominal),
///   - every assumption at its low and at its high end, one at a time, all others nominal,
///   - two corners: each assumption at whichever of low, nominal, high gave the smallest (the largest) value
///     of this observable on its own.
/// The corners are found per observable, so "all worst" for the error ratio need not be all worst for the
/// energy; the band of each observable spans the corners of all. Corners that several observables share are
/// evaluated once. The points of a curve are observables too: of hundreds, only the corners of those that
/// single assumptions move most are evaluated, and the result says how many were left out. Corners bound the
/// observable when it is monotonic in each assumption and the signs do not change with the others; the ranges
/// say nothing about likelihood, and the corners are unlikely: the bounds of single assumptions are given
/// beside.
///
/// Verified in tests/studies/assumption_band_test.cpp on closed forms of the energy, and of functions of a
/// link that need no solver.
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

/// A choice of ends that could not be evaluated, a device refuses it or no solution was found.
struct RefusedEnds {
  std::string ends, message;  ///< "laser power at its low end, ...", and why
};

struct AssumptionBand {
  std::vector<ObservableBand> observables;
  std::vector<AssumptionEffect> effects;
  int evaluations = 0;
  std::vector<RefusedEnds> refused;  ///< left out of the bands, which are those of all others
  int corners_left_out = 0;  ///< distinct ones; the bands then are those of the corners that were evaluated
};

struct AssumptionBandOptions {
  int most_corners = 64;  ///< distinct ones to evaluate, besides the link as written and single assumptions
  /// Unit in which the spread of each observable is compared with the others', (n_observable); empty: 1.
  std::vector<double> scale;
};

/// All observables of one link at once, size (n_observable), the same at every call; NaN as above.
using EvaluateLink = std::function<std::vector<double>(const LinkSpec& spec)>;

/// @param names of the observables, (n_observable).
/// @param evaluate is called for each choice of ends once, on context.threads() threads at the same time; the
/// result does not depend on their number.
/// Ends that cannot be evaluated are left out and listed.
/// @throws DomainError when the link as written fails, when an evaluation does not return n_observable
/// numbers, naming the assumptions it was made with, or when `scale` is neither empty nor of that size.
AssumptionBand assumption_band(const LinkSpec& spec, const std::vector<std::string>& names,
                               const EvaluateLink& evaluate, Context& context,
                               const AssumptionBandOptions& options = {});
/// The same with the pattern solver.
AssumptionBand assumption_band(const LinkSpec& spec, const std::vector<Observable>& observables,
                               Context& context);

}  // namespace photonlink
