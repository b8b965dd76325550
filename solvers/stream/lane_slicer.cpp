#include "solvers/stream/lane_slicer.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "signal/pam6.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

constexpr long points = 8;            // of the interpolation
constexpr long jitter_symbols = 256;  // of one sign of the deterministic jitter
constexpr double most_sigmas = 9.5;   // random numbers end at 9.4 sigma

// Σ_k wave[k] Π_{m != k} (t - m) / (k - m), nodes 0 ... 7, t in [3, 4).
double lagrange(const double* wave, double t) {
  static constexpr double factor[points] = {-1.0 / 5040, 1.0 / 720, -1.0 / 240, 1.0 / 144,
                                            -1.0 / 144,  1.0 / 240, -1.0 / 720, 1.0 / 5040};
  double below[points], above[points];
  below[0] = above[points - 1] = 1.0;
  for (long k = 1; k < points; ++k) below[k] = below[k - 1] * (t - static_cast<double>(k - 1));
  for (long k = points - 1; k > 0; --k) above[k - 1] = above[k] * (t - static_cast<double>(k));
  double sum = 0.0;
  for (long k = 0; k < points; ++k) sum += wave[k] * (below[k] * above[k] * factor[k]);
  return sum;
}

}  // namespace

LaneSlicer::LaneSlicer(const LaneModel& lane, std::vector<double> amplitude, long lag, double mean,
                       FeedbackSymbols feedback)
    : in_(lane.inputs()),
      amplitude_(std::move(amplitude)),
      thresholds_(lane.thresholds()),
      lag_(lag),
      mean_(mean),
      feedback_(feedback),
      half_samples_(0.5 * in_.deterministic_jitter_UI * in_.grid.samples_per_symbol),
      jitter_samples_(in_.sampling_jitter_UI * in_.grid.samples_per_symbol) {
  if (in_.detector == Detector::mlse) viterbi_.emplace(amplitude_, in_.equalizer.dfe);
}

void LaneSlicer::restart(std::uint64_t seed, std::uint64_t source, std::uint64_t segment,
                         double noise_scale) {
  seed_ = seed;
  source_ = source;
  segment_ = segment;
  noise_scale_ = noise_scale;
  wave_begin_ = 0;
  wave_.clear();
  plus_.clear();
  minus_.clear();
}

double LaneSlicer::interpolate(double position) const {
  const double base = std::floor(position);
  const long first = static_cast<long>(base) - 3 - wave_begin_;
  if (position == base) return wave_[static_cast<std::size_t>(first) + 3] - mean_;
  return lagrange(wave_.data() + first, position - base + 3.0) - mean_;
}

// Curve of the amplifier, then noise of the converter, clipping, and rounding to the middle of its steps,
// which grow with the noise as in the semi-analytic solver. Without noise there is no converter.
double LaneSlicer::convert(double sample, double draw) const {
  sample = in_.adc.curve(sample);
  if (noise_scale_ == 0.0) return sample;
  const double step = in_.adc.step * noise_scale_;
  const double inside = in_.adc.limit * (1.0 - 1e-12);  // the outermost code lies half a step within
  sample = std::clamp(sample + in_.adc.sigma * noise_scale_ * draw, -inside, inside);
  return step > 0.0 ? step * (std::floor(sample / step) + 0.5) : sample;
}

void LaneSlicer::push(std::span<const double> block) {
  wave_.insert(wave_.end(), block.begin(), block.end());
  const long end = wave_begin_ + static_cast<long>(wave_.size()), samples = in_.grid.samples_per_symbol;
  const double sigma = jitter_samples_ * noise_scale_;
  const long reach = static_cast<long>(half_samples_ + most_sigmas * sigma) + points;
  const long first = sampled(), last = (end - reach - lag_ - 1) / samples;  // one past the last symbol
  if (last <= first) return;
  draws_.assign(static_cast<std::size_t>(last - first), 0.0);
  if (sigma > 0.0) RandomStream(seed_, source_, segment_).normal(static_cast<std::uint64_t>(first), draws_);
  converter_draws_.assign(draws_.size(), 0.0);
  if (in_.adc.sigma > 0.0)
    RandomStream(seed_, source_ + source_number("converter noise"), segment_)
        .normal(static_cast<std::uint64_t>(first), converter_draws_);
  for (long i = first; i < last; ++i) {
    const long at = i * samples + lag_;
    const double noise = converter_draws_[static_cast<std::size_t>(i - first)];
    const bool inside = at >= wave_begin_ + reach;  // not in the first symbols of a segment
    const double position = static_cast<double>(at) + sigma * draws_[static_cast<std::size_t>(i - first)];
    plus_.push_back(inside ? convert(interpolate(position + half_samples_), noise) : 0.0);
    if (half_samples_ > 0.0)
      minus_.push_back(inside ? convert(interpolate(position - half_samples_), noise) : 0.0);
  }
  const long keep = std::clamp(last * samples + lag_ - reach, wave_begin_, end);
  wave_.erase(wave_.begin(), wave_.begin() + (keep - wave_begin_));
  wave_begin_ = keep;
}

