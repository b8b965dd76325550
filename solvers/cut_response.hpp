/// A response cut where it has ended, for waves of a period much longer than that.
///
/// The response is evaluated on a grid of few symbols, cut by stream/stream_filter.hpp to what holds all but
/// 1e-8 of the rms of the signal behind it, or 1e-6 where it falls off slowly (skin effect), and compared
/// between the bins of the grid, where what lasts longer would show. Verified against the transform of the
/// whole period in tests/solvers/long_pattern_test.cpp.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/context.hpp"
#include "signal/grid.hpp"
#include "solvers/chain.hpp"
#include "solvers/stream/stream_filter.hpp"

namespace photonlink {

/// Response at frequencies [Hz] of either sign, (n_frequency).
using ResponseAt = std::function<std::vector<Complex>(const std::vector<double>& frequency_Hz)>;
/// Of real signals, from the response at frequencies >= 0.
ResponseAt both_signs(ResponseAt one_sided);

class CutResponse {
 public:
  /// @param signal the wave to be filtered, or one like it: its beginning says which frequencies matter
  CutResponse(const ResponseAt& response, const TimeGrid& grid, std::span<const double> signal,
              Context& context);
  CutResponse(const ResponseAt& response, const TimeGrid& grid, std::span<const Complex> signal,
              Context& context);
  /// Whether the response ends within the grid; nothing else may be asked when it does not.
  bool fits() const { return fits_; }
  void apply(RealWave& wave) const;
  void apply(ComplexWave& wave) const;

 private:
  void cut(const ResponseAt& response, const TimeGrid& grid, const std::vector<double>& amplitude);
  bool holds_between_bins(const ResponseAt& response, const std::vector<Complex>& on_grid,
                          const std::vector<double>& signal, double tolerance) const;
  std::vector<double> frequency_Hz_;
  Context& context_;
  StreamFilterSet set_;
  bool fits_ = false;
};

/// The receiver's CTLE, for lanes in front of it like `signal`.
CutResponse ctle_in_blocks(const Chain& chain, CtleSetting setting, const TimeGrid& grid,
                           std::span<const double> signal, Context& context);

}  // namespace photonlink
