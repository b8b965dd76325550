#include "studies/link_table.hpp"

namespace photonlink {
namespace {

// Lengths with a primitive polynomial in ITU-T O.150 or IEEE 802.3, 17 between them, and de Bruijn orders
// short enough to simulate.
std::vector<std::string_view> pattern_words() {
  return {"auto",       "PRBS7",      "PRBS9",      "PRBS11",     "PRBS13",     "PRBS15",
          "PRBS17",     "PRBS23",     "PRBS31",     "PRBS13Q",    "PRBS17Q",    "deBruijn5",
          "deBruijn6",  "deBruijn7",  "deBruijn8",  "deBruijn9",  "deBruijn10", "deBruijn11",
          "deBruijn12", "deBruijn13", "deBruijn14", "deBruijn15", "deBruijn16"};
}

}  // namespace

template <>
const ParameterTable<LinkSpec>& parameter_table<LinkSpec>() {
  using L = LinkSpec;
  static const ParameterTable<L> table{
      {.name = "title", .doc = "Name of the link shown to people.", .member = &L::title},
      {.name = "description", .doc = "What the link is and where it comes from.", .member = &L::description},
      {.name = "modulation",
       .doc = "Line code.",
       .member = &L::modulation,
       .choices = {"NRZ", "PAM4", "PAM6"}},
      {.name = "symbol_rate",
       .doc = "Symbols per second of one lane.",
       .unit = Quantity::symbol_rate,
       .member = &L::symbol_rate_Bd,
       .lower = 1e6,
       .upper = 1e12},
      {.name = "lanes", .doc = "Lanes that share the medium.", .member = &L::lanes, .lower = 1, .upper = 128},
      {.name = "pattern",
       .doc = "Periodic symbol pattern; auto lets the solver choose.",
       .member = &L::pattern,
       .choices = pattern_words()},
      {.name = "samples_per_symbol",
       .doc = "Samples of the waveform per symbol.",
       .member = &L::samples_per_symbol,
       .lower = 8,
       .upper = 64},
      {.name = "fec",
       .doc = "Forward error correction.",
       .member = &L::fec,
       .choices = {"none", "RS(528,514)", "RS(544,514)"}},
      {.name = "target_ber",
       .doc = "Bit error ratio to reach, behind the FEC if there is one.",
       .member = &L::target_ber,
       .lower = 1e-18,
       .upper = 0.1},
      {.name = "predistortion",
       .doc = "PAM4 drive levels: none, even; static, such that the settled levels of light are even.",
       .member = &L::predistortion,
       .choices = {"none", "static"}},
  };
  return table;
}

template <>
const ParameterTable<OperatingPointGoal>& parameter_table<OperatingPointGoal>() {
  using G = OperatingPointGoal;
  static const ParameterTable<G> table{
      {.name = "goal",
       .doc = "What the parameters under `vary` are chosen for.",
       .member = &G::goal,
       .choices = {"none", "largest_margin", "least_energy"}},
      {.name = "margin",
       .doc = "Margin to hold with least_energy: optical loss, or noise on copper.",
       .unit = Quantity::gain,
       .member = &G::margin_dB,
       .lower = 0.0,
       .upper = 30.0},
  };
  return table;
}

}  // namespace photonlink
