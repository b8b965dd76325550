/// Photonic component from a file of S-parameters: from one port to one or more others.
///
///   H_i(f) = S[output_i, input](f) e^{j2πfτ_i}         field response; the mean delay τ_i is taken out
///   latency = mean of τ_i
///
/// Formats, interpolation and passivity: network/photonic_network.hpp. With several outputs the component is
/// a demultiplexer or splitter, one port behind each. Phases of the file are taken as those of e^{-iωt},
/// which Lumerical and SAX write; `phase` says otherwise.
///
/// Validity: light enters at the input alone and what returns there is neglected: reflections from stage to
/// stage are not solved (warns where S[input, input] or S[output, output] of the file return more than -30
/// dB, see devices/physics/reflection.hpp). One mode. Carriers beyond the file are refused; sidebands beyond
/// it keep the end's value (warns when the symbol rate reaches there). Warns of a file that is not passive,
/// of points too coarse for its phase, and of a delay below 0, the sign of the other phase convention.
///
/// Verified in tests/devices/photonic_s_parameters_test.cpp: waveguide, directional coupler and Mach-Zehnder
/// interferometer in closed form.
#pragma once

#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "network/photonic_network.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct PhotonicSParametersParameters {
  std::string file = "";
  std::string input = "";
  std::vector<std::string> outputs = {};
  int mode = 1;
  std::string phase = "rising";
};
template <>
const ParameterTable<PhotonicSParametersParameters>& parameter_table();

class PhotonicSParameters final : public Stage {
 public:
  /// Reads the file once. @throws IoError on a bad file, ConfigError on a port that it does not have.
  PhotonicSParameters(const std::string& name, const PhotonicSParametersParameters& parameters);

  int fan_out() const override { return static_cast<int>(paths_.size()); }
  /// @throws ConfigError for a carrier beyond the file.
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  const PhotonicNetwork& network() const { return network_; }

 private:
  void choose_ports(const PhotonicSParametersParameters& parameters);
  void warn_of_file(std::vector<Warning>& warnings) const;

  PhotonicNetwork network_;
  std::string input_;
  std::vector<std::string> outputs_;
  int mode_;
  std::vector<PhotonicCurve> paths_;        // (n_output)
  std::vector<PhotonicCurve> reflections_;  // at the input and the outputs, as far as the file has them
  std::vector<std::string> reflecting_;     // ports of these
};

}  // namespace photonlink
