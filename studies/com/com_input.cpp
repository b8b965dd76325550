#include "studies/com/com_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/quantity.hpp"
#include "network/physicality.hpp"
#include "solvers/channel_measures.hpp"
#include "studies/channel/channel_paths.hpp"

namespace photonlink {
namespace {

using Kind = com::Path::Kind;

// Asked for by the tables of the clauses that use Annex 93A (f_min, Δf).
constexpr double latest_start_Hz = 50e6, widest_step_Hz = 10e6;
constexpr std::size_t least_points = 52;  // as solvers/com/impulse_response.cpp needs them
constexpr double passive_slack = 1e-3;    // rounding of files with few digits

std::string hertz(double frequency_Hz) {
  return format_quantity(frequency_Hz, Quantity::frequency);
}

/// @throws ConfigError when the through path is none: at no point more than -120 dB.
void require_signal(const std::string& file, const SParameters& all, const SParameters& differential,
                    const PortMap& map) {
  constexpr double least_gain = 1e-6;
  for (std::size_t k = 0; k < differential.frequency_Hz.size(); ++k)
    if (std::abs(differential.at(k, 1, 0)) > least_gain) return;
  const std::string doubt = port_map_problem(check_port_map(all, map), map);
  throw ConfigError(fmt::format("{}: passes nothing from ports {}, {} to ports {}, {}; {}", file, map[0],
                                map[1], map[2], map[3],
                                doubt.empty() ? "correct --port-map or the file" : doubt));
}

class ChannelReader {
 public:
  ChannelReader(const ComRequest& request, const com::Signal& signal, Context& context)
      : request_(request), context_(context), symbol_rate_Bd_(signal.symbol_rate_Bd) {}

  ComInput read() {
    add(request_.through, Kind::through);
    for (const std::string& file : request_.fext) add(file, Kind::fext);
    for (const std::string& file : request_.next) add(file, Kind::next);
    problems_.raise();
    const SParameters& through = input_.paths.front().differential;
    for (std::size_t i = 1; i < input_.paths.size(); ++i) {
      com::Path& path = input_.paths[i];
      warn_if_exchanged(path.differential, path.name, through, request_.through, input_.warnings);
      input_.files[i].interpolated =
          bring_to_points(path.differential, path.name, through.frequency_Hz, input_.warnings);
    }
    return std::move(input_);
  }

 private:
  void add(const std::string& file, Kind kind) {
    problems_.attempt([&] {
      const SParameters all = read_channel_file(file);
      const SParameters differential = differential_path(all, file, request_.port_map);
      require_points(all, file, least_points);
      if (kind == Kind::through) {
        require_signal(file, all, differential, request_.port_map);
        find_wires(all, file, request_.port_map, input_.warnings);
      }
      add_network(file, kind, differential);
      if (kind == Kind::through) check_causality(file, differential);
    });
  }

  void warn(const std::string& file, const std::string& text) {
    input_.warnings.push_back(fmt::format("{}: {}", file, text));
  }

  void add_network(const std::string& file, Kind kind, SParameters differential) {
    const auto& f = differential.frequency_Hz;
    const double nyquist_Hz = 0.5 * symbol_rate_Bd_;
    input_.files.push_back({file, kind, static_cast<int>(f.size()), f.front(), f.back(),
                            insertion_loss_dB(differential, std::vector{nyquist_Hz}).front()});
    check_grid(file, f);
    if (const double gain = passivity(differential); gain > 1.0 + passive_slack)
      warn(file, fmt::format(
                     "is not passive: its differential 2-port gives out up to {:.4f} times the amplitude it "
                     "takes in; measure or export it again",
                     gain));
    input_.paths.push_back({kind, file, std::move(differential)});
  }

  void check_causality(const std::string& file, const SParameters& differential) {
    constexpr double most_dB = -40.0;  // as channel_report takes it
    const CausalityFinding found = find_causality(differential, 1, 0, context_);
    if (found.early_energy_dB > most_dB)
      warn(file,
           fmt::format("is not causal: {:.1f} dB of the energy of Sdd21 arrive before the time of flight of "
                       "{}; export it again with smaller steps, or mend it with photonlink channel --enforce "
                       "causality --write",
                       found.early_energy_dB, format_quantity(found.time_of_flight_s, Quantity::time)));
  }

  void check_grid(const std::string& file, const std::vector<double>& f) {
    if (f.back() < symbol_rate_Bd_)
      warn(file, fmt::format("ends at {}, below the symbol rate of {}; the response above is extrapolated",
                             hertz(f.back()), format_quantity(symbol_rate_Bd_, Quantity::symbol_rate)));
    if (f.front() > latest_start_Hz)
      warn(file, fmt::format("starts at {}, above {}; the response below is extrapolated", hertz(f.front()),
                             hertz(latest_start_Hz)));
    double narrowest = HUGE_VAL, widest = 0.0;
    for (std::size_t k = 1; k < f.size(); ++k) {
      narrowest = std::min(narrowest, f[k] - f[k - 1]);
      widest = std::max(widest, f[k] - f[k - 1]);
    }
    constexpr double rounding = 1e-6;  // of frequencies written with few digits
    if (widest > widest_step_Hz * (1.0 + rounding))
      warn(file, fmt::format(
                     "has steps of up to {}, above {}: reflections later than {} fold back; export it with a "
                     "finer step",
                     hertz(widest), hertz(widest_step_Hz), format_quantity(1.0 / widest, Quantity::time)));
    if (widest > narrowest * 1.01)
      warn(file,
           fmt::format("has uneven steps, {} to {}; the step at its start sets the length of the responses",
                       hertz(narrowest), hertz(widest)));
  }

  const ComRequest& request_;
  Context& context_;
  double symbol_rate_Bd_;
  ComInput input_;
  FileProblems problems_;
};

}  // namespace

const char* kind_name(Kind kind) {
  return kind == Kind::through ? "through" : kind == Kind::fext ? "fext" : "next";
}

ComInput read_com_channels(const ComRequest& request, const com::Signal& signal, Context& context) {
  return ChannelReader(request, signal, context).read();
}

}  // namespace photonlink
