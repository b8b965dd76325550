/// The signals on one clock that a stage must see together: electrical lanes and light.
#pragma once

#include <vector>

#include "core/conventions.hpp"
#include "signal/grid.hpp"

namespace photonlink {

/// One waveguide or fiber; shape (n_carrier, n_sample), field envelope around each carrier, [sqrt(W)].
struct OpticalPort {
  std::vector<ComplexWave> field;
};

/// Everything that travels between two stages. Lanes hold volts (EMF at a source, terminal or control voltage
/// after a load) or amperes (behind a photodiode). After a demultiplexer there is one port per lane, each
/// with all carriers, so crosstalk is part of the signal.
struct Bundle {
  TimeGrid grid;
  std::vector<std::vector<double>> symbols;  ///< (n_lane, n_symbol) in [-1, 1]
  std::vector<RealWave> lane;                ///< (n_lane, n_sample) [V] or [A]
  double full_scale_Vpp = 0.0;     ///< peak-to-peak of the lanes after long runs of the outer levels
  std::vector<double> carrier_Hz;  ///< (n_carrier)
  std::vector<OpticalPort> port;   ///< (n_port)
};

/// First-order sensitivity of one observed number y to every sample of a bundle, over a window of samples:
///   δy = Σ_u lane[l][u] δV_l[u] + Re Σ_u port[p][c][u] δA_{p,c}[u].
/// Sample u of the window is sample (begin + u) of the period, periodically continued. Empty inner vectors
/// are zero.
struct Sensitivity {
  long begin = 0;
  int length = 0;
  std::vector<RealWave> lane;
  std::vector<std::vector<ComplexWave>> port;
};

}  // namespace photonlink
