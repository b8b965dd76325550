/// Splitter of one guide into N branches, seen along the branch that this link uses.
///
///   loss = 10 log₁₀ N + excess - δ      [dB],   δ: this branch above the mean of all
///
/// The other branches belong to other links. Where M of them feed lanes like those of this link, the light
/// in front of the splitter is paid by all: the ledger's entries for light (lasers, their cooling, amplifiers
/// in front of the splitter) are divided by M. Everything else in the ledger is this link's own.
///
/// Validity: no reflections, no wavelength dependence; the branches are matched at their ends.
/// Verified in tests/devices/power_splitter_test.cpp: power of all branches adds up to 10^(-excess/10).
#pragma once

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct PowerSplitterParameters {
  int branches = 4;
  double excess_loss_dB = 0.2;
  double branch_deviation_dB = 0.0;
  int sharing_links = 1;
};
template <>
const ParameterTable<PowerSplitterParameters>& parameter_table();

class PowerSplitter final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, more links share than there are branches, or
  /// one branch would carry more than enters.
  PowerSplitter(std::string name, const PowerSplitterParameters& parameters);

  double branch_loss_dB() const;
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  /// Divides what stands for light in `ledger` by the number of links that share it.
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  PowerSplitterParameters p_;
};

}  // namespace photonlink
