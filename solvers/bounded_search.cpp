#include "solvers/bounded_search.hpp"

#include <fmt/format.h>
#include <nlopt.h>

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <exception>
#include <memory>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace photonlink {
namespace {

constexpr std::size_t most_variables = 10;
constexpr int most_samples = 256;
constexpr double first_step = 0.08;  // of the ranges, of a local search
constexpr double apart = 0.15;       // of the ranges, between starts of local searches
constexpr double bound_share = 1e-3;
constexpr double finite_bound = 1e30;  // what is not finite, for the linear models

using Unit = std::vector<double>;  // in [0, 1] of each range

struct Trial {
  Unit unit;
  SearchValue value;
};

double finite(double value, double otherwise) {
  return std::isfinite(value) ? value : otherwise;
}

// Those that keep the demand by cost, the others by how far they miss it.
bool better(const SearchValue& a, const SearchValue& b) {
  const bool a_keeps = a.demand >= 0.0 && std::isfinite(a.cost),
             b_keeps = b.demand >= 0.0 && std::isfinite(b.cost);
  if (a_keeps != b_keeps) return a_keeps;
  return a_keeps ? a.cost < b.cost : finite(a.demand, -finite_bound) > finite(b.demand, -finite_bound);
}

class Search {
 public:
  Search(std::span<const SearchRange> ranges,
         const std::function<SearchValue(std::span<const double>)>& function, const SearchOptions& options)
      : ranges_(ranges), function_(function), options_(options) {}

  Trial evaluate(Unit unit) const {
    std::vector<double> value(unit.size());
    for (std::size_t i = 0; i < unit.size(); ++i)
      value[i] = std::lerp(ranges_[i].lower, ranges_[i].upper, std::clamp(unit[i], 0.0, 1.0));
    return {std::move(unit), function_(value)};
  }

  std::vector<Trial> sample(Context& context) const {
    const std::size_t n = ranges_.size();
    const int count = options_.samples > 0 ? options_.samples
                                           : std::min(most_samples, 16 << std::min<std::size_t>(n - 1, 4));
    std::vector<Trial> trials(static_cast<std::size_t>(count) + 1);
    for (const SearchRange& range : ranges_)
      trials[0].unit.push_back((range.start - range.lower) / (range.upper - range.lower));
    boost::random::sobol sequence(n);
    const double scale = 1.0 / (static_cast<double>(boost::random::sobol::max()) + 1.0);
    for (std::size_t k = 1; k < trials.size(); ++k)
      for (std::size_t i = 0; i < n; ++i)
        trials[k].unit.push_back((static_cast<double>(sequence()) + 0.5) * scale);
    parallel_for(trials.size(), context, [&](std::size_t k) { trials[k] = evaluate(trials[k].unit); });
    return trials;
  }

  // Best first, none near a better one.
  std::vector<Trial> starts(std::vector<Trial> trials) const {
    std::stable_sort(trials.begin(), trials.end(),
                     [](const Trial& a, const Trial& b) { return better(a.value, b.value); });
    std::vector<Trial> chosen;
    for (const Trial& trial : trials) {
      const bool near = std::any_of(chosen.begin(), chosen.end(), [&](const Trial& other) {
        double distance = 0.0;
        for (std::size_t i = 0; i < trial.unit.size(); ++i)
          distance = std::max(distance, std::abs(trial.unit[i] - other.unit[i]));
        return distance < apart;
      });
      if (!near) chosen.push_back(trial);
      if (static_cast<int>(chosen.size()) == options_.local_searches) break;
    }
    return chosen;
  }

