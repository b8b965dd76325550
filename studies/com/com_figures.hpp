/// The figures of a calculation of channel operating margin, listed once for table, JSON and HDF5.
///
/// Adding a figure is one line in com_figures.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "studies/com/com_run.hpp"

namespace photonlink {

/// Heading under which the table shows a figure.
enum class ComSectionOf { margin, equalizer, noise, interference };
std::string_view heading_of(ComSectionOf section);

struct CaseFigure {
  std::string_view key;    ///< in JSON and HDF5, ends in its unit
  std::string_view label;  ///< in the table
  std::string_view unit;   ///< of the value: "dB", "V", "s", "1"
  ComSectionOf section;
  /// NaN: not computed or not part of this configuration; left out of the table when no case has it.
  double (*value)(const com::CaseResult&, const com::Parameters&);
};
const std::vector<CaseFigure>& case_figures();

/// Figures of the channel as a whole.
struct RunFigure {
  std::string_view key, label, unit;
  double (*value)(const ComRun&);
  bool in_head = true;  ///< the table's head names it, unless 0 or NaN
};
const std::vector<RunFigure>& run_figures();

/// Lists that belong to a case.
struct CaseList {
  std::string_view key, unit;
  std::vector<double> (*values)(const com::CaseResult&, const com::Parameters&);
};
/// Taps, positions, contours of the eyes.
const std::vector<CaseList>& case_lists();
/// Curves: lists of one group have one length, the first is the abscissa.
struct CaseCurve {
  std::string_view group;
  std::vector<CaseList> lists;
};
const std::vector<CaseCurve>& case_curves();

/// A limit of the configuration held against a result.
struct LimitCheck {
  std::string label;  ///< "COM of 3 dB or more"
  bool passes;
};
/// COM; VEC and eye height where the configuration limits them.
std::vector<LimitCheck> case_checks(const com::CaseResult& result, const com::Parameters& parameters);
/// Effective return loss where it is limited.
std::vector<LimitCheck> channel_checks(const ComRun& run);
bool passes(const com::CaseResult& result, const com::Parameters& parameters);
/// The channel and all of its package cases.
bool passes(const ComRun& run);

/// Positions behind the cursor, from 1, of DFE taps whose value is a limit: b_max, b_min, the limit of
/// floating taps or that of the tail.
std::vector<double> limited_dfe_taps(const com::CaseResult& result, const com::Parameters& parameters);
/// Indices in `receive_taps` of taps at the limits of the receive FFE.
std::vector<double> limited_receive_taps(const com::CaseResult& result, const com::Parameters& parameters);

}  // namespace photonlink
