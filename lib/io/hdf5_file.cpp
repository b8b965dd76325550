#include "io/hdf5_file.hpp"

#include <fmt/core.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <utility>

#include "core/error.hpp"
#include "io/atomic_file.hpp"

namespace photonlink {
namespace {

/// Closes an HDF5 handle at the end of its scope.
class Handle {
 public:
  Handle(hid_t id, herr_t (*closer)(hid_t)) : id_(id), close_(closer) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

hid_t text_type() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

/// Groups, datasets and attributes remember creation order: netCDF-4 needs it to number variables.
template <class Setter>
hid_t ordered_list(hid_t list_class, Setter setter) {
  const hid_t list = H5Pcreate(list_class);
  setter(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  return list;
}

}  // namespace

Hdf5Writer::Id Hdf5Writer::checked(Id id, const std::string& what) const {
  if (id < 0)
    throw IoError(fmt::format(
        "'{}': HDF5 cannot build {}; names must be unique and dimensions written before their arrays", path_,
        what));
  return id;
}

Hdf5Writer::Hdf5Writer(std::string path) : path_(std::move(path)) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Handle list(ordered_list(H5P_FILE_CREATE, H5Pset_link_creation_order), H5Pclose);
  H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t growth_bytes = 1 << 20;
  H5Pset_fapl_core(access, growth_bytes, 0);
  file_ = checked(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, list, access), "the file");
}

Hdf5Writer::~Hdf5Writer() {
  if (file_ >= 0) H5Fclose(file_);
}

void Hdf5Writer::close() {
  checked(H5Fflush(file_, H5F_SCOPE_GLOBAL), "the end of the file");
  const ssize_t size = checked(H5Fget_file_image(file_, nullptr, 0), "the image of the file");
  std::string image(static_cast<std::size_t>(size), '\0');
  checked(H5Fget_file_image(file_, image.data(), image.size()), "the image of the file");
  checked(H5Fclose(std::exchange(file_, -1)), "the end of the file");
  write_file_atomically(path_, image);
}

void Hdf5Writer::group(const std::string& path) {
  const Handle creation(ordered_list(H5P_GROUP_CREATE, H5Pset_link_creation_order), H5Pclose);
  H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  for (std::size_t end = path.find('/', 1); !path.empty(); end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (part != "/" && H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0)
      H5Gclose(checked(H5Gcreate2(file_, part.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), "group " + part));
    if (end == std::string::npos) break;
  }
}

Hdf5Writer::Id Hdf5Writer::create_dataset(const std::string& path, Id type,
                                          const std::vector<std::string>& dimensions, std::size_t count) {
  if (const std::size_t slash = path.rfind('/'); slash > 0) group(path.substr(0, slash));
  std::vector<hsize_t> extents;
  std::size_t expected = 1;
  for (const std::string& name : dimensions) {
    const Handle scale(checked(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), "dimension " + name), H5Dclose);
    const Handle space(H5Dget_space(scale), H5Sclose);
    extents.push_back(static_cast<hsize_t>(H5Sget_simple_extent_npoints(space)));
    expected *= extents.back();
  }
  if (expected != count)
    throw IoError(
        fmt::format("'{}': {} has {} values, its dimensions allow {}", path_, path, count, expected));
  const Handle space(extents.empty()
                         ? H5Screate(H5S_SCALAR)
                         : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                     H5Sclose);
  const Handle creation(ordered_list(H5P_DATASET_CREATE, H5Pset_attr_creation_order), H5Pclose);
  const Id dataset =
      checked(H5Dcreate2(file_, path.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), path);
  for (unsigned i = 0; i < dimensions.size(); ++i) {
    const Handle scale(H5Dopen2(file_, dimensions[i].c_str(), H5P_DEFAULT), H5Dclose);
    if (H5DSattach_scale(dataset, scale, i) < 0) {
      H5Dclose(dataset);
      checked(-1, path + " on dimension " + dimensions[i]);
    }
  }
  return dataset;
}

void Hdf5Writer::make_scale(Id dataset, const std::string& path) {
  checked(H5DSset_scale(dataset, path.substr(path.rfind('/') + 1).c_str()), "dimension " + path);
}

