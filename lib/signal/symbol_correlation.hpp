/// Correlation of a periodic wave with one number per symbol, over the whole period.
///
///   c[u] = Σ_i w_i x[i M + u],   u = 0 ... n - 1, indices around the period of n = M · n_symbol samples.
/// Each phase u mod M is a correlation of n_symbol numbers by transforms of that length, so none is as long
/// as the wave. Verified against the sum in tests/lib/symbol_correlation_test.cpp.
#pragma once

#include <span>

#include "core/context.hpp"
#include "core/conventions.hpp"

namespace photonlink {

/// @param wave (n_symbol · M), M a whole number of samples per symbol; @param weight (n_symbol).
/// @returns (n). @throws DomainError when the wave is no multiple of the weights.
RealWave correlate_symbols(std::span<const double> wave, std::span<const double> weight, Context& context);

}  // namespace photonlink
