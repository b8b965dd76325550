/// A chain at rest: no symbols, every lane at the middle of its swing, lasers on, everything settled.
///
/// The walk begins with one lane of 0 V per lane of the link, full scale 1 V peak to peak, and goes from
/// stage to stage:
///   load   the lane is multiplied by the DC transfer of its electrical segment (chain.hpp);
///   core   runs on the constant input, one symbol period at a time, until its state repeats
///   (settled_core.hpp); tail   lanes by the DC response, fields of each carrier by the response at that
///   carrier, from the input
///          port to every port behind a demultiplexer.
/// A transmitter sets the full scale, and with it the swing that a driver or a modulator is aligned to. The
/// first electrical input of a chain without a source in front of it has an ideal one (chain.hpp); where the
/// lane ends there, as in a modulator, a warning says so.
///
/// Validity: DC of the electrical path is the rest point, so a chain that blocks DC is at 0 V. What settles
/// over more than ten thousand symbol periods must start settled, else settled() is false and a warning says
/// so. Verified in tests/solvers/rest_point_test.cpp: static characteristics in closed form.
#pragma once

#include <vector>

#include "solvers/chain.hpp"

namespace photonlink {

class RestPoint {
 public:
  /// The chain may be part of a link, with or without laser, driver, photodiode or SerDes; it must outlive
  /// this. @throws ConfigError when a stage refuses what arrives: a photodiode without light, a modulator
  /// without carriers, a second splitter.
  explicit RestPoint(const Chain& chain);

  const Chain& chain() const { return chain_; }
  /// Bundle at the core of a stage, behind its load; one symbol period of constant samples. Lanes [V], [A]
  /// behind a photodiode, fields [sqrt(W)].
  const Bundle& in_front_of(int stage) const { return in_front_.at(static_cast<std::size_t>(stage)); }
  /// What leaves the stage, behind core and tail.
  const Bundle& behind(int stage) const { return behind_.at(static_cast<std::size_t>(stage)); }
  /// False when a core did not come to rest; what lies behind it is then not a rest point.
  bool settled() const { return settled_; }
  /// What the stages say about their range at this point, and what was assumed here.
  const std::vector<Warning>& warnings() const { return warnings_; }

 private:
  void enter_load(int stage, Bundle& bundle);
  void pass_core(int stage, Bundle& bundle);
  void pass_tail(int stage, Bundle& bundle) const;
  void ask_validity(int stage);

  const Chain& chain_;
  std::vector<Bundle> in_front_, behind_;  // (n_stage)
  std::vector<Warning> warnings_;
  bool settled_ = true;
};

/// Power of a constant field [W].
double rest_power_W(const ComplexWave& field);

}  // namespace photonlink
