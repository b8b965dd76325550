/// A validation report as HDF5 in netCDF-4 layout: a group per case, in it a group per quantity, and flat
/// tables of everything for those who want one frame.
///
/// Groups and variables: docs/results.md. Opens in h5py, xarray (`group="/<case>/<quantity>"`), ncdump,
/// MATLAB, Octave.
#pragma once

#include <string>

#include "studies/provenance.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink {

/// Writes atomically; of `provenance` the program version, build and command.
/// @throws IoError naming path, cause and fix.
void write_report_hdf5(const ValidationReport& report, const Provenance& provenance, const std::string& path);

}  // namespace photonlink
