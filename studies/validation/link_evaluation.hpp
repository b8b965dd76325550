/// The quantities of one link at one set of parameters.
#pragma once

#include "core/context.hpp"
#include "studies/validation/case_spec.hpp"

namespace photonlink {

/// Values of one quantity at x (size 1 when it has no sweep), in stored units; NaN: not defined there.
/// @param warnings what the stages say where a sweep takes them is added. @throws Error of the evaluation.
std::vector<double> evaluate_quantity(const QuantitySpec& quantity, std::span<const double> x,
                                      const LinkSpec& link, Probe& probe, Context& context,
                                      std::vector<std::string>& warnings);

/// All quantities of one link.
class LinkPlan {
 public:
  LinkPlan(const CaseSpec& spec, const LinkSpec& link);

  const LinkSpec& link() const { return link_; }
  const std::vector<const QuantitySpec*>& quantities() const { return quantities_; }
  /// Abscissae of the model's line in pictures, empty where the published points are enough.
  const std::vector<double>& fine_x(std::size_t quantity) const { return fine_x_[quantity]; }
  /// Index of the first value of a quantity, and of its line, in what values() returns.
  std::size_t first(std::size_t quantity) const { return first_[quantity]; }
  std::size_t first_fine(std::size_t quantity) const {
    return first_[quantity] + quantities_[quantity]->points();
  }
  /// One name per value: "spectrum[3]".
  const std::vector<std::string>& names() const { return names_; }
  /// Tolerance of each value, (n_name): the unit in which the spreads of different quantities compare.
  const std::vector<double>& scale() const { return scale_; }

  struct Values {
    std::vector<double> value;          ///< (n_name)
    std::vector<std::string> failure;   ///< (n_quantity), "" where it was computed
    std::vector<std::string> warnings;  ///< "stage: text"
  };
  Values values(const LinkSpec& chosen, Context& context) const;

 private:
  const LinkSpec& link_;
  std::vector<const QuantitySpec*> quantities_;
  std::vector<std::vector<double>> fine_x_;
  std::vector<std::size_t> first_;
  std::vector<std::string> names_;
  std::vector<double> scale_;
};

}  // namespace photonlink
