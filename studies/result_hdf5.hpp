/// The content of the JSON document as HDF5 in netCDF-4 layout: one group per link, coordinates as dimension
/// scales.
///
/// Groups and variables: docs/results.md. Opens in h5py, xarray (`group="/<link>/eye"`), ncdump, MATLAB,
/// Octave.
#pragma once

#include <string>
#include <vector>

#include "studies/result_json.hpp"

namespace photonlink {

/// Writes all results to `path` atomically. @throws IoError naming path, cause and fix.
void write_result_hdf5(const std::vector<LinkResult>& results, const Provenance& provenance,
                       const std::string& path, const std::vector<PathResult>& paths = {});

}  // namespace photonlink