 private:
  std::span<const SearchRange> ranges_;
  const std::function<SearchValue(std::span<const double>)>& function_;
  const SearchOptions& options_;
};

// One local search; NLopt asks for cost and demand one after the other at the same point.
class LocalSearch {
 public:
  LocalSearch(const Search& search, const Trial& start, const SearchOptions& options)
      : search_(search), best_(start), last_(start) {
    const auto size = static_cast<unsigned>(start.unit.size());
    cost_scale_ = std::max(std::abs(finite(start.value.cost, 1.0)), 1e-300);
    const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> optimizer(nlopt_create(NLOPT_LN_COBYLA, size),
                                                                      nlopt_destroy);
    optimizer_ = optimizer.get();
    nlopt_set_lower_bounds1(optimizer_, 0.0);
    nlopt_set_upper_bounds1(optimizer_, 1.0);
    nlopt_set_min_objective(optimizer_, cost, this);
    nlopt_add_inequality_constraint(optimizer_, missed, this, 0.0);
    nlopt_set_initial_step1(optimizer_, first_step);
    nlopt_set_xtol_abs1(optimizer_, options.tolerance);
    nlopt_set_maxeval(optimizer_, options.local_evaluations);
    Unit x = start.unit;
    double least = 0.0;
    converged_ = nlopt_optimize(optimizer_, x.data(), &least) == NLOPT_XTOL_REACHED;
    if (failure_) std::rethrow_exception(failure_);
  }

  const Trial& best() const { return best_; }
  bool converged() const { return converged_; }
  int evaluations() const { return evaluations_; }

 private:
  const SearchValue& at(unsigned n, const double* x) {
    if (!std::equal(x, x + n, last_.unit.begin())) {
      try {
        last_ = search_.evaluate(Unit(x, x + n));
      } catch (...) {
        failure_ = std::current_exception();
        nlopt_force_stop(optimizer_);
        return last_.value;
      }
      ++evaluations_;
      if (better(last_.value, best_.value)) best_ = last_;
    }
    return last_.value;
  }
  static double cost(unsigned n, const double* x, double*, void* self) {
    auto& search = *static_cast<LocalSearch*>(self);
    return finite(search.at(n, x).cost / search.cost_scale_, finite_bound);
  }
  static double missed(unsigned n, const double* x, double*, void* self) {
    return -finite(static_cast<LocalSearch*>(self)->at(n, x).demand, -finite_bound);
  }

  const Search& search_;
  Trial best_, last_;
  double cost_scale_ = 1.0;
  nlopt_opt optimizer_ = nullptr;
  bool converged_ = false;
  int evaluations_ = 0;
  std::exception_ptr failure_;
};

void check(std::span<const SearchRange> ranges) {
  require(!ranges.empty() && ranges.size() <= most_variables,
          fmt::format("search: {} variables, allowed 1 ... {}", ranges.size(), most_variables));
  for (const SearchRange& range : ranges)
    require(range.lower < range.upper && range.lower <= range.start && range.start <= range.upper &&
                std::isfinite(range.lower) && std::isfinite(range.upper),
            fmt::format("search: start {} in [{}, {}]; give a range that holds its start", range.start,
                        range.lower, range.upper));
}

}  // namespace

SearchResult bounded_search(std::span<const SearchRange> ranges,
                            const std::function<SearchValue(std::span<const double>)>& function,
                            const SearchOptions& options, Context& context) {
  check(ranges);
  const Search search(ranges, function, options);
  std::vector<Trial> trials = search.sample(context);
  SearchResult result;
  result.evaluations = static_cast<int>(trials.size());
  const std::vector<Trial> starts = search.starts(std::move(trials));
  std::vector<std::unique_ptr<LocalSearch>> local(starts.size());
  parallel_for(starts.size(), context,
               [&](std::size_t k) { local[k] = std::make_unique<LocalSearch>(search, starts[k], options); });
  const LocalSearch* best = local.front().get();
  for (const auto& each : local) {
    result.evaluations += each->evaluations();
    if (better(each->best().value, best->best().value)) best = each.get();
  }
  result.at = best->best().value;
  result.keeps_demand = result.at.demand >= 0.0 && std::isfinite(result.at.cost);
  result.converged = best->converged();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const double unit = std::clamp(best->best().unit[i], 0.0, 1.0);
    result.value.push_back(std::lerp(ranges[i].lower, ranges[i].upper, unit));
    result.at_bound.push_back(unit < bound_share || unit > 1.0 - bound_share);
  }
  return result;
}

}  // namespace photonlink
