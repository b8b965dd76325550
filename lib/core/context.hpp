/// What travels through every solver call instead of globals: plan cache, thread count, cancellation,
/// progress.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace photonlink {

class Fft;

class Context {
 public:
  explicit Context(int threads = 1);
  ~Context();
  /// Plans for `size`, made once. Safe from several threads.
  const Fft& fft(int size);
  int threads() const { return threads_; }
  /// Called with a short text and a fraction in [0, 1]; empty: silent.
  std::function<void(const std::string&, double)> progress;

 private:
  int threads_;
  std::mutex mutex_;
  std::map<int, std::unique_ptr<Fft>> plans_;
};

}  // namespace photonlink
