#include "solvers/block_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "signal/grid.hpp"
#include "solvers/stream/overlap_save.hpp"

namespace photonlink {
namespace {

// The transform of least work per sample that is kept, n log n / (n - length + 1). Those that fill the first
// cache count half: 2^12 complex numbers take 2.5 ns each, longer ones 6 to 7 ns (FFTW, estimated plans).
int transform_size(std::size_t length) {
  constexpr double in_cache = 1 << 12;
  int best = 0;
  double least = INFINITY;
  for (auto size = static_cast<int>(std::bit_ceil(std::max<std::size_t>(2 * length, 64)));
       size <= 1 << 22 && size < 64 * static_cast<int>(length) + 128; size *= 2) {
    const double work = size * std::log2(size) * (size > in_cache ? 2.0 : 1.0) /
                        (static_cast<double>(size) - static_cast<double>(length) + 1.0);
    if (work < least) best = size;
    least = std::min(least, work);
  }
  return best;
}

}  // namespace

BlockFilter::BlockFilter(std::span<const Complex> impulse, long begin, Context& context)
    : begin_(begin),
      length_(impulse.size()),
      context_(context),
      fft_(context.fft(transform_size(impulse.size()))),
      response_(impulse.begin(), impulse.end()) {
  response_.resize(static_cast<std::size_t>(fft_.size()), 0.0);
  fft_.forward(std::span(response_));
}

template <class Wave, class Filter>
void BlockFilter::run(Wave& wave, Filter filter) const {
  const std::size_t size = wave.size(), block = static_cast<std::size_t>(fft_.size());
  require(size >= length_, fmt::format("filter: a response of {} samples on a period of {}", length_, size));
  const std::size_t piece = block - length_ + 1, pieces = (size + piece - 1) / piece;
  Wave result(size);
  parallel_for(pieces, context_, [&](std::size_t p) {
    const std::size_t first = p * piece, count = std::min(piece, size - first);
    Wave part(block);
    // Sample 0 of the block is the oldest one that its first kept sample needs.
    auto at = static_cast<std::size_t>(
        wrap(static_cast<long>(first) - begin_ - static_cast<long>(length_) + 1, static_cast<long>(size)));
    for (std::size_t done = 0; done < block;) {
      const std::size_t run = std::min(block - done, size - at);
      std::copy_n(wave.begin() + static_cast<long>(at), run, part.begin() + static_cast<long>(done));
      done += run;
      at = 0;
    }
    filter(part);
    std::copy_n(part.begin() + static_cast<long>(length_ - 1), count,
                result.begin() + static_cast<long>(first));
  });
  wave = std::move(result);
}

void BlockFilter::apply(RealWave& wave) const {
  run(wave, [&](RealWave& part) {
    std::vector<Complex> spectrum(part.size() / 2 + 1);
    fft_.forward(part, spectrum);
    multiply_spectra(spectrum, response_, spectrum);
    fft_.inverse(spectrum, part);
  });
}

void BlockFilter::apply(ComplexWave& wave) const {
  run(wave, [&](ComplexWave& part) {
    fft_.forward(std::span(part));
    multiply_spectra(part, response_, part);
    fft_.inverse(std::span(part));
  });
}

}  // namespace photonlink
