/// Least cost of a function of few bounded variables that must keep a demand, without derivatives.
///
/// Two steps: 1. the start and the points of a Sobol sequence \cite Sobol1967 fill the box; they are
/// evaluated at the same time on all threads. 2. From the best of them that lie apart, Powell's COBYLA \cite
/// Powell1994 (linear models of cost and demand in a shrinking trust region, through NLopt) goes on. The best
/// point that keeps the demand wins; if none does, the one that comes nearest.
///
/// The first step finds the basin when the box holds about `samples` equal ones or fewer; nothing proves that
/// it did. The second is local and assumes that cost and demand are continuous there.
/// Verified in tests/solvers/bounded_search_test.cpp on closed forms with an active demand, several minima,
/// and no point that keeps the demand.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/context.hpp"

namespace photonlink {

/// Both finite or not; what is not finite is worse than all that is.
struct SearchValue {
  double cost = 0.0;
  double demand = 0.0;  ///< kept when >= 0
};

/// A variable between two bounds, lower < upper.
struct SearchRange {
  double start = 0.0, lower = 0.0, upper = 0.0;
};

struct SearchOptions {
  int samples =
      0;  ///< of the first step; 0: 16 for one variable, twice as many for each further, 256 at most
  int local_searches = 2;
  int local_evaluations = 60;  ///< of each
  double tolerance = 1e-4;     ///< of the ranges, where a local search ends
};

struct SearchResult {
  std::vector<double> value;  ///< (n_variable)
  SearchValue at;
  std::vector<bool> at_bound;  ///< (n_variable) within 1e-3 of the range
  bool keeps_demand = false;
  bool converged = false;  ///< the winning local search ended by its tolerance
  int evaluations = 0;
};

/// Deterministic for any number of threads. @param function is called from several threads at once; what it
/// throws ends the search and is passed on.
/// @throws DomainError for no variable or more than 10, ranges that are none, or a start outside.
SearchResult bounded_search(std::span<const SearchRange> ranges,
                            const std::function<SearchValue(std::span<const double>)>& function,
                            const SearchOptions& options, Context& context);

}  // namespace photonlink
