/// What the observables of one chain share: the chain at rest, its swept spectrum, its small signal, and the
/// evaluated link, each made when first asked for.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "core/context.hpp"
#include "solvers/com/com.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/optical_spectrum.hpp"
#include "solvers/rest_point.hpp"
#include "solvers/small_signal.hpp"
#include "studies/study.hpp"

namespace photonlink {

class Probe {
 public:
  /// @throws ConfigError when a stage refuses its parameters.
  Probe(const LinkSpec& spec, Context& context);
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  const Link& link() const { return *link_; }
  const RestPoint& rest();
  const OpticalSpectrum& spectrum();
  const SmallSignal& small_signal();
  /// The link from transmitter to receiver. @throws ConfigError when it has no such ends.
  PatternSolution& solution();
  const LinkResult& result();
  /// Of the first copper channel and its aggressors, once per configuration and mode.
  const com::Result& channel_operating_margin(const std::string& configuration, const std::string& mode);
  /// Books of a whole link as it runs, of a part of one at rest with the symbols of its pattern.
  const Ledger& ledger();
  /// What the stages say of the range of their models, as far as something was computed: "stage: text".
  std::vector<std::string> warnings() const;

 private:
  bool has_ends() const;
  Ledger ledger_at_rest();

  Context& context_;
  std::shared_ptr<const Link> link_;
  Chain chain_;
  std::unique_ptr<RestPoint> rest_;
  std::unique_ptr<OpticalSpectrum> spectrum_;
  std::unique_ptr<SmallSignal> small_signal_;
  std::unique_ptr<PatternSolution> solution_;
  std::optional<LinkResult> result_;
  std::optional<Ledger> ledger_;
  std::map<std::pair<std::string, std::string>, com::Result> margin_;
};

}  // namespace photonlink
