#include "io/hdf5_file.hpp"

#include <doctest/doctest.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include "core/error.hpp"
#include "scratch.hpp"

using namespace photonlink;
using test::Scratch;

// Oracle: the HDF5 C API reads back what the wrapper wrote.

namespace {

void write_sample(const std::string& path) {
  Hdf5Writer file(path);
  const std::vector<double> time = {0.0, 0.5, 1.0}, level = {-1.0, 1.0};
  file.dimension("/link/eye/time", time, "UI");
  file.dimension("/link/eye/level", level, "V");
  file.text_dimension("/link/component", {"laser", "Mach–Zehnder"});
  file.values("/link/eye/density", std::vector<double>{1, 2, 3, 4, 5, 6},
              {"/link/eye/time", "/link/eye/level"}, "1");
  file.complex_values("/link/field", std::vector<std::complex<double>>{{1, -1}, {2, -2}, {3, -3}},
                      {"/link/eye/time"}, "V");
  file.strings("/link/note", {"µ", "Ω"}, "/link/component");
  file.scalar("/link/ber", 1e-13, "1");
  file.attribute("/", "schema_version", 1);
  file.attribute("/link", "title", std::string("Ring, 50 Ω"));
  file.close();
}

}  // namespace

TEST_CASE("hdf5 file: arrays, dimension scales, units and text read back") {
  const Scratch scratch;
  write_sample(scratch.file("a.h5"));
  const hid_t file = H5Fopen(scratch.file("a.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t density = H5Dopen2(file, "/link/eye/density", H5P_DEFAULT);
  std::vector<double> read(6);
  H5Dread(density, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, read.data());
  CHECK(read == std::vector<double>{1, 2, 3, 4, 5, 6});
  const hid_t level = H5Dopen2(file, "/link/eye/level", H5P_DEFAULT);
  CHECK(H5DSis_scale(level) > 0);
  CHECK(H5DSis_attached(density, level, 1) > 0);
  CHECK(H5DSis_attached(density, level, 0) == 0);
  const hid_t units = H5Aopen(density, "units", H5P_DEFAULT);
  const hid_t type = H5Aget_type(units);
  CHECK(H5Tis_variable_str(type) > 0);
  CHECK(H5Tget_cset(type) == H5T_CSET_UTF8);
  char* text = nullptr;
  H5Aread(units, type, &text);
  CHECK(std::string(text) == "1");
  H5free_memory(text);
  std::vector<double> imaginary(3);
  const hid_t field = H5Dopen2(file, "/link/field_im", H5P_DEFAULT);
  H5Dread(field, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, imaginary.data());
  CHECK(imaginary == std::vector<double>{-1, -2, -3});
  const hid_t group = H5Gopen2(file, "/link", H5P_DEFAULT);
  H5G_info_t info;
  H5Gget_info(group, &info);
  const hid_t plist = H5Gget_create_plist(group);
  unsigned order = 0;
  H5Pget_link_creation_order(plist, &order);
  CHECK((order & H5P_CRT_ORDER_TRACKED) != 0);
  H5Pclose(plist), H5Gclose(group), H5Tclose(type), H5Aclose(units);
  H5Dclose(field), H5Dclose(level), H5Dclose(density), H5Fclose(file);
}

TEST_CASE("hdf5 file: sizes that contradict the dimensions and impossible paths are refused by name") {
  const Scratch scratch;
  Hdf5Writer file(scratch.file("a.h5"));
  file.dimension("/x", std::vector<double>{1, 2}, "m");
  CHECK_THROWS_WITH_AS(file.values("/y", std::vector<double>{1, 2, 3}, {"/x"}, "V"),
                       (("'" + scratch.file("a.h5") + "': /y has 3 values, its dimensions allow 2").c_str()),
                       IoError);
  CHECK_THROWS_AS(file.values("/z", std::vector<double>{1}, {"/missing"}, "V"), IoError);
  CHECK_THROWS_AS(Hdf5Writer(scratch.file("missing/a.h5")).close(), IoError);
}
