#include "studies/validation/quantity_words.hpp"

namespace photonlink {

template <>
const ParameterTable<QuantityWords>& parameter_table<QuantityWords>() {
  using W = QuantityWords;
  static const ParameterTable<W> table{
      {.name = "title", .doc = "Shown to people.", .member = &W::title},
      {.name = "reason", .doc = "Why the tolerance is what it is.", .member = &W::reason},
      {.name = "diagnosis", .doc = "Why the quantity misses.", .member = &W::diagnosis},
      {.name = "role",
       .doc = "What an agreement is worth.",
       .member = &W::role,
       .choices = {"measurement", "alternative", "fit", "identity", "arithmetic", "code"}},
      {.name = "bound",
       .doc = "What the published value says.",
       .member = &W::bound,
       .choices = {"value", "at_least", "at_most"}},
      {.name = "measure",
       .doc = "How the errors of several points become one.",
       .member = &W::measure,
       .choices = {"worst", "rms"}},
      {.name = "skip_rows",
       .doc = "Rows at the head of the data that are inputs.",
       .member = &W::skip_rows,
       .lower = 0,
       .upper = 100000},
  };
  return table;
}

}  // namespace photonlink
