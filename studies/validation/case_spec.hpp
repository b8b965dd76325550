/// A validation case as its file says it: units resolved, links built up, nothing computed.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "studies/study.hpp"
#include "studies/validation/case_result.hpp"
#include "studies/validation/observable.hpp"

namespace photonlink {

/// One parameter that a fit may move, of every link of the fit that has such a stage.
struct FitParameterSpec {
  std::string stage, key;
  Quantity quantity = Quantity::dimensionless;
  std::string unit;  ///< as the file writes it
  double lower = 0.0, upper = 0.0, start = 0.0;
};

struct FitSpec {
  std::vector<std::string> links;  ///< that take the fitted values
  std::vector<std::string> on;     ///< names of the quantities whose points are fitted
  std::string reason;
  std::vector<FitParameterSpec> parameters;
};

/// What a quantity runs over.
struct SweepSpec {
  enum class Kind { none, abscissa, argument, parameter } kind = Kind::none;
  std::string stage, key;  ///< of a parameter; `key` alone of an argument
  Quantity quantity = Quantity::dimensionless;
};

struct QuantitySpec {
  std::string name, title, link, reason, diagnosis;
  const ObservableType* observable = nullptr;
  ObservableArguments arguments;
  Role role = Role::measurement;
  Bound bound = Bound::value;
  Measure measure = Measure::worst;
  SweepSpec sweep;
  std::string unit, x_unit, tolerance_unit;                  ///< as the file writes them
  std::vector<double> x;                                     ///< (n_point), empty for a single number
  std::vector<double> published, published_high, tolerance;  ///< (n_point)
  double reading_error = std::numeric_limits<double>::quiet_NaN();
  std::size_t points() const { return published.size(); }
};

struct CaseSpec {
  std::string name;  ///< of the folder
  std::string folder, path;
  std::string title, family, citation, doi, read, note;
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<LinkSpec> links;
  std::vector<FitSpec> fits;
  std::vector<QuantitySpec> quantities;
};

/// Names of all links, for suggestions.
std::vector<std::string> link_names(const std::vector<LinkSpec>& links);
/// nullptr when there is none of that name.
const LinkSpec* find_link(const CaseSpec& spec, const std::string& name);

}  // namespace photonlink
