#!/usr/bin/env python3
"""Opens a validation.h5 as its readers do and checks what they need: h5py always, xarray with netCDF4 and ncdump if there.

Usage: tests/oracles/read_validation_hdf5.py build/tests/test_studies            Lets the test write its sample report.
       tests/oracles/read_validation_hdf5.py validation.h5 validation.json       Checks files at hand.
Exits 77 (skipped) without h5py. Oracles: HDF5's dimension-scale API through h5py; netCDF-C 4; the JSON of the same run.
"""
import json
import math
import os
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

COLUMNS = ("x", "published", "published_high", "computed", "low", "high", "tolerance", "error")
WORDS = ("title", "link", "observable", "unit", "x_unit", "role", "bound", "measure", "verdict", "diagnosis", "failure")


def check(condition, message):
    if not condition:
        sys.exit("FAILED: " + message)


def same(number, reference):
    """Equal as doubles; JSON's null is HDF5's NaN."""
    return math.isnan(number) if reference is None else number == reference


def check_quantity(group, quantity, where):
    for word in WORDS:
        check(group.attrs[word] == quantity[word], f"{where}: {word}")
    for name in ("error", "band_low", "band_high", "reading_error"):
        check(same(group.attrs[name], quantity[name]), f"{where}: {name}")
    for name in COLUMNS:
        column, reference = group[name], quantity["points"][name]
        check(len(column) == len(reference), f"{where}: number of {name}")
        check(all(same(a, b) for a, b in zip(column, reference)), f"{where}: {name} differs from JSON")
        check(column.dims[0][0].name.endswith("/point"), f"{where}: dimension of {name}")
        check(isinstance(column.attrs["units"], str), f"{where}: {name} has no units")
    check(("fine_x" in group) == bool(quantity["fine"]["x"]), f"{where}: fine curve")
    if "fine_x" in group:
        check(group["fine_computed"].dims[0][0].name.endswith("/fine_x"), f"{where}: dimension of the fine curve")
        for a, b in zip(group["fine_computed"], quantity["fine"]["computed"]):
            # JSON rounds curves to 6 significant digits.
            check(abs(a - b) <= 5.1e-6 * abs(a), f"{where}: fine curve differs from JSON")


def check_h5py(path, document):
    count = 0
    with h5py.File(path) as file:
        check(file.attrs["schema_version"] == document["schema_version"], "schema version")
        for case in document["cases"]:
            group = file[case["name"]]
            check(group.attrs["citation"] == case["citation"], case["name"] + ": citation")
            for quantity in case["quantities"]:
                check_quantity(group[quantity["name"]], quantity, case["name"] + "/" + quantity["name"])
                count += 1
        table = file["tables/quantities"]
        names = [c["name"] + "/" + q["name"] for c in document["cases"] for q in c["quantities"]]
        check([n.decode() for n in table["quantity"]] == names, "table of quantities")
        check(list(file["tables/measurements/pass"]) == [t["pass"] for t in document["summary"]["measurements"]], "tally")
        fitted = [p["value"] for c in document["cases"] for f in c["fits"] for p in f["parameters"]]
        check(all(map(same, file["tables/fitted/value"], fitted)), "fitted values")
        check(len(file["tables/changes/quantity"]) == len(document["changes"]), "changes")
    check(count > 0, "no quantity was checked")


def check_xarray(path, document):
    try:
        import netCDF4  # noqa: F401  the engine
        import xarray
    except ImportError:
        return "xarray not here"
    for case in document["cases"]:
        for quantity in case["quantities"]:
            with xarray.open_dataset(path, group=f"/{case['name']}/{quantity['name']}", engine="netcdf4") as data:
                check("x" in data.published.coords and data.published.dims == ("point",), "coordinates")
                check(data.published.attrs["units"] == (quantity["unit"] or "1"), "unit")
    with xarray.open_dataset(path, group="/tables/quantities", engine="netcdf4") as table:
        frame = table.to_dataframe()
        check(list(frame.verdict) == [q["verdict"] for c in document["cases"] for q in c["quantities"]], "verdicts")
    return "xarray " + xarray.__version__


def check_ncdump(path, document):
    program = shutil.which("ncdump")
    if not program:
        return "ncdump not here"
    header = subprocess.run([program, "-h", path], capture_output=True, text=True, check=True).stdout
    for case in document["cases"]:
        check(f"group: {case['name']} {{" in header, "ncdump sees no group " + case["name"])
    return "ncdump"


def main(first, second=None):
    with tempfile.TemporaryDirectory() as scratch:
        hdf5, text = first, second
        if second is None:
            subprocess.run([first, "--test-case=report files*"], check=True, stdout=subprocess.DEVNULL,
                           env={**os.environ, "PHOTONLINK_REPORT_FOLDER": scratch})
            hdf5, text = scratch + "/validation.h5", scratch + "/validation.json"
        document = json.loads(pathlib.Path(text).read_text(encoding="utf-8"))
        check_h5py(hdf5, document)
        print("read by h5py", h5py.__version__, "|", check_xarray(hdf5, document), "|", check_ncdump(hdf5, document))


if __name__ == "__main__":
    main(*sys.argv[1:])
