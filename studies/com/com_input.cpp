#include "studies/com/com_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "network/touchstone.hpp"
#include "solvers/channel_measures.hpp"

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

/// Ports of the map on the file's own reference.
SParameters four_ports(const std::string& file, const PortMap& map) {
  const SParameters all = read_touchstone(file);
  const int highest = *std::max_element(map.begin(), map.end());
  if (all.ports < highest)
    throw ConfigError(
        fmt::format("{}: port map {} names port {}, but the file has ports [1, {}]; correct --port-map "
                    "or give the .s4p file",
                    file, port_map_text(map), highest, all.ports));
  if (all.frequency_Hz.size() < least_points)
    throw ConfigError(
        fmt::format("{}: has {} points, at least {} are needed; export it with steps of {} or less", file,
                    all.frequency_Hz.size(), least_points, hertz(widest_step_Hz)));
  return select_ports(all, map);
}

/// @throws ConfigError when the through path is none: at no point more than -120 dB.
void require_signal(const std::string& file, const SParameters& differential, const PortMap& map,
                    const std::string& doubt) {
  constexpr double least_gain = 1e-6;
  for (std::size_t k = 0; k < differential.frequency_Hz.size(); ++k)
    if (std::abs(differential.at(k, 1, 0)) > least_gain) return;
  throw ConfigError(fmt::format("{}: passes nothing from ports {}, {} to ports {}, {}; {}", file, map[0],
                                map[1], map[2], map[3],
                                doubt.empty() ? "correct --port-map or the file" : doubt));
}

class ChannelReader {
 public:
  ChannelReader(const ComRequest& request, const com::Signal& signal)
      : request_(request),
        symbol_rate_Bd_(signal.symbol_rate_Bd),
        samples_per_symbol_(signal.samples_per_symbol) {}

  ComInput read() {
    add(request_.through, Kind::through);
    for (const std::string& file : request_.fext) add(file, Kind::fext);
    for (const std::string& file : request_.next) add(file, Kind::next);
    if (unreadable_) throw IoError(problems_);
    if (!problems_.empty()) throw ConfigError(problems_);
    for (std::size_t i = 1; i < input_.paths.size(); ++i) join(i);
    return std::move(input_);
  }

 private:
  void add(const std::string& file, Kind kind) {
    try {
      const SParameters four = four_ports(file, request_.port_map);
      const SParameters differential = mixed_mode(four).dd;
      if (kind == Kind::through) {
        require_resolution(four.frequency_Hz);
        const std::string doubt = port_map_doubt(four);
        require_signal(file, differential, request_.port_map, doubt);
        if (!doubt.empty())
          warn(file, doubt + "; the results mean nothing unless the map is meant, give --port-map");
      }
      add_network(file, kind, differential);
    } catch (const IoError& error) {
      note_problem(error.what());
      unreadable_ = true;
    } catch (const Error& error) {
      note_problem(error.what());
    }
  }

  void note_problem(const std::string& text) { problems_ += (problems_.empty() ? "" : "\n") + text; }

  void warn(const std::string& file, const std::string& text) {
    input_.warnings.push_back(fmt::format("{}: {}", file, text));
  }

  /// Empty when the map fits, else what is wrong and the map that fits.
  std::string port_map_doubt(const SParameters& four) const {
    // `four` is in the order of the map already; the finding is told in numbers of the file.
    PortMapFinding finding = check_port_map(four, {1, 2, 3, 4});
    for (int& port : finding.likely) port = request_.port_map[static_cast<std::size_t>(port) - 1];
    return port_map_problem(finding, request_.port_map);
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

  /// A response lasts 1 / step, and its samples are kept in memory.
  void require_resolution(const std::vector<double>& f) const {
    constexpr double most_samples = 1 << 24;
    const double step_Hz = f[2] - f[1], rate_Hz = symbol_rate_Bd_ * samples_per_symbol_;
    if (rate_Hz / step_Hz > most_samples)
      throw ConfigError(fmt::format(
          "{}: steps of {} make responses of {:.2g} samples, at most {:.2g} are computed; "
          "export it with steps of {}",
          request_.through, hertz(step_Hz), rate_Hz / step_Hz, most_samples, hertz(widest_step_Hz)));
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

  /// Aggressor `i` on the points of the through path.
  void join(std::size_t i) {
    const SParameters& through = input_.paths.front().differential;
    com::Path& path = input_.paths[i];
    if (std::norm(path.differential.at(0, 1, 0)) > std::norm(through.at(0, 1, 0)))
      warn(path.name,
           fmt::format("passes more at its first point than {}; are through file and aggressor exchanged?",
                       request_.through));
    if (path.differential.frequency_Hz == through.frequency_Hz) return;
    const auto& f = path.differential.frequency_Hz;
    warn(path.name,
         fmt::format("has other points ({} from {} to {}) than the through file and is interpolated{}",
                     f.size(), hertz(f.front()), hertz(f.back()),
                     f.back() < through.frequency_Hz.back() ? ", beyond its end extrapolated" : ""));
    path.differential = interpolate(path.differential, through.frequency_Hz);
    input_.files[i].interpolated = true;
  }

  const ComRequest& request_;
  double symbol_rate_Bd_;
  int samples_per_symbol_;
  ComInput input_;
  std::string problems_;
  bool unreadable_ = false;
};

}  // namespace

const char* kind_name(Kind kind) {
  return kind == Kind::through ? "through" : kind == Kind::fext ? "fext" : "next";
}

ComInput read_com_channels(const ComRequest& request, const com::Signal& signal) {
  return ChannelReader(request, signal).read();
}

}  // namespace photonlink
