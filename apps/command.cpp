#include "command.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/text_file.hpp"
#include "studies/path_reader.hpp"
#include "studies/result_table.hpp"

namespace photonlink::app {
namespace {

namespace fs = std::filesystem;
constexpr int most_threads = 1024;

}  // namespace

void add_run_options(CLI::App& app, RunOptions& options) {
  app.add_option("study", options.study, "Study file (TOML or JSON)")->required();
  app.add_option("-o,--out", options.out,
                 "Folder for the results, replaced as a whole (default: results/<study>)");
  add_threads_option(app, options.threads);
  app.add_option("--solver", options.solver, "pattern: semi-analytic; monte_carlo: count errors, the referee")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Solver>{{"pattern", Solver::pattern}, {"monte_carlo", Solver::monte_carlo}}));
  app.add_flag("--json", options.json, "Print the results as JSON to standard output");
  app.add_flag("-q,--quiet", options.quiet, "Print no table");
  app.add_flag("--require-closure", options.require_closure, "Exit with 5 when a link misses its target");
}

void add_port_map_option(CLI::App& app, std::vector<int>& ports, const std::string& default_text) {
  app.add_option("--port-map", ports,
                 fmt::format("Ports of every file as tx_p,tx_n,rx_p,rx_n (default: {})", default_text))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 1000));
}

PortMap port_map_of(const std::vector<int>& ports) {
  PortMap map{};
  if (ports.size() != map.size() || std::set<int>(ports.begin(), ports.end()).size() != map.size())
    throw ConfigError(
        fmt::format("--port-map {}: four different ports are needed; write tx_p,tx_n,rx_p,rx_n, for "
                    "example 1,3,2,4",
                    fmt::join(ports, ",")));
  std::copy(ports.begin(), ports.end(), map.begin());
  return map;
}

void add_threads_option(CLI::App& app, int& threads) {
  app.add_option("--threads", threads, "Threads (default: PHOTONLINK_THREADS, or else all cores)")
      ->check(CLI::Range(1, most_threads));
}

int thread_count(int asked) {
  if (asked > 0) return asked;
  const char* text = std::getenv("PHOTONLINK_THREADS");
  if (!text || !*text) return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  int threads = 0;
  const char* end = text + std::strlen(text);
  const auto [last, error] = std::from_chars(text, end, threads);
  if (error != std::errc{} || last != end || threads < 1 || threads > most_threads)
    throw ConfigError(
        fmt::format("PHOTONLINK_THREADS = {}: a whole number from 1 to {} is expected; correct "
                    "or unset it",
                    text, most_threads));
  return threads;
}

std::string free_folder(const std::string& folder, const std::vector<std::string>& result_files) {
  std::error_code ignored;
  if (fs::is_symlink(folder, ignored))
    throw ConfigError(
        fmt::format("'{}': is a symbolic link, and results replace the whole folder; give the folder that it "
                    "points to as --out",
                    folder));
  // Pictures alone may be anybody's: they are results only beside a file of results.
  bool results = false;
  std::string foreign, picture;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string(), ending = entry.path().extension().string();
    const bool file = entry.symlink_status(ignored).type() == fs::file_type::regular;
    if (file && std::find(result_files.begin(), result_files.end(), name) != result_files.end())
      results = true;
    else if (file && (ending == ".png" || ending == ".svg"))
      picture = name;
    else
      foreign = name;
  }
  if (foreign.empty() && !results) foreign = picture;
  if (!foreign.empty())
    throw ConfigError(
        fmt::format("'{}': holds '{}', which is no result of this program, and results replace the whole "
                    "folder; choose another --out",
                    folder, foreign));
  const AtomicFolder probe(folder);  // throws now rather than after the evaluation
  return folder;
}

std::string output_folder(const RunOptions& options, const Study& study) {
  return free_folder(options.out.empty() ? "results/" + study.name : options.out,
                     {"result.json", "result.h5"});
}

void show_progress(Context& context, bool quiet) {
  if (quiet || !isatty(STDERR_FILENO)) return;
  const auto begin = std::chrono::steady_clock::now();
  context.progress = [begin](const std::string& text, double fraction) {
    if (std::chrono::steady_clock::now() - begin < std::chrono::seconds(1)) return;
    fmt::print(stderr, "\r\033[K{:3.0f} %  {}", 100.0 * fraction, text);
    if (fraction >= 1.0) fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
  };
}

bool colored_output() {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && (!no_color || !*no_color);
}

int terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

std::string data_folder(const char* variable, const char* source, const char* installed, const char* what) {
  if (const char* folder = std::getenv(variable); folder && *folder) {
    if (fs::is_directory(folder)) return folder;
    throw IoError(fmt::format("{} = {}: there is no such folder; correct or unset it", variable, folder));
  }
  for (const char* folder : {source, installed})
    if (access(folder, R_OK) == 0) return folder;
  throw IoError(fmt::format("no folder of {}: neither {} nor {} can be read; set {}", what, source, installed,
                            variable));
}

std::string cards_folder() {
  return data_folder("PHOTONLINK_CARDS", PHOTONLINK_SOURCE_CARDS, PHOTONLINK_INSTALLED_CARDS, "device cards");
}

Provenance provenance_of(const Study& study, const std::string& command_line) {
  Provenance provenance{study.name,         study.title,      text_of_file(study.path),
                        PHOTONLINK_VERSION, PHOTONLINK_BUILD, command_line};
  const std::string folder = cards_folder() + "/";
  std::set<std::string> names;
  for (const LinkSpec& link : study.links)
    for (const StageSpec& stage : link.stages)
      if (!stage.card.empty()) names.insert(stage.card);
  for (const std::string& name : names)
    provenance.cards.push_back(
        {name, text_of_file(folder + name + (fs::exists(folder + name + ".toml") ? ".toml" : ".json"))});
  return provenance;
}

int deliver(const std::vector<LinkResult>& results, const Study& study, const RunOptions& options,
            const std::string& folder, Context& context, const std::string& extra_text) {
  const Provenance provenance = provenance_of(study, options.command_line);
  const std::vector<PathResult> paths = evaluate_paths(study, results);
  write_results(results, provenance, folder, context, paths);
  if (options.json) {
    fmt::print("{}\n", to_json(results, provenance, EyeDensity::left_out, paths).dump(2));
  } else if (!options.quiet) {
    // Nothing is cut or wrapped on its way into a file or another program.
    const int width = isatty(STDOUT_FILENO) ? terminal_width() : 0;
    const TableColor color = colored_output() ? TableColor::ansi : TableColor::plain;
    fmt::print("{}{}{}\nResults: {}/\n", comparison_table(results, color, width), path_table(paths, color),
               extra_text, folder);
  }
  if (options.require_closure)
    for (const LinkResult& result : results)
      if (!result.closes) return misses_target;
  if (options.require_closure)
    for (const PathResult& path : paths)
      if (!path.closes) return misses_target;
  return ok;
}

}  // namespace photonlink::app
