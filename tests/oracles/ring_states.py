#!/usr/bin/env python3
"""Steady states of a silicon ring that light heats and bends: coefficients and all roots.

Coupled mode with two-photon absorption, free carriers, Kerr effect and heat as in Barclay, Srinivasan, Painter, Opt.
Express 13, 801 (2005) and de Cea, Atabaki, Ram, Opt. Express 27, 24274 (2019), amplitude rates; the balance of the mode
energy is a polynomial whose roots are the eigenvalues of its companion matrix (numpy.roots).

Run: python3 tests/oracles/ring_states.py   (writes tests/data/ring_states.csv; seed fixed)
Columns: case inputs, then k, kappa, nu, phi, theta, then the number of states and up to five mode energies [J].
"""
import pathlib

import numpy as np
from scipy import constants as sc

rng = np.random.default_rng(5)
BETA, N2, DNDT, SIGMA = 8.4e-12, 4.5e-18, 1.86e-4, 14.5e-22
DENSITY_CM3 = 1e17
ZETA = (8.8e-22 * DENSITY_CM3 + 8.5e-18 * DENSITY_CM3**0.8) / DENSITY_CM3 * 1e-6  # m^3 at 1.55 um



def one_of(*values):
    return float(rng.choice(values))  # a numpy scalar times poly1d is an array, not a polynomial


def between(low, high):
    return float(rng.uniform(low, high))


rows = []
for case in range(40):
    f = one_of(193.4e12, 228e12)
    ng, length = between(2.5, 4.3), between(20e-6, 80e-6)
    area, overlap = between(0.05e-12, 0.4e-12), between(0.7, 1.2)
    two_photon, kerr = one_of(0.0, 1.0, 2.0), one_of(0.0, 1.0)
    absorbed, lifetime = between(0.0, 1.0), one_of(0.0, 50e-12, 1e-9)
    rth, efficiency, bias = one_of(0.0, 1e4, 1e5), one_of(0.0, 0.3), between(0.0, 3.0)
    loss, bus = between(1e9, 5e10), between(1e9, 5e10)
    power = 10 ** between(-3.5, -2)

    volume, photon, omega = area * length, sc.h * f, 2 * np.pi * f
    scale = (sc.c / f / 1.55e-6) ** 2
    # Intensity of the energy U: I = U c / (n_g V); attenuation beta I per length of power, half of it of amplitude.
    k = two_photon * BETA * (sc.c / (ng * volume)) * (sc.c / ng) / 2
    kappa = f / ng * kerr * N2 * sc.c / (ng * volume)
    nu = overlap * SIGMA * scale / volume * (sc.c / ng) / 2
    phi = f / ng * overlap * ZETA * scale / volume
    theta = f / ng * overlap * DNDT

    total = loss + bus
    unit = 2 * bus * power / total**2  # J
    # From the blue side of the line to where heat can pull it.
    cold = total / np.pi * between(-2.0, 0.5) - between(0.0, 0.8) * theta * rth * 2 * absorbed * loss * unit
    u = np.poly1d([unit, 0.0])
    pairs = lifetime * (2 * k * u * u) / (2 * photon)
    rate = total + k * u + nu * pairs
    current = efficiency * sc.e / photon * (2 * absorbed * loss * u + k * u * u)
    heat = 2 * (absorbed * loss + k * u + nu * pairs) * u + bias * current
    detuning = 2 * np.pi * (cold + kappa * u - phi * pairs + theta * rth * heat)
    balance = u * (rate * rate + detuning * detuning) - 2 * bus * power
    roots = np.roots(balance.c / np.max(np.abs(balance.c)))
    real = sorted(x.real for x in roots if abs(x.imag) < 1e-7 * abs(x) and 0 < x.real < 1.0000001)
    grid = np.geomspace(1e-9, 1.0, 400001)
    assert len(real) == np.count_nonzero(np.diff(np.sign(balance(grid)))), "a root was lost"
    energies = [x * unit for x in real][:5]
    inputs = [f, ng, length, area, overlap, two_photon, kerr, absorbed, lifetime, rth, efficiency, bias, loss, bus, power, cold]
    rows.append(inputs + [k, kappa, nu, phi, theta, len(real)] + energies + [0.0] * (5 - len(energies)))

out = pathlib.Path(__file__).resolve().parent.parent / "data" / "ring_states.csv"
with open(out, "w") as file:
    file.write("# made by tests/oracles/ring_states.py\n")
    for row in rows:
        file.write(",".join(f"{x:.16e}" for x in row) + "\n")
print(sum(r[21] > 1 for r in rows), "cases with several states")
