/// One link in, one result out: the pattern solution, FEC, margins, ledger, budget and pictures' data
/// together.
#pragma once

#include <memory>

#include "solvers/pattern_solver.hpp"
#include "solvers/result.hpp"

namespace photonlink {

enum class Solver { pattern, monte_carlo };

struct EvaluateOptions {
  bool pictures = true;             ///< eye, bathtub and pulse of the worst lane
  Solver solver = Solver::pattern;  ///< monte_carlo: error ratios are counted, the rest stays semi-analytic
};

LinkResult evaluate(std::shared_ptr<const Link> link, const EvaluateOptions& options, Context& context);
/// The same from a solution that is at hand.
LinkResult summarize(PatternSolution& solution, const EvaluateOptions& options);

}  // namespace photonlink
