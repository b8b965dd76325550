#include "solvers/stream/multiplied_draws.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/special.hpp"
#include "signal/fft.hpp"

namespace photonlink {
namespace {

constexpr std::uint64_t numbers_of_draw = 64;  // of uniform numbers set aside for each sample
constexpr double most_whole = 1 << 14;
constexpr double reach_sigmas = 12.0, tail_folds = 40.0;

// Uniform numbers of one sample, in pieces.
class Uniforms {
 public:
  Uniforms(const RandomStream& stream, std::uint64_t number)
      : stream_(stream), next_(number * numbers_of_draw) {}
  double operator()() {
    if (at_ == piece_.size()) {
      stream_.uniform(next_, piece_);
      next_ += piece_.size();
      at_ = 0;
    }
    return piece_[at_++];
  }

 private:
  const RandomStream& stream_;
  std::uint64_t next_;
  std::array<double, 8> piece_{};
  std::size_t at_ = 8;
};

}  // namespace

MultipliedDraws::Table::Table(std::span<const double> probability)
    : keep_(probability.size()), alias_(probability.size()) {
  const double count = static_cast<double>(probability.size()),
               total = std::accumulate(probability.begin(), probability.end(), 0.0);
  std::vector<int> small, large;
  for (std::size_t i = 0; i < keep_.size(); ++i) {
    keep_[i] = probability[i] / total * count;
    alias_[i] = static_cast<int>(i);
    (keep_[i] < 1.0 ? small : large).push_back(static_cast<int>(i));
  }
  while (!small.empty() && !large.empty()) {
    const auto low = static_cast<std::size_t>(small.back()), high = static_cast<std::size_t>(large.back());
    small.pop_back();
    alias_[low] = static_cast<int>(high);
    keep_[high] -= 1.0 - keep_[low];
    if (keep_[high] >= 1.0) continue;
    large.pop_back();
    small.push_back(static_cast<int>(high));
  }
  // What rounding leaves over is whole.
  for (const int each : small) keep_[static_cast<std::size_t>(each)] = 1.0;
  for (const int each : large) keep_[static_cast<std::size_t>(each)] = 1.0;
}

double MultipliedDraws::Table::operator()(double uniform) const {
  const double place = uniform * static_cast<double>(keep_.size());
  const auto column = std::min(static_cast<std::size_t>(place), keep_.size() - 1);
  return place - static_cast<double>(column) < keep_[column] ? static_cast<double>(column)
                                                             : static_cast<double>(alias_[column]);
}

MultipliedDraws::MultipliedDraws(const GainLaw& law)
    : law_(law), gain_(gain_probabilities(law)), single_(std::make_unique<Table>(gain_)) {}

const MultipliedDraws::Table& MultipliedDraws::total_of(int doublings) {
  auto& entry = total_[static_cast<std::size_t>(doublings)];
  if (entry) return *entry;
  const double mean = std::exp2(doublings);
  const double reach = mean * law_.gain + reach_sigmas * std::sqrt(mean * gain_moments(law_).second) +
                       tail_folds / largest_argument(law_);
  const auto size =
      std::bit_ceil(static_cast<std::size_t>(std::max(reach, static_cast<double>(gain_.size()))));
  const Fft fft(static_cast<int>(size));
  RealWave wave(size, 0.0);
  std::copy(gain_.begin(), gain_.end(), wave.begin());
  std::vector<Complex> spectrum(size / 2 + 1);
  fft.forward(wave, spectrum);
  for (Complex& each : spectrum) each = std::exp(mean * (each - 1.0));
  fft.inverse(spectrum, wave);
  for (double& each : wave) each = std::max(each, 0.0);  // of rounding
  entry = std::make_unique<Table>(wave);
  return *entry;
}

double MultipliedDraws::draw(double primaries, const RandomStream& stream, std::uint64_t number) {
  if (primaries <= 0.0) return 0.0;
  Uniforms uniform(stream, number);
  double sum = 0.0, left = primaries;
  if (left > most_whole) {
    const double beyond = std::floor(left - most_whole);
    sum +=
        beyond * law_.gain - std::sqrt(beyond * gain_moments(law_).second) * inverse_gaussian_tail(uniform());
    left -= beyond;
  }
  auto whole = static_cast<long>(left);
  left -= static_cast<double>(whole);
  for (; whole >= 1L << most_doublings; whole -= 1L << most_doublings)
    sum += total_of(most_doublings)(uniform());
  for (int j = 0; j < most_doublings; ++j)
    if ((whole >> j & 1) != 0) sum += total_of(j)(uniform());
  // The rest, below one carrier on average.
  double probability = std::exp(-left), below = probability;
  const double place = uniform();
  for (int count = 1; place > below && count < 20; ++count) {
    probability *= left / count;
    below += probability;
    sum += (*single_)(uniform());
  }
  return sum - primaries * law_.gain;
}

}  // namespace photonlink
