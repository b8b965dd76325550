/// Made-up validation cases in folders of their own.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "devices/registry.hpp"
#include "scratch.hpp"
#include "support.hpp"

namespace photonlink::test {

/// A ring, once plain and once with another Q. Q 3900 at 1310 nm is a linewidth of 58.7 GHz: `width` misses
/// by 8.7 tolerances, `q` passes, `moves` passes, `depth` lies in the band only.
inline const std::string made_up_case = R"(schema = 1
title = "made up"
family = "tests"
citation = "nobody, nowhere"
read = "not at all"

[[link]]
name = "plain"
  [[link.stage]]
  device = "cw_laser"
  name = "laser"
  centre_wavelength = "1310 nm"
  [[link.stage]]
  device = "microring_modulator"
  name = "ring"
  q_loaded = 3900
  detuning_mode = "fixed"
  detuning = "0 Hz"
  shift_per_voltage = "40 pm/V"
  off_resonance_loss = "0 dB"
  ring_spacing = "0 m"
  [link.stage.assumed]
  extinction = { low = "15 dB", high = "25 dB", source = "made up" }

[[link]]
name = "other"
like = "plain"
set = { "ring.extinction" = "20 dB", "ring.coupling" = "over" }
assume = { "ring.q_loaded" = { low = 3000, high = 5000, source = "made up" } }

[[quantity]]
name = "width"
link = "plain"
observable = "linewidth"
role = "identity"
published = "50 GHz"
tolerance = "1 GHz"
reason = "made up"

[[quantity]]
name = "q"
link = "plain"
observable = "q_loaded"
published = 3900
tolerance = 20
reason = "made up"

[[quantity]]
name = "moves"
link = "plain"
observable = "dip_wavelength"
sweep = "drive"
at = ["1 V", "2 V"]
published = ["1310.04 nm", "1310.08 nm"]
tolerance = "0.001 nm"
reason = "made up"

[[quantity]]
name = "depth"
link = "plain"
observable = "dip_depth"
published = "24 dB"
tolerance = "10 %"
reason = "made up"
)";

/// `text` with the first `from` replaced. @throws std::runtime_error when there is none: a test that replaces
/// nothing tests nothing.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == text.npos) throw std::runtime_error("no \"" + from + "\" to replace");
  return text.replace(at, from.size(), to);
}

/// validation folder with one case in it.
class CaseFolder {
 public:
  CaseFolder(std::string name, const std::string& text) : name_(std::move(name)) {
    std::filesystem::create_directory(scratch_.file(name_));
    write("case.toml", text);
  }
  const std::string& folder() const { return scratch_.path(); }
  std::string path(const std::string& file) const { return scratch_.file(name_ + "/" + file); }
  std::string file() const { return path("case.toml"); }
  void write(const std::string& file, const std::string& text) const { std::ofstream(path(file)) << text; }

 private:
  Scratch scratch_;
  std::string name_;
};

}  // namespace photonlink::test
