#include "solvers/com/mmse.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/com/figure_of_merit.hpp"

namespace photonlink::com {

MmseSolver::MmseSolver(const Ffe& ffe, const Dfe& dfe, double level_mismatch_ratio, int levels)
    : ffe_(ffe),
      taps_(ffe.pre + 1 + ffe.post),
      dfe_taps_(dfe.taps),
      power_(symbol_power(levels)),
      level_mismatch_ratio_(level_mismatch_ratio),
      levels_(levels),
      factor_(taps_) {
  for (Eigen::VectorXd* each : {&w_, &right_, &u_, &v_, &h0_, &wmin_, &wmax_}) each->resize(taps_);
  for (Eigen::VectorXd* each : {&lower_, &upper_, &b_, &blimited_}) each->resize(dfe_taps_);
  r_.resize(taps_, taps_);
  reduced_.resize(taps_, taps_);
  hb_.resize(dfe_taps_, taps_);
  for (int n = 0; n < dfe_taps_; ++n) {
    lower_(n) = limit_at(dfe.minimum, static_cast<std::size_t>(n));
    upper_(n) = limit_at(dfe.maximum, static_cast<std::size_t>(n));
  }
  wmax_.setConstant(ffe.limit);
  if (ffe.pre > 0) wmax_(ffe.pre - 1) = ffe.first_pre_limit;
  if (ffe.post > 0) wmax_(ffe.pre + 1) = ffe.first_post_limit;
  wmin_ = -wmax_;
  wmax_(ffe.pre) = wmin_(ffe.pre) = 1.0;
  solution_.ffe.resize(static_cast<std::size_t>(taps_));
  solution_.dfe.resize(static_cast<std::size_t>(dfe_taps_));
}

const MmseSolution& MmseSolver::solve(std::span<const double> h, long cursor, std::span<const double> noise) {
  const long n = static_cast<long>(h.size());
  const auto sample = [&](long i) { return i >= 0 && i < n ? h[static_cast<std::size_t>(i)] : 0.0; };
  for (int lag = 0; lag < taps_; ++lag) {
    const long overlap = std::max(0L, n - lag);
    const Eigen::Map<const Eigen::VectorXd> early(h.data(), overlap), late(h.data() + (n - overlap), overlap);
    const double correlation = early.dot(late) + noise[static_cast<std::size_t>(lag)] / power_;
    for (int i = 0; i + lag < taps_; ++i) r_(i, i + lag) = r_(i + lag, i) = correlation;
  }
  const long row = cursor + ffe_.pre;  // of the cursor behind the FFE
  for (int j = 0; j < taps_; ++j) {
    h0_(j) = sample(row - j);
    for (int m = 0; m < dfe_taps_; ++m) hb_(m, j) = sample(row + 1 + m - j);
  }
  // w = u + λ v, λ from h_0 w = 1.
  const auto constrained = [&] {
    u_ = factor_.solve(right_);
    v_ = factor_.solve(h0_);
    w_ = u_ + (1.0 - h0_.dot(u_)) / h0_.dot(v_) * v_;
  };
  reduced_ = r_;
  reduced_.noalias() -= hb_.transpose() * hb_;
  factor_.compute(reduced_);
  right_ = h0_;
  constrained();
  b_.noalias() = hb_ * w_;
  blimited_ = b_.cwiseMax(lower_).cwiseMin(upper_);
  if (blimited_ != b_) {
    factor_.compute(r_);
    right_ = h0_;
    right_.noalias() += hb_.transpose() * blimited_;
    constrained();
  }
  clip_ffe();
  u_.noalias() = r_ * w_;
  b_.noalias() = hb_ * w_;
  const double error =
      power_ * (w_.dot(u_) + 1.0 + blimited_.squaredNorm() - 2.0 * w_.dot(h0_) - 2.0 * b_.dot(blimited_));
  solution_.merit_dB = 20.0 * std::log10(level_mismatch_ratio_ / (levels_ - 1) / std::sqrt(error));
  for (int j = 0; j < taps_; ++j) solution_.ffe[static_cast<std::size_t>(j)] = w_(j) / w_(ffe_.pre);
  for (int m = 0; m < dfe_taps_; ++m) solution_.dfe[static_cast<std::size_t>(m)] = blimited_(m);
  return solution_;
}

void MmseSolver::clip_ffe() {
  const double main = w_(ffe_.pre);
  u_ = w_.cwiseMax(wmin_ * main).cwiseMin(wmax_ * main);
  if (u_ == w_) return;
  w_ = u_ / h0_.dot(u_);
  b_.noalias() = hb_ * w_;
  blimited_ = b_.cwiseMax(lower_).cwiseMin(upper_);
}

}  // namespace photonlink::com
