#include "solvers/equalized_noise.hpp"

#include "signal/averages.hpp"
#include "signal/grid.hpp"

namespace photonlink {

double NoiseVariance::mean() const {
  return photonlink::mean(value);
}

std::vector<NoiseVariance> equalized_noise(const std::vector<NoiseCovariance>& covariance,
                                           const Equalizer& equalizer, int symbols,
                                           std::span<const double> slope) {
  std::vector<NoiseVariance> result;
  result.reserve(covariance.size());
  const int taps = static_cast<int>(equalizer.ffe.size());
  for (const NoiseCovariance& c : covariance) {
    NoiseVariance variance{.label = c.label, .scaling = c.scaling, .value = {}};
    variance.moves_edges = c.moves_edges;
    variance.bounded = c.bounded;
    const long rows = c.stationary() && slope.empty() ? 1 : symbols;
    const auto place = [&](long i) { return i >= 0 && i < rows ? i : wrap(i, rows); };
    const auto slope_of = [&](long i) {
      return slope.empty() ? 1.0 : slope[static_cast<std::size_t>(place(i))];
    };
    variance.value.reserve(static_cast<std::size_t>(rows));
    for (long i = 0; i < rows; ++i) {
      double sum = 0.0;
      for (int late = 0; late < taps; ++late) {  // tap `late` reads the later symbol i + pre - late
        for (int early = late; early < taps; ++early) {
          const double pair = (early == late ? 1.0 : 2.0) * equalizer.ffe[static_cast<std::size_t>(late)] *
                              equalizer.ffe[static_cast<std::size_t>(early)];
          const double curve =
              slope_of(i + equalizer.ffe_pre - late) * slope_of(i + equalizer.ffe_pre - early);
          sum += pair * curve * c.at(place(i + equalizer.ffe_pre - early), early - late);
        }
      }
      variance.value.push_back(sum);
    }
    result.push_back(std::move(variance));
  }
  return result;
}

std::vector<double> mean_covariance(const NoiseCovariance& covariance, std::span<const double> slope) {
  if (slope.empty()) return covariance.mean();
  const long symbols = static_cast<long>(slope.size());
  std::vector<double> sum(static_cast<std::size_t>(covariance.lags + 1), 0.0);
  for (long i = 0; i < symbols; ++i)
    for (int lag = 0; lag <= covariance.lags; ++lag)
      sum[static_cast<std::size_t>(lag)] += covariance.at(i, lag) * slope[static_cast<std::size_t>(i)] *
                                            slope[static_cast<std::size_t>((i + lag) % symbols)];
  for (double& each : sum) each /= static_cast<double>(symbols);
  return sum;
}

std::vector<double> autocovariance(std::span<const double> x, int lags) {
  std::vector<double> result(static_cast<std::size_t>(lags + 1), 0.0);
  const std::size_t count = x.size();
  for (std::size_t lag = 0; lag < result.size(); ++lag) {
    for (std::size_t i = 0; i < count; ++i) result[lag] += x[i] * x[(i + lag) % count];
    result[lag] /= static_cast<double>(count);
  }
  return result;
}

}  // namespace photonlink
