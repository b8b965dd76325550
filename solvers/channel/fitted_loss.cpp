#include "solvers/channel/fitted_loss.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "solvers/channel_measures.hpp"

namespace photonlink {

double FittedLoss::at_dB(double f) const {
  return coefficient[0] + coefficient[1] * std::sqrt(f) + coefficient[2] * f + coefficient[3] * f * f;
}

FittedLoss fit_insertion_loss(const SParameters& two_port, double low_Hz, double high_Hz) {
  require(two_port.ports == 2,
          fmt::format("a fit needs a 2-port, not {} ports; select a mode", two_port.ports));
  std::vector<std::size_t> used;
  for (std::size_t k = 0; k < two_port.frequency_Hz.size(); ++k)
    if (two_port.frequency_Hz[k] >= low_Hz && two_port.frequency_Hz[k] <= high_Hz &&
        std::abs(two_port.at(k, 1, 0)) > 0.0)
      used.push_back(k);
  constexpr std::size_t least = 8;
  require(used.size() >= least,
          fmt::format("the band from {} to {} holds {} points of the file that transmit, at least {} are "
                      "needed; export the file with more",
                      format_quantity(low_Hz, Quantity::frequency),
                      format_quantity(high_Hz, Quantity::frequency), used.size(), least));
  // In f / high_Hz the four columns are of one size.
  Eigen::MatrixXd columns(static_cast<Eigen::Index>(used.size()), 4);
  Eigen::VectorXd loss(columns.rows());
  for (Eigen::Index i = 0; i < columns.rows(); ++i) {
    const std::size_t k = used[static_cast<std::size_t>(i)];
    const double x = two_port.frequency_Hz[k] / high_Hz, weight = std::abs(two_port.at(k, 1, 0));
    columns.row(i) << weight, weight * std::sqrt(x), weight * x, weight * x * x;
    loss(i) = -20.0 * std::log10(weight) * weight;
  }
  const Eigen::Vector4d a = columns.colPivHouseholderQr().solve(loss);
  return {{a(0), a(1) / std::sqrt(high_Hz), a(2) / high_Hz, a(3) / (high_Hz * high_Hz)}, low_Hz, high_Hz};
}

std::vector<double> insertion_loss_deviation_dB(const SParameters& two_port, const FittedLoss& fit) {
  std::vector<double> deviation;
  deviation.reserve(two_port.frequency_Hz.size());
  for (std::size_t k = 0; k < two_port.frequency_Hz.size(); ++k) {
    const double f = two_port.frequency_Hz[k];
    deviation.push_back(f >= fit.low_Hz && f <= fit.high_Hz
                            ? -20.0 * std::log10(std::abs(two_port.at(k, 1, 0))) - fit.at_dB(f)
                            : std::numeric_limits<double>::quiet_NaN());
  }
  return deviation;
}

double ild_figure_of_merit_dB(std::span<const double> frequency_Hz, std::span<const double> deviation_dB,
                              const IldWeight& weight) {
  require(weight.symbol_rate_Bd > 0.0 && weight.rise_time_s >= 0.0 && weight.receiver_bandwidth_Hz > 0.0,
          fmt::format("FOM_ILD at {} Bd with a rise time of {} s and a receiver bandwidth of {} Hz: rate and "
                      "bandwidth must be above 0, the rise time at least 0",
                      weight.symbol_rate_Bd, weight.rise_time_s, weight.receiver_bandwidth_Hz));
  double sum = 0.0;
  int count = 0;
  for (std::size_t k = 0; k < deviation_dB.size(); ++k) {
    if (!std::isfinite(deviation_dB[k])) continue;
    sum += data_spectrum_weight(frequency_Hz[k], weight.symbol_rate_Bd, weight.rise_time_s,
                                weight.receiver_bandwidth_Hz) *
           deviation_dB[k] * deviation_dB[k];
    ++count;
  }
  require(count > 0, "FOM_ILD needs a deviation; the band of the fit holds no point");
  return std::sqrt(sum / count);
}

}  // namespace photonlink
