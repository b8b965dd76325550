#!/usr/bin/python3
"""Reference S-parameters for tests/devices/physics/{ieee_line,transmission_line}_test.cpp from scikit-rf 0.15.

Run from the top of the source tree:  /usr/bin/python3 tests/oracles/lines.py
Propagation and per-length parameters are written here from the equations of the publications, in the units of their
tables; scikit-rf makes networks of them and cascades them. Rows: frequency_Hz, then re, im of S11, S12, S21, S22 on 100 ohm.
"""
import numpy as np

# scikit-rf 0.15 uses names that NumPy 1.24 removed.
np.complex, np.float, np.int, np.bool = complex, float, int, bool

import skrf  # noqa: E402
from skrf.media import DefinedGammaZ0, DistributedCircuit  # noqa: E402

GRID_GHZ = np.array([0.01, 0.1, 0.5, 1, 2.5, 5, 10, 13.28, 26.56, 40, 53.125, 80, 110])
BAND = skrf.Frequency.from_f(GRID_GHZ, unit="ghz")
# 802.3ck (KR) and 802.3dj packages, as the configuration sheets print them: nF, nH, mm, f in GHz, one conductor to ground.
KR = dict(gamma0=0, a1=9.909e-4, a2=2.772e-4, tau=6.141e-3, cd=[1.2e-4], ls=[0.12], cb=0.3e-4, zc=[87.5, 92.5],
          zp=[31, 1.8], cp=0.87e-4)
DJ = dict(gamma0=5e-4, a1=8.9e-4, a2=2e-4, tau=6.141e-3, cd=[0.4e-4, 0.9e-4, 1.1e-4], ls=[0.13, 0.15, 0.14], cb=0.3e-4,
          zc=[87.5, 92.5], zp=[33, 1.8], cp=0.4e-4)


def write(name, network):
    network.renormalize(100)
    with open("tests/data/network/" + name, "w") as out:
        out.write("# scikit-rf %s, tests/oracles/lines.py; frequency_Hz, re im of S on 100 ohm\n" % skrf.__version__)
        for f, s in zip(network.f, network.s):
            out.write(",".join(repr(float(x)) for x in [f] + [p for z in s.ravel() for p in (z.real, z.imag)]) + "\n")


def ieee_gamma_per_mm(sheet):
    """Eq. (93A-9) to (93A-11)."""
    f = GRID_GHZ
    gamma1 = sheet["a1"] * (1 + 1j)
    gamma2 = sheet["a2"] * (1 - 1j * 2 / np.pi * np.log(f)) + 2j * np.pi * sheet["tau"]
    return sheet["gamma0"] + gamma1 * np.sqrt(f) + gamma2 * f


def ieee_line(sheet, zc, mm):
    medium = DefinedGammaZ0(BAND, z0=zc, gamma=1e3 * ieee_gamma_per_mm(sheet))
    line = medium.line(1e-3 * mm, "m")
    line.renormalize(100)
    return line


def ieee_package(sheet):
    """Die to ball. One conductor on 50 ohm reflects as the pair on 100 ohm: scikit-rf's medium of 50 ohm, then relabelled."""
    medium = DefinedGammaZ0(BAND, z0=50, gamma=1j * GRID_GHZ)

    def pair(network):
        network.z0 = 100
        return network

    parts = []
    for c, l in zip(sheet["cd"], sheet["ls"]):
        parts += [pair(medium.shunt_capacitor(1e-9 * c)), pair(medium.inductor(1e-9 * l))]
    parts.append(pair(medium.shunt_capacitor(1e-9 * sheet["cb"])))
    parts += [ieee_line(sheet, zc, mm) for zc, mm in zip(sheet["zc"], sheet["zp"])]
    parts.append(pair(medium.shunt_capacitor(1e-9 * sheet["cp"])))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole ** part
    return whole