void Hdf5Writer::dimension(const std::string& path, std::span<const double> coordinate,
                           const std::string& unit) {
  if (const std::size_t slash = path.rfind('/'); slash > 0) group(path.substr(0, slash));
  const hsize_t extent = coordinate.size();
  const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose);
  const Handle creation(ordered_list(H5P_DATASET_CREATE, H5Pset_attr_creation_order), H5Pclose);
  const Handle dataset(
      checked(H5Dcreate2(file_, path.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT),
              path),
      H5Dclose);
  checked(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, coordinate.data()), path);
  make_scale(dataset, path);
  attribute(path, "units", unit);
}

void Hdf5Writer::text_dimension(const std::string& path, const std::vector<std::string>& coordinate) {
  if (const std::size_t slash = path.rfind('/'); slash > 0) group(path.substr(0, slash));
  const hsize_t extent = coordinate.size();
  const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose);
  const Handle type(text_type(), H5Tclose);
  const Handle creation(ordered_list(H5P_DATASET_CREATE, H5Pset_attr_creation_order), H5Pclose);
  const Handle dataset(
      checked(H5Dcreate2(file_, path.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), path),
      H5Dclose);
  write_strings(dataset, coordinate, path);
  make_scale(dataset, path);
}

void Hdf5Writer::values(const std::string& path, std::span<const double> data,
                        const std::vector<std::string>& dimensions, const std::string& unit) {
  const Handle dataset(create_dataset(path, H5T_IEEE_F64LE, dimensions, data.size()), H5Dclose);
  checked(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()), path);
  attribute(path, "units", unit);
}

void Hdf5Writer::complex_values(const std::string& path, std::span<const std::complex<double>> data,
                                const std::vector<std::string>& dimensions, const std::string& unit) {
  std::vector<double> real, imaginary;
  for (const std::complex<double> value : data) {
    real.push_back(value.real());
    imaginary.push_back(value.imag());
  }
  values(path + "_re", real, dimensions, unit);
  values(path + "_im", imaginary, dimensions, unit);
}

void Hdf5Writer::scalar(const std::string& path, double value, const std::string& unit) {
  values(path, std::span(&value, 1), {}, unit);
}

void Hdf5Writer::write_strings(Id dataset, const std::vector<std::string>& data, const std::string& path) {
  std::vector<const char*> pointers;
  pointers.reserve(data.size());
  for (const std::string& text : data) pointers.push_back(text.c_str());
  const Handle type(text_type(), H5Tclose);
  checked(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), path);
}

void Hdf5Writer::strings(const std::string& path, const std::vector<std::string>& data,
                         const std::string& dimension_path) {
  const Handle type(text_type(), H5Tclose);
  const Handle dataset(create_dataset(path, type, {dimension_path}, data.size()), H5Dclose);
  write_strings(dataset, data, path);
}

void Hdf5Writer::text(const std::string& path, const std::string& value) {
  const Handle type(text_type(), H5Tclose);
  const Handle dataset(create_dataset(path, type, {}, 1), H5Dclose);
  write_strings(dataset, {value}, path);
}

namespace {

void write_attribute(hid_t file, const std::string& object, const std::string& name, hid_t file_type,
                     hid_t memory_type, const void* value, bool& ok) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(H5Acreate_by_name(file, object.c_str(), name.c_str(), file_type, space, H5P_DEFAULT,
                                           H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  ok = attribute >= 0 && H5Awrite(attribute, memory_type, value) >= 0;
}

}  // namespace

void Hdf5Writer::attribute(const std::string& object, const std::string& name, const std::string& value) {
  const Handle type(text_type(), H5Tclose);
  const char* pointer = value.c_str();
  bool ok = false;
  write_attribute(file_, object, name, type, type, &pointer, ok);
  checked(ok ? 0 : -1, "attribute " + name + " of " + object);
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, double value) {
  bool ok = false;
  write_attribute(file_, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, ok);
  checked(ok ? 0 : -1, "attribute " + name + " of " + object);
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, int value) {
  bool ok = false;
  write_attribute(file_, object, name, H5T_STD_I32LE, H5T_NATIVE_INT, &value, ok);
  checked(ok ? 0 : -1, "attribute " + name + " of " + object);
}

}  // namespace photonlink
