/// The wavelength locking loop of a link's rings over a ramp of temperature, `locking` in a study.
///
/// The link is evaluated with its rings at 33 offsets, denser around the wanted wavelength, up to two
/// linewidths to either side (`tuning_error` of the stage): error ratio of the worst lane before FEC,
/// sampling and equalisers adapted (a lane whose eye has turned over counts as lost), and what each ring's
/// monitor reads. Modulators: the settled ring over the pattern, energy of the own carrier ("absorbed",
/// "drop") or power behind the rings ("output"). Filters: power of the own carrier at the photodiode
/// ("drop"). The loop then runs on these tables (solvers/locking/lock_ramp.hpp).
///
/// Validity: all rings stand at the same offset while a table is made; drop and photocurrent are in
/// proportion to the energy in the ring. Verified in tests/studies/locking_test.cpp: a loop with the stated
/// heater holds the error ratio over 20 K, one that is off or has too few codes does not.
#pragma once

#include "core/context.hpp"
#include "solvers/locking/lock_loop.hpp"
#include "studies/study.hpp"

namespace photonlink {

/// What one link's loop stands on.
struct LockTables {
  std::vector<double> offset_Hz, log10_ber;  ///< (n_offset)
  LockPlant plant;
  double required_ber = 0.0;  ///< before FEC
};

/// @throws ConfigError when the stage is no ring or has no such monitor, and what the evaluation throws.
LockTables lock_tables(const LinkSpec& spec, Context& context);
/// The ramp of `spec.locking`; nothing when it names no stage. @throws ConfigError as LockLoop.
LockingResult lock_over_ramp(const LinkSpec& spec, Context& context);

}  // namespace photonlink