C0, MU0, RHO = 299792458.0, 1.25663706212e-6, 1 / 58e6
# A twinax of 30 AWG and a rough board line: SI, differential.
TWINAX = dict(z0=100, dc=0.677, skin=24.6, eps=2.1, tan=3e-4, ref=1e10, low=1e4, high=1e12)
BOARD = dict(z0=93, dc=14.5, skin=68.0, eps=3.5, tan=4e-3, ref=1.2e10, low=1e4, high=1e12, height=0.4e-6)
BALLS = dict(BOARD, height=0, radius=0.36e-6, area=14 * 4 * np.pi / 36)


def imaginary_part(real_part, omega):
    """Kramers-Kronig: of the function analytic in Re s > 0 with this real part, (2w/pi) P int Re(v) / (v^2 - w^2) dv."""
    x = np.linspace(-40, 40, 800001)  # ln(v/w), the pole between two points
    x = x + 0.5 * (x[1] - x[0])
    out = []
    for w in omega:
        v = w * np.exp(x)
        out.append(2 * w / np.pi * np.sum((real_part(v) - real_part(w)) * v / (v * v - w * w)) * (x[1] - x[0]))
    return np.array(out)


def internal_impedance(p, f):
    omega = 2 * np.pi * f
    skin_depth_m = np.sqrt(2 * RHO / (omega * MU0))
    if p.get("height"):
        # Only the real part of Hammerstad and Jensen is published; the imaginary part follows from causality.
        tau = 1.4 * p["height"] ** 2 * MU0 / (2 * RHO)
        real_part = lambda w: np.sqrt(w) * (1 + 2 / np.pi * np.arctan(w * tau))
        shape = (real_part(omega) + 1j * imaginary_part(real_part, omega)) / np.sqrt(2 * np.pi * 1e9)
    elif p.get("radius"):
        def real_part(w):
            ratio = np.sqrt(2 * RHO / (w * MU0)) / p["radius"]
            return np.sqrt(w) * (1 + 1.5 * p["area"] / (1 + ratio + ratio ** 2 / 2))
        shape = (real_part(omega) + 1j * imaginary_part(real_part, omega)) / np.sqrt(2 * np.pi * 1e9)
    else:
        shape = (1 + 1j) * np.sqrt(f / 1e9)
    return np.sqrt(p["dc"] ** 2 + (p["skin"] * shape) ** 2)


def permittivity(p, f):
    """Wideband Debye from one point, Djordjevic et al. 2001 Eq. (6) written with natural logarithms."""
    spread = lambda x: np.log((p["high"] + 1j * x) / (p["low"] + 1j * x))
    step = p["eps"] * p["tan"] / -spread(p["ref"]).imag
    return p["eps"] - step * spread(p["ref"]).real + step * spread(f)


def distributed_line(p, length_m):
    """scikit-rf takes R, L, G, C per metre and makes Z = R + jwL, Y = G + jwC of them."""
    f = BAND.f
    omega = 2 * np.pi * f
    z, eps = internal_impedance(p, f), permittivity(p, f)
    inductance = p["z0"] * np.sqrt(p["eps"]) / C0 + z.imag / omega
    per_eps = 1 / (C0 * p["z0"] * np.sqrt(p["eps"]))
    medium = DistributedCircuit(BAND, R=z.real, L=inductance, G=-omega * per_eps * eps.imag, C=per_eps * eps.real)
    line = medium.line(length_m, "m")
    # On the complex characteristic impedance these are travelling waves; renormalize() of 0.15 would take power waves.
    line.s = skrf.renormalize_s(line.s, line.z0, 100, s_def="traveling")
    line.z0 = 100
    return line


def main():
    write("line_twinax_1m.csv", distributed_line(TWINAX, 1.0))
    write("line_board_hammerstad_150mm.csv", distributed_line(BOARD, 0.15))
    write("line_board_huray_150mm.csv", distributed_line(BALLS, 0.15))
    write("line_ieee_kr_31mm.csv", ieee_line(KR, 87.5, 31))
    write("line_ieee_dj_33mm.csv", ieee_line(DJ, 87.5, 33))
    write("package_kr.csv", ieee_package(KR))
    write("package_dj.csv", ieee_package(DJ))


if __name__ == "__main__":
    main()
