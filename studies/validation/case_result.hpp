/// What a validation run yields. Writers and pictures read this; they compute no physics.
///
/// A *quantity* is one published number or curve held against one computed by an observable. Its points carry
/// the error in units of the tolerance, error = (computed - published) / tolerance; the quantity's own error
/// is the worst or the root mean square of its points. Inputs that no publication gives make a band [low,
/// high] of every point.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace photonlink {

/// What an agreement is worth. Only `measurement` is counted as validation.
enum class Role {
  measurement,  ///< published measurement, no input of the model
  alternative,  ///< the same measurement under a second reading of the inputs: shown, not counted twice
  fit,          ///< points that fitted parameters were adjusted to
  identity,     ///< follows from the inputs by definition (a data sheet, a parameter read back)
  arithmetic,   ///< published sum or product of published numbers
  code          ///< another program's or a paper's simulated result
};
std::string_view role_name(Role role);

enum class Verdict {
  pass,       ///< within the tolerance with every assumed input at its stated value
  band,       ///< only between the values that the ranges of the assumed inputs give
  miss,       ///< outside of them
  uncomputed  ///< the model gives no number here, or evaluation failed
};
std::string_view verdict_name(Verdict verdict);

/// What the published value says: a value, a limit that the device keeps, or an interval.
enum class Bound { value, at_least, at_most, interval };
/// How the errors of several points become one.
enum class Measure { worst, rms };

struct PointResult {
  double x = std::numeric_limits<double>::quiet_NaN();  ///< swept value or abscissa, NaN: a single number
  double published = std::numeric_limits<double>::quiet_NaN();
  double published_high = std::numeric_limits<double>::quiet_NaN();  ///< upper end of an interval
  double computed = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
  double tolerance = 0.0;
  /// In tolerances; 0 inside an interval or a kept limit.
  double error = std::numeric_limits<double>::quiet_NaN();
};

/// Values are in `unit` and abscissae in `x_unit`, both as the case file writes them ("GHz", "dB", "pm/V").
struct QuantityResult {
  std::string name, title, link, observable;
  std::string unit, x_label, x_unit;  ///< x_label empty: single number
  std::string tolerance_unit;         ///< "dB" where the value is in dBm
  Role role = Role::measurement;
  Bound bound = Bound::value;
  Measure measure = Measure::worst;
  Verdict verdict = Verdict::uncomputed;
  bool prediction = true;                                   ///< no parameter of its chain was fitted
  bool curve = false;                                       ///< a function of x drawn as a line; else points
  double error = std::numeric_limits<double>::quiet_NaN();  ///< in tolerances
  double band_low = std::numeric_limits<double>::quiet_NaN();       ///< least |error| anywhere in the band
  double band_high = std::numeric_limits<double>::quiet_NaN();      ///< largest |error| anywhere in the band
  double reading_error = std::numeric_limits<double>::quiet_NaN();  ///< in `tolerance_unit`
  std::string reason;                                               ///< of the tolerance
  std::string diagnosis;                                            ///< why it misses, "" when it does not
  std::string failure;                                              ///< why nothing was computed
  std::vector<PointResult> points;
  /// The model on a finer grid than the published points, for the picture: (n), empty for lists.
  std::vector<double> fine_x, fine_y, fine_low, fine_high;
};

struct FittedParameter {
  std::string stage, key, unit;  ///< unit of the numbers below
  double start = 0.0, lower = 0.0, upper = 0.0;
  double value = std::numeric_limits<double>::quiet_NaN();
  double low_95 = std::numeric_limits<double>::quiet_NaN(),
         high_95 = std::numeric_limits<double>::quiet_NaN();
  bool at_bound = false;  ///< then there is no interval
};

struct FitResult {
  std::string link, reason;
  std::vector<std::string> on;  ///< quantities
  std::vector<FittedParameter> parameters;
  int points = 0, evaluations = 0;
  double rms_error = std::numeric_limits<double>::quiet_NaN();  ///< in tolerances
  bool converged = false;
};

struct AssumedRange {
  std::string link, stage, key, value, low, high, source;
};

struct CaseResult {
  std::string name;  ///< folder
  std::string title, family, citation, doi, read, note;
  std::vector<std::pair<std::string, std::string>> inputs;  ///< as published
  std::vector<QuantityResult> quantities;
  std::vector<FitResult> fits;
  std::vector<AssumedRange> assumed;
  std::vector<std::string> warnings;
  double elapsed_s = std::numeric_limits<double>::quiet_NaN();
};

/// Counts over quantities of the role `measurement`.
struct Tally {
  std::string family;  ///< "all" for the last one
  int quantities = 0, pass = 0, band = 0, miss = 0, not_computed = 0;
  double median_error = std::numeric_limits<double>::quiet_NaN();  ///< of |error|, in tolerances
  double worst_error = std::numeric_limits<double>::quiet_NaN();
  std::string worst;  ///< "mrm_02/eo_s21"
};

/// A quantity that is not as the recorded state says.
struct Change {
  std::string quantity;  ///< "mrm_02/eo_s21"
  enum class Kind { worse, better, added, gone } kind = Kind::worse;
  std::string text;  ///< "miss, was pass; error 1.3, was 0.8"
};

struct ValidationReport {
  std::vector<CaseResult> cases;
  std::vector<Tally> measured;     ///< by family, last: all
  std::vector<Tally> predictions;  ///< the same without anything fitted
  std::vector<Change> changes;
  double elapsed_s = std::numeric_limits<double>::quiet_NaN();
  /// Whether any change is for the worse: of the kind `worse`, or a recorded quantity that is gone.
  bool worse() const;
};

}  // namespace photonlink
