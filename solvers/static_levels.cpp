#include "solvers/static_levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/error.hpp"
#include "core/units.hpp"
#include "solvers/small_signal.hpp"

namespace photonlink {
namespace {

double transmission_at(const OpticalSpectrum& spectrum, int modulator, std::size_t lane, double drive_V) {
  const Bundle& at = spectrum.rest().in_front_of(modulator);
  std::vector<double> drive;
  drive.reserve(at.lane.size());
  for (const RealWave& wave : at.lane) drive.push_back(wave.front());
  drive[lane] += drive_V;
  const ModulatorCurves* curves = spectrum.rest().chain().stage(modulator).modulator_curves();
  return curves->transmission(at, at.carrier_Hz[lane], drive);
}

double mismatch(const std::vector<double>& transmission, double modulation) {
  double least = INFINITY;
  for (std::size_t i = 1; i < transmission.size(); ++i)
    least = std::min(least, std::abs(transmission[i] - transmission[i - 1]));
  return least * static_cast<double>(transmission.size() - 1) / modulation;  // 0/0 without modulation
}

}  // namespace

double static_transmission(const OpticalSpectrum& spectrum, int lane, double drive_V) {
  const int modulator = modulator_of(spectrum);
  const Bundle& at = spectrum.rest().in_front_of(modulator);
  require(lane >= 0 && static_cast<std::size_t>(lane) < std::min(at.lane.size(), at.carrier_Hz.size()),
          fmt::format("{}: lane {} has no carrier; count from 0",
                      spectrum.rest().chain().stage(modulator).name(), lane));
  return transmission_at(spectrum, modulator, static_cast<std::size_t>(lane), drive_V);
}

StaticLevels static_levels(const OpticalSpectrum& spectrum, int lane, double from_V, double to_V,
                           int levels) {
  require(levels >= 2, fmt::format("{} levels: at least 2 are needed", levels));
  StaticLevels result;
  for (int i = 0; i < levels; ++i)
    result.transmission.push_back(
        static_transmission(spectrum, lane, from_V + (to_V - from_V) * i / (levels - 1)));
  const auto& t = result.transmission;
  std::tie(result.low, result.high) = std::minmax(t.front(), t.back());
  const double mean = std::accumulate(t.begin(), t.end(), 0.0) / levels;
  result.extinction_ratio_dB = power_gain_dB(result.high / result.low).value;
  result.insertion_loss_dB = -power_gain_dB(result.high).value;
  result.relative_oma_dB = power_gain_dB(result.high - result.low).value;
  result.modulation_loss_dB = -power_gain_dB(mean).value;
  result.level_mismatch_ratio = mismatch(t, result.high - result.low);
  return result;
}

}  // namespace photonlink
