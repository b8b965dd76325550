/// The microring link of the example study, and how tests change it.
#pragma once

#include <memory>
#include <string>

#include "devices/registry.hpp"
#include "solvers/evaluate.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "support.hpp"

namespace photonlink::test {

inline LinkSpec microring_link() {
  static const Study study = read_study(source_path("examples/microring_vs_copper/study.toml"),
                                        device_types(), source_path("devices/cards"));
  return study.links.at(0);
}

/// `spec` with one parameter of the stage called `stage` replaced.
inline LinkSpec with(const LinkSpec& spec, const std::string& stage, const std::string& key,
                     const ParameterValue& value) {
  for (std::size_t s = 0; s < spec.stages.size(); ++s)
    if (spec.stages[s].name == stage) return with_parameter(spec, s, key, value);
  throw std::runtime_error("no stage " + stage);
}

/// One lane, one carrier, one ring of each kind.
inline LinkSpec one_lane(LinkSpec spec) {
  spec.lanes = 1;
  spec = with(spec, "laser", "carriers", 1);
  return with(spec, "filter rings", "rings", 1);
}

struct Evaluated {
  PatternSolution solution;
  LinkResult result;
};
inline Evaluated evaluated(const LinkSpec& spec) {
  Context context(2);
  Evaluated e{solve_pattern(build_link(spec), context), {}};
  e.result = summarize(e.solution, {.pictures = false});
  return e;
}

/// Power of all ledger entries of one cause [W].
inline double power_of(const LinkResult& result, const std::string& cause) {
  double sum = 0.0;
  for (const LedgerEntry& entry : result.ledger.energy)
    if (entry.cause == cause) sum += entry.power_W;
  return sum;
}

}  // namespace photonlink::test
