/// Pulse responses of every path of one package test case, ready for any setting of the equalisers.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "core/context.hpp"
#include "solvers/com/filters.hpp"
#include "solvers/com/impulse_response.hpp"
#include "solvers/com/mode.hpp"
#include "solvers/com/network.hpp"

namespace photonlink::com {

struct PathSignals {
  Path::Kind kind = Path::Kind::through;
  double amplitude_V = 0.0;
  std::array<std::vector<double>, ctle_parts> basis;  ///< [V] pulse behind each part of the CTLE
  std::vector<double> plain;                          ///< [V] pulse in front of the CTLE
  std::vector<double> power;  ///< |H21 H_t H_r|² at the points of the file, script modes only
};

/// Filters of transmitter and receiver and its noise at the points of the channels.
struct ReceiverTables {
  std::vector<double> frequency_Hz;
  std::vector<std::array<Complex, ctle_parts>> ctle;  ///< (n_frequency) parts of the CTLE
  std::vector<Complex> filter;                        ///< (n_frequency) of transmitter and receiver
  std::vector<Complex> symbol;                        ///< (n_frequency) spectrum of a held symbol [samples]
  CtleGram noise{};                                   ///< [V²] of the receiver's noise
  std::vector<CtleGram> noise_lags;  ///< [V²] its autocorrelation at multiples of the symbol time, for an FFE
};

/// What the paths are before packages are put around them; shared by all cases.
struct ChannelSet {
  std::vector<Path::Kind> kind;
  std::vector<double> frequency_Hz;      ///< of the chains
  std::vector<std::vector<Abcd>> chain;  ///< (n_path), (n_frequency)
  SpectrumGrid grid;                     ///< of the impulse responses
  std::shared_ptr<const ReceiverTables> receiver;
};
/// Script modes keep the points of the files, `standard` interpolates to the grid of the transform.
/// @throws DomainError when the first path is not the only through path, or the grids differ.
ChannelSet channel_set(const Parameters& parameters, const std::vector<Path>& paths, const Mode& mode);

class CaseSignals {
 public:
  CaseSignals(const Parameters& parameters, const PackageCase& lengths, const ChannelSet& channels,
              const Mode& mode, Context& context);
  const std::vector<PathSignals>& paths() const { return paths_; }
  /// Pulse behind the CTLE, before any FFE.
  std::vector<double> pulse(std::size_t path, const CtleSetting& setting) const;
  /// rms of the receiver's own noise behind filter and CTLE (93A-35).
  double noise_V(const CtleSetting& setting) const;
  /// Autocorrelation of that noise at multiples of the symbol time, as many lags as the FFE has taps.
  std::vector<double> noise_autocorrelation(const CtleSetting& setting) const;
  /// |H_ctf|² at the points of the channels, (n_frequency).
  std::vector<double> ctle_power(const CtleSetting& setting) const;
  std::span<const double> frequency_Hz() const { return receiver_->frequency_Hz; }
  const Parameters& parameters() const { return parameters_; }

 private:
  void add_script_path(std::size_t path, std::span<const Complex> filtered, Context& context);
  void add_exact_path(std::size_t path, std::span<const Complex> filtered, Context& context);

  Parameters parameters_;
  std::shared_ptr<const ReceiverTables> receiver_;
  Mode mode_;
  std::vector<PathSignals> paths_;
};

}  // namespace photonlink::com
