#include "studies/com/com_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/error.hpp"
#include "studies/com_reader.hpp"

namespace photonlink {
namespace {

using com::Path;

constexpr double crosstalk_start_Hz = 50e6;  // f_1 of the spreadsheets
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

IntegratedCrosstalk crosstalk_of(const std::vector<Path>& paths, const com::Parameters& p,
                                 std::vector<std::string>& warnings) {
  std::vector<SParameters> near, far;
  for (const Path& path : paths) {
    if (path.kind == Path::Kind::next) near.push_back(path.differential);
    if (path.kind == Path::Kind::fext) far.push_back(path.differential);
  }
  const double rate = p.signal.symbol_rate_Bd, band = p.receiver.crosstalk_band_Hz;
  const CrosstalkSettings settings{.symbol_rate_Bd = rate,
                                   .near_amplitude_V = p.transmitter.next_amplitude_V,
                                   .far_amplitude_V = p.transmitter.fext_amplitude_V,
                                   .near_rise_time_s = p.transmitter.rise_time_s,
                                   .far_rise_time_s = p.transmitter.rise_time_s,
                                   .receiver_bandwidth_Hz = p.receiver.bandwidth_ratio * rate,
                                   .low_Hz = crosstalk_start_Hz,
                                   .high_Hz = band > 0.0 ? band : rate};
  try {
    return integrated_crosstalk(near, far, settings);
  } catch (const DomainError& error) {
    warnings.push_back(fmt::format("integrated crosstalk is not computed: {}", error.what()));
    return {nan, nan, nan};
  }
}

/// The solver knows no file names.
com::Result evaluate(const ComRun& run, const std::vector<Path>& paths, Context& context) {
  try {
    return com::channel_operating_margin(run.parameters, paths, com::mode(run.request.mode), context);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", run.request.configuration, error.what()));
  } catch (const DomainError& error) {
    std::string files = run.request.through;
    for (std::size_t i = 1; i < run.files.size(); ++i) files += ", " + run.files[i].path;
    throw DomainError(fmt::format("{} with {}: {}", files, run.request.configuration, error.what()));
  }
}

}  // namespace

const com::CaseResult& ComRun::worst_case() const {
  return *std::min_element(result.package_case.begin(), result.package_case.end(),
                           [](const auto& a, const auto& b) { return a.com_dB < b.com_dB; });
}

ComRun run_com(const ComRequest& request, Context& context) {
  const auto begin = std::chrono::steady_clock::now();
  const auto report = [&](const char* text, double fraction) {
    if (context.progress) context.progress(text, fraction);
  };
  ComRun run;
  run.request = request;
  com::mode(request.mode);  // an unknown one is told before files are read
  run.parameters = read_com(request.configuration);
  report("reading the channel", 0.0);
  ComInput input = read_com_channels(request, run.parameters.signal, context);
  run.files = std::move(input.files);
  run.warnings = std::move(input.warnings);
  run.crosstalk = crosstalk_of(input.paths, run.parameters, run.warnings);
  report("searching the equaliser", 0.2);
  run.result = evaluate(run, input.paths, context);
  run.warnings.insert(run.warnings.end(), run.result.warnings.begin(), run.result.warnings.end());
  run.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return run;
}

}  // namespace photonlink
