/// Scratch files and reference blocks shared by the network tests.
#pragma once

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <complex>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support.hpp"

namespace photonlink::test {

/// A folder that is removed at the end of the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "photonlink_XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    path_ = pattern;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::string write_gzip(const std::string& name, const std::string& text) const {
    gzFile file = gzopen(path(name).c_str(), "wb9");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path(name);
  }
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Complex numbers `begin`, ..., `begin + count - 1` of a CSV row (frequency, then re, im pairs).
inline std::vector<std::complex<double>> complex_cells(const std::vector<double>& row, std::size_t begin,
                                                       std::size_t count) {
  std::vector<std::complex<double>> cells;
  for (std::size_t i = begin; i < begin + count; ++i)
    cells.emplace_back(row.at(1 + 2 * i), row.at(2 + 2 * i));
  return cells;
}

/// Largest distance of two lists; infinite when their sizes differ.
template <class A, class B>
double largest_difference(const A& a, const B& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

inline std::string channel_path(const std::string& stem) {
  return source_path("examples/microring_vs_copper/channels/" + stem + ".s4p.gz");
}

}  // namespace photonlink::test
