#!/usr/bin/python3
"""Junctions in a ring for tests/devices/physics/ring_junction_test.cpp by numerical integration.

Run from the top of the source tree:  /usr/bin/python3 tests/oracles/ring_junction.py
Index and absorption of every slice of the waveguide from the carriers that are there (Nedeljkovic, Soref, Mashanovich,
IEEE Photonics J. 3, 1171 (2011); Soref, Bennett, IEEE JQE 23, 123 (1987)), weighted by a Gaussian mode and summed; the
depletion width from Poisson's equation for an abrupt junction (Sze, Ng). Densities in 1/cm^3 as in the publications.
"""
import numpy as np

Q, K, C, EPS0, M0 = 1.602176634e-19, 1.380649e-23, 299792458.0, 8.8541878128e-12, 9.1093837015e-31
EPS_SI, NI, N_SI, T = 11.9, 9.65e9, 3.5, 300.0
FITS = {  # wavelength nm: dn = -(p Ne^q + r Nh^s), da [1/cm] = a Ne^b + c Nh^d, as (p, q, r, s, a, b, c, d)
    "nedeljkovic2011": {1300: (2.98e-22, 1.016, 1.25e-18, 0.835, 3.48e-22, 1.229, 1.02e-19, 1.089),
                        1550: (5.40e-22, 1.011, 1.53e-18, 0.838, 8.88e-21, 1.167, 5.84e-20, 1.109)},
    "soref1987": {1300: (6.2e-22, 1.0, 6.0e-18, 0.8, 6.0e-18, 1.0, 4.0e-18, 1.0),
                  1550: (8.8e-22, 1.0, 8.5e-18, 0.8, 8.5e-18, 1.0, 6.0e-18, 1.0)}}


def effect(fit, nm, n_e, n_h):
    """(-dn, da in 1/m) of electrons and holes; each term a power of the wavelength between the two fits."""
    out = []
    for k, n in ((0, n_e), (2, n_h), (4, n_e), (6, n_h)):
        at = [FITS[fit][w][k] * np.power(n, FITS[fit][w][k + 1]) for w in (1300, 1550)]
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.log(at[1] / at[0]) / np.log(1550 / 1300)
            out.append(np.where(n > 0, at[0] * (nm / 1300) ** power, 0.0))
    return out[0] + out[1], 100 * (out[2] + out[3])


def depletion(fit, nm, na, nd, offset, radius, volt):
    """-dn, da averaged over the mode against the undepleted waveguide, and C per area."""
    vbi = K * T / Q * np.log(na * nd / NI ** 2)
    w = np.sqrt(2 * EPS_SI * EPS0 / Q * (vbi + volt) * (1 / (na * 1e6) + 1 / (nd * 1e6)))
    xp, xn = w * nd / (na + nd), w * na / (na + nd)
    dn = da = 0.0
    for low, high, n_e, n_h in ((offset - xp, offset, 0.0, na), (offset, offset + xn, nd, 0.0)):
        edge = np.linspace(low, high, 200001)
        x = 0.5 * (edge[1:] + edge[:-1])
        share = np.sum(np.sqrt(2 / np.pi) / radius * np.exp(-2 * x ** 2 / radius ** 2)) * (edge[1] - edge[0])
        n, a = effect(fit, nm, np.array(n_e), np.array(n_h))
        dn, da = dn - n * share, da - a * share
    return dn, da, EPS_SI * EPS0 / w


def moscap(fit, nm, thickness, eps, accumulation, offset, radius, volt, mass, tau):
    """The same for a gate `volt` above the flat band; mass 0: silicon gate of n type."""
    sheet = eps * EPS0 / thickness * volt / Q  # 1/m^2
    density = sheet / accumulation * 1e-6
    g = np.sqrt(2 / np.pi) / radius * np.exp(-2 * offset ** 2 / radius ** 2) * accumulation
    n, a = effect(fit, nm, np.array(0.0 if mass else density), np.array(density))
    if mass:
        wave, big = nm * 1e-9, density * 1e6
        n = n + Q ** 2 * wave ** 2 * big / (8 * np.pi ** 2 * C ** 2 * EPS0 * N_SI * mass * M0)
        a = a + Q ** 3 * wave ** 2 * big / (4 * np.pi ** 2 * C ** 3 * EPS0 * N_SI * (mass * M0) ** 2) / (
            Q * tau / (mass * M0))
    return n * g, a * g, eps * EPS0 / thickness


def main():
    rows = []
    for fit in FITS:
        for nm in (1300.0, 1313.0, 1450.0, 1550.0):
            for na, nd, offset, radius in ((2e18, 2e18, 0.0, 0.25e-6), (5e17, 3e18, 60e-9, 0.2e-6), (4e18, 8e17, -80e-9, 0.3e-6)):
                for volt in (-0.3, 0.0, 1.0, 4.0):
                    rows.append([0, list(FITS).index(fit), nm, na, nd, offset, radius, volt,
                                 *depletion(fit, nm, na, nd, offset, radius, volt)])
            for mass, tau in ((0.0, 0.0), (0.35, 12e-15)):
                for volt in (0.4, 1.9):
                    rows.append([1, list(FITS).index(fit), nm, mass, tau, 70e-9, 0.18e-6, volt,
                                 *moscap(fit, nm, 8e-9, 3.9, 5e-9, 70e-9, 0.18e-6, volt, mass, tau)])
    with open("tests/data/ring_junction.csv", "w") as out:
        out.write("# NumPy, tests/oracles/ring_junction.py; kind 0: depletion with acceptors, donors [1/cm^3];\n"
                  "# 1: moscap of 8 nm, permittivity 3.9, 5 nm deep, with mass and scattering time [s] of the gate, volt above flat band\n"
                  "# kind,fit (0 nedeljkovic2011),wavelength_nm,a,b,offset_m,radius_m,volt,minus_dn,da_per_m,C_per_area_F_per_m2\n")
        for row in rows:
            out.write(",".join(repr(float(x)) for x in row) + "\n")


main()
