/// HDF5 results in netCDF-4 layout: dimension scales, `units` attributes, link creation order.
///
/// A file opens in h5py, xarray, ncdump, MATLAB and Octave. Complex data go out as X_re and X_im, because
/// compound types vanish silently in netCDF-4 readers. Strings are variable-length UTF-8. Debian's serial
/// HDF5 is not thread-safe: one writer at a time. The HDF5 error stack is silenced; failures are IoError
/// naming the file. Layout: "NetCDF-4 File Format", netCDF User's Guide, Unidata.
///
///     Hdf5Writer file("result.h5");
///     file.dimension("/link/eye/time", time_UI, "UI");
///     file.values("/link/eye/density", density, {"/link/eye/time", "/link/eye/level"}, "1");
///     file.close();
#pragma once

#include <complex>
#include <span>
#include <string>
#include <vector>

namespace photonlink {

class Hdf5Writer {
 public:
  /// Nothing touches the disk before `close`. @throws IoError
  explicit Hdf5Writer(std::string path);
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  /// Groups on the way to any path below are made when missing. Paths are absolute: "/group/name".
  void group(const std::string& path);
  /// A coordinate: values double as a dimension scale that `values` refers to by path.
  void dimension(const std::string& path, std::span<const double> coordinate, const std::string& unit);
  /// Row-major array whose extents are those of the named dimensions; none: a scalar.
  /// @throws IoError when the sizes do not match.
  void values(const std::string& path, std::span<const double> data,
              const std::vector<std::string>& dimensions, const std::string& unit);
  /// The same as two arrays, path_re and path_im.
  void complex_values(const std::string& path, std::span<const std::complex<double>> data,
                      const std::vector<std::string>& dimensions, const std::string& unit);
  void scalar(const std::string& path, double value, const std::string& unit);
  /// UTF-8 text along one dimension.
  void strings(const std::string& path, const std::vector<std::string>& data, const std::string& dimension);
  /// One UTF-8 text of any length; an attribute ends at 64 kB.
  void text(const std::string& path, const std::string& value);
  /// A dimension whose coordinate is text (component names).
  void text_dimension(const std::string& path, const std::vector<std::string>& coordinate);
  /// Attribute of the group or dataset at `object`.
  void attribute(const std::string& object, const std::string& name, const std::string& value);
  void attribute(const std::string& object, const std::string& name, double value);
  void attribute(const std::string& object, const std::string& name, int value);
  /// Writes the file. Without it nothing is written. @throws IoError naming path, cause and fix.
  void close();

 private:
  using Id = long long;  // hid_t, without hdf5.h in this header
  Id checked(Id id, const std::string& what) const;
  Id create_dataset(const std::string& path, Id type, const std::vector<std::string>& dimensions,
                    std::size_t count);
  void write_strings(Id dataset, const std::vector<std::string>& data, const std::string& path);
  void make_scale(Id dataset, const std::string& path);

  std::string path_;
  Id file_ = -1;
};

}  // namespace photonlink
