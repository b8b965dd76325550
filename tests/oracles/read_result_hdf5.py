#!/usr/bin/env python3
"""Opens a result.h5 as its readers do and checks what they need: h5py always, xarray with netCDF4 and ncdump if there.

Usage: tests/oracles/read_result_hdf5.py photonlink study.toml     Runs `photonlink compare` into a scratch folder.
       tests/oracles/read_result_hdf5.py result.h5 result.json     Checks files at hand.
Exits 77 (skipped) without h5py. Oracles: HDF5's dimension-scale API through h5py; netCDF-C 4; the JSON of the same run.
"""
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import h5py
except ImportError:
    print("skipped: no h5py")
    sys.exit(77)

CURVES = {"eye/density": ("time", "level"), "eye/contour_lower": ("contour", "time"),
          "bathtub/log10_ber_time": ("time",), "bathtub/log10_ber_level": ("threshold_offset",),
          "pulse/equalized": ("time",), "pulse/cursor": ("cursor_time",), "noise/rms": ("source",),
          "energy/power_W": ("component",), "lanes/ber": ("lane",), "budget/level": ("step",)}


def check(condition, message):
    if not condition:
        sys.exit("FAILED: " + message)


def same(number, reference):
    """Equal as doubles; JSON's null is HDF5's NaN."""
    return math.isnan(number) if reference is None else number == reference


def check_h5py(path, document):
    count = 0
    with h5py.File(path) as file:
        check(file["study_text"][()].decode() == document["study"]["text"], "study text differs from JSON")
        check([n.decode() for n in file["card_name"]] == [c["name"] for c in document["study"]["cards"]], "card names")
        for link in document["links"]:
            group = file[link["name"]]
            for key in ("ber_before_fec", "loss_margin_dB", "noise_margin_dB", "latency_s", "symbol_rate_Bd"):
                check(same(group[key][()], link[key]), f"{link['name']}/{key} differs from JSON")
                check(isinstance(group[key].attrs["units"], str), f"{key} has no units")
            for name, dimensions in CURVES.items():
                array = group[name]
                scales = tuple(array.dims[i][0].name.split("/")[-1] for i in range(array.ndim))
                check(scales == dimensions, f"{name}: dimensions {scales}, not {dimensions}")
                check(all(len(array.dims[i][0]) == array.shape[i] for i in range(array.ndim)), f"{name}: sizes")
                check(isinstance(array.attrs["units"], str), f"{name} has no units")
                count += 1
            eye = group["eye"]
            check(eye["density"].shape == (link["eye"]["time_bins"], link["eye"]["level_bins"]), "eye bins")
            # Each column holds all of the probability but what noise puts outside the picture.
            sums = eye["density"][()].sum(axis=1)
            check(abs(sums - 1).max() < 0.01, f"eye columns add up to {sums.min()} ... {sums.max()}")
            check(list(eye["contour_ber"]) == [c["ber"] for c in link["eye"]["contours"]], "contour BER")
    check(count >= len(CURVES), "no link was checked")


def check_xarray(path, document):
    try:
        import netCDF4  # noqa: F401  the engine
        import xarray
    except ImportError:
        return "xarray not here"
    for link in document["links"]:
        with xarray.open_dataset(path, group=f"/{link['name']}/eye", engine="netcdf4") as eye:
            check(set(eye.coords) == {"time", "level", "opening", "contour", "contour_ber", "contour_opening"},
                  f"coordinates {set(eye.coords)}")
            check(eye.density.dims == ("time", "level") and eye.time.attrs["units"] == "UI", "density")
            check(eye.level.attrs["units"] == link["amplitude_unit"], "unit of the level")
            check(eye.density.sel(time=0.0, level=0.0, method="nearest").size == 1, "selection by coordinate")
        with xarray.open_dataset(path, group=f"/{link['name']}/energy", engine="netcdf4") as energy:
            check(list(energy.component.values) == [e["component"] for e in link["ledger"]["energy"]], "components")
    return "xarray " + xarray.__version__


def check_ncdump(path, document):
    program = shutil.which("ncdump")
    if not program:
        return "ncdump not here"
    header = subprocess.run([program, "-h", path], capture_output=True, text=True, check=True).stdout
    for link in document["links"]:
        check(f"group: {link['name']} {{" in header, "ncdump sees no group " + link["name"])
    check("double density(time, level)" in header and 'density:units = "1"' in header, "ncdump sees no density")
    return "ncdump"


def main(first, second):
    with tempfile.TemporaryDirectory() as scratch:
        hdf5, text = first, second
        if not first.endswith(".h5"):
            out = pathlib.Path(scratch) / "out"
            subprocess.run([first, "compare", second, "--quiet", "--out", str(out)], check=True)
            hdf5, text = str(out / "result.h5"), str(out / "result.json")
        document = json.loads(pathlib.Path(text).read_text(encoding="utf-8"))
        check_h5py(hdf5, document)
        print("read by h5py", h5py.__version__, "|", check_xarray(hdf5, document), "|", check_ncdump(hdf5, document))


if __name__ == "__main__":
    main(*sys.argv[1:])
