/// Maximum-likelihood sequence detection by the Viterbi algorithm \cite Forney1972.
///
/// Samples behind the FFE are y_i = a(s_i) + Σ_{m=1..ν} g_m a(s_{i-m}) + n_i with the target 1 + Σ g_m D^m
/// and the amplitudes a(s) of the L levels. The detector returns the sequence of least Σ (y_i - target)², the
/// likeliest one when n is white and Gaussian. Its target is what a DFE of ν taps would subtract:
/// solve_equalizer() with dfe_taps = ν minimises the same error, and its n is white as far as the FFE
/// reaches.
///
/// State: the last ν levels, L^ν of them. Each keeps the best path into it; decisions are read off the best
/// state `mlse_depth` symbols late, where paths have merged (for 1 + D on four levels two paths still differ
/// with probability (3/4)^128 = 1e-16). Metrics are ½ (y - target)² without the part ½ y² that all paths
/// share. With b = a(oldest) g_ν and u the target of the other levels of a branch they are
///   (½ b² - y b) + u b + (½ u² - y u),
/// so that a branch costs one multiplication and addition; from 8 states behind each oldest level on, eight
/// states move together (bench/receiver_bench.cpp). Nothing is allocated after construction except in
/// `decided`, when its capacity is too small. Verified against the search of all sequences, and by counted
/// errors against mlse_analysis.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace photonlink {

inline constexpr int mlse_depth = 128;

class ViterbiDetector {
 public:
  /// @param amplitude of the levels, ascending, 2 or 4. @param target g_1 ... g_ν, ν >= 1 and L^ν <= 1024.
  /// @throws DomainError otherwise.
  ViterbiDetector(std::span<const double> amplitude, std::span<const double> target);

  /// Forgets everything; the levels in front of the next sample are unknown.
  void restart();
  /// Takes samples in order and appends the decisions that have become final.
  void push(std::span<const double> sample, std::vector<int>& decided);
  /// Appends the decisions that are left; restart() before the next sample.
  void finish(std::vector<int>& decided);
  int states() const { return states_; }

 private:
  void run(std::span<const double> sample);
  void trace_back(long keep, std::vector<int>& decided);

  int levels_, states_ = 1, rest_ = 1;   // rest: states of all levels but the oldest
  std::vector<double> recent_;           // (newest level, rest) u
  std::array<double, 4> oldest_part_{};  // (oldest level) b
  std::vector<double> metric_, next_;
  std::vector<std::uint8_t>
      oldest_;  // (n_step, newest level, rest) level that left the state on the best path
  std::vector<int> path_;
  long steps_ = 0;  // held in `oldest_`
};

}  // namespace photonlink