void LaneSlicer::draw_signs(long symbols) {
  sign_.resize(static_cast<std::size_t>(symbols / (2 * jitter_symbols) + 1));
  RandomStream(seed_, source_ + 1, segment_).integers(0, 2, sign_);
}

const std::vector<double>& LaneSlicer::samples_of(long i) const {
  if (minus_.empty()) return plus_;
  const long stretch = i / jitter_symbols;
  const bool positive = (sign_[static_cast<std::size_t>(stretch / 2)] + stretch) % 2 == 0;
  return positive ? plus_ : minus_;
}

double LaneSlicer::feed_forward(const std::vector<double>& x, long i) const {
  const double* latest = x.data() + i + in_.equalizer.ffe_pre;
  double y = 0.0;
  for (std::size_t j = 0; j < in_.equalizer.ffe.size(); ++j)
    y += in_.equalizer.ffe[j] * latest[-static_cast<long>(j)];
  return y;
}

long LaneSlicer::count_errors(std::span<const int> sent, long guard, long first, long last) {
  draw_signs(last + sequence_guard);
  if (viterbi_) return count_sequence_errors(*viterbi_, sent.data() + guard, first, last);
  const auto& dfe = in_.equalizer.dfe;
  const bool decided = feedback_ == FeedbackSymbols::decided;
  const int* symbol = sent.data() + guard;
  decided_.assign(symbol, symbol + last);
  long errors = 0;
  for (long i = first; i < last; ++i) {
    double y = feed_forward(samples_of(i), i);
    const int* past = decided ? decided_.data() : symbol;
    for (std::size_t m = 0; m < dfe.size(); ++m)
      y -= dfe[m] * amplitude_[static_cast<std::size_t>(past[i - 1 - static_cast<long>(m)])];
    int level = 0;
    for (const double threshold : thresholds_) level += y > threshold;
    if (level == symbol[i]) continue;
    decided_[static_cast<std::size_t>(i)] = level;
    if (in_.levels != 6) errors += bit_errors(symbol[i], level);
  }
  return in_.levels == 6 ? pair_errors(symbol, first, last) : errors;
}

// Bits of PAM6 are those of pairs.
long LaneSlicer::pair_errors(const int* symbol, long first, long last) const {
  long errors = 0;
  for (long i = first; i + 1 < last; i += 2) {
    const auto at = static_cast<std::size_t>(i);
    errors += pam6_pair_errors({symbol[i], symbol[i + 1]}, {decided_[at], decided_[at + 1]});
  }
  return errors;
}

long LaneSlicer::count_sequence_errors(ViterbiDetector& viterbi, const int* symbol, long first, long last) {
  const long begin = first - sequence_guard, end = last + sequence_guard;
  equalized_.clear();
  for (long i = begin; i < end; ++i) equalized_.push_back(feed_forward(samples_of(i), i));
  decided_.clear();
  viterbi.restart();
  viterbi.push(equalized_, decided_);
  viterbi.finish(decided_);
  long errors = 0;
  for (long i = first; i < last; ++i)
    errors += bit_errors(symbol[i], decided_[static_cast<std::size_t>(i - begin)]);
  return errors;
}

double LaneSlicer::mean_square_error(std::span<const int> sent, long guard, long first, long last) {
  draw_signs(last);
  const int* symbol = sent.data() + guard;
  double sum = 0.0;
  for (long i = first; i < last; ++i) {
    double y = feed_forward(samples_of(i), i) - amplitude_[static_cast<std::size_t>(symbol[i])];
    for (std::size_t m = 0; m < in_.equalizer.dfe.size(); ++m)
      y -= in_.equalizer.dfe[m] * amplitude_[static_cast<std::size_t>(symbol[i - 1 - static_cast<long>(m)])];
    sum += y * y;
  }
  return sum / static_cast<double>(last - first);
}

}  // namespace photonlink
