#include "studies/validation/validate.hpp"

#include <chrono>

#include "studies/validation/judge.hpp"
#include "studies/validation/run_case.hpp"

namespace photonlink {

ValidationReport run_cases(const std::vector<CaseSpec>& cases, Run run, const RecordedState& recorded,
                           Context& context) {
  const auto begin = std::chrono::steady_clock::now();
  ValidationReport report;
  for (std::size_t k = 0; k < cases.size(); ++k) {
    if (context.progress)
      context.progress(cases[k].name, static_cast<double>(k) / static_cast<double>(cases.size()));
    report.cases.push_back(run_case(cases[k], context));
  }
  if (context.progress) context.progress("writing the report", 1.0);
  const Tallies tallies = tally(report.cases);
  report.measured = tallies.measured;
  report.predictions = tallies.predictions;
  report.changes = compare_with_recorded(report.cases, recorded, run);
  report.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace photonlink
