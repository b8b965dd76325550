#!/usr/bin/env python3
"""Opens the result.h5 of `photonlink com` with h5py (and xarray where installed) and holds it against result.json.

Usage: tests/oracles/read_com_hdf5.py photonlink config.toml through.s4p     Exits 77 (skipped) without h5py.
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

try:
    import h5py
except ImportError:
    print("skipped: no h5py")
    sys.exit(77)

CURVES = {"pulse": ("time_UI", "unequalized_V", "equalized_V"), "distribution": ("voltage_V", "log10_probability")}
LISTS = ("transmit_taps", "receive_taps", "limited_receive_taps", "dfe_taps", "floating_taps", "limited_dfe_taps")


def check(condition, message):
    if not condition:
        sys.exit("FAILED: " + message)


def same(number, reference, tolerance=0.0):
    """JSON's null is HDF5's NaN."""
    return math.isnan(number) if reference is None else abs(number - reference) <= tolerance * abs(reference)


def check_case(group, case):
    count = 0
    check(group.attrs["name"] == case["name"] and bool(group.attrs["passes"]) == case["passes"], "attributes of a case")
    for key, value in case.items():
        if isinstance(value, float) or value is None:
            check(same(group[key][()], value), f"{key} differs from JSON")
            check(isinstance(group[key].attrs["units"], str), f"{key} has no units")
            count += 1
    for key in LISTS:
        check(list(group[key][()]) == case[key], f"{key} differs from JSON")
    for name, keys in CURVES.items():
        for key in keys:
            check(all(same(a, b, 1e-5) for a, b in zip(group[name][key][()], case[name][key], strict=True)), key)
        for key in keys[1:]:
            check(group[name][key].dims[0][0].name.endswith(keys[0]), f"{key} has no scale")
    return count


def main(command, config, through):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run([command, "com", config, through, "-q", "-o", str(out)], check=True)
        document = json.loads((out / "result.json").read_text(encoding="utf-8"))
        with h5py.File(out / "result.h5") as file:
            check(file["configuration_text"][()].decode() == document["configuration"]["text"], "configuration text")
            for key in ("com_dB", "limit_com_dB", "nyquist_loss_dB", "integrated_crosstalk_V", "symbol_rate_Bd"):
                check(same(file[key][()], document[key]), f"{key} differs from JSON")
            check([p.decode() for p in file["files/path"]] == [f["path"] for f in document["files"]], "files")
            count = sum(check_case(file[f"case_{i + 1}"], case) for i, case in enumerate(document["cases"]))
        check(count > 40, f"only {count} figures were compared")
        try:
            import xarray
            pulse = xarray.open_dataset(out / "result.h5", group="/case_1/pulse")
            check(pulse.equalized_V.dims == ("time_UI",), "xarray sees another dimension")
        except ImportError:
            print("no xarray: not opened with it")
    print(f"{count} figures equal")


if __name__ == "__main__":
    main(*sys.argv[1:4])
