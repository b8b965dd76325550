#!/usr/bin/python3
"""Reference values for tests/lib/touchstone_test.cpp and tests/lib/s_parameters_test.cpp from scikit-rf 0.15.

Run from the top of the source tree:  /usr/bin/python3 tests/oracles/scikit_rf_networks.py
Writes tests/data/network/*: small random passive networks as Touchstone files in every format, and CSV files whose
rows are  frequency_Hz, then re, im of every element, row-major S[out, in].
"""
import gzip
import os
import tempfile

import numpy as np

# scikit-rf 0.15 uses names that NumPy 1.24 removed.
np.complex, np.float, np.int, np.bool = complex, float, int, bool

import skrf  # noqa: E402

OUT = "tests/data/network/"
CHANNELS = "examples/microring_vs_copper/channels/"
STEP = 200  # every 200th point of the large files
HEADER = "# scikit-rf %s, tests/oracles/scikit_rf_networks.py; frequency_Hz, re im of %%s\n" % skrf.__version__


def write_csv(name, what, frequency_Hz, blocks):
    with open(OUT + name, "w") as out:
        out.write(HEADER % what)
        for k, f in enumerate(frequency_Hz):
            numbers = [f]
            for s in blocks:
                for z in s[k].ravel():
                    numbers += [z.real, z.imag]
            out.write(",".join(repr(float(x)) for x in numbers) + "\n")


def read(path):
    """scikit-rf reads no gzip."""
    if not path.endswith(".gz"):
        return skrf.Network(path)
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, os.path.basename(path)[:-3])
        with open(plain, "wb") as out:
            out.write(gzip.open(path).read())
        return skrf.Network(plain)


def random_passive(rng, points, ports):
    s = rng.normal(size=(points, ports, ports)) + 1j * rng.normal(size=(points, ports, ports))
    norm = np.linalg.svd(s, compute_uv=False)[:, 0]
    return 0.95 * s / norm[:, None, None]


def pair(z, form):
    if form == "RI":
        return "%.17g %.17g" % (z.real, z.imag)
    magnitude = abs(z) if form == "MA" else 20 * np.log10(abs(z))
    return "%.17g %.17g" % (magnitude, np.degrees(np.angle(z)))


def write_touchstone(path, f, unit, form, ohm, s):
    """Rows of a matrix on their own lines, at most four pairs per line; 2-ports on one line as S11 S21 S12 S22."""
    ports = s.shape[1]
    with open(path, "w") as out:
        out.write("! random passive network, tests/oracles/scikit_rf_networks.py\n# %s S %s R %g\n" % (unit, form, ohm))
        for k in range(len(f)):
            if ports == 2:
                out.write("%g %s\n" % (f[k], " ".join(pair(z, form) for z in s[k].T.ravel())))
                continue
            for i in range(ports):
                start = "%g " % f[k] if i == 0 else "   "
                for j in range(0, ports, 4):
                    out.write(start + " ".join(pair(z, form) for z in s[k, i, j:j + 4]) + " ! row %d\n" % (i + 1))
                    start = "   "


def rows(s, form, triangle):
    """Pairs of a matrix, a row on its own line; all of them or one triangle."""
    n = len(s)
    part = {"Full": lambda i: range(n), "Lower": lambda i: range(i + 1), "Upper": lambda i: range(i, n)}[triangle]
    return "\n  ".join(" ".join(pair(s[i, j], form) for j in part(i)) for i in range(n))


def write_touchstone_2(name, form, s, keywords, triangle="Full", extra=""):
    """Two frequencies of any S as version 2; what makes the file special stands in `keywords`."""
    with open(OUT + name, "w") as out:
        out.write("! tests/oracles/scikit_rf_networks.py\n[Version] 2.0\n# MHz S %s R 50\n[Number of Ports] %d\n%s"
                  "[Number of Frequencies] %d\n[Matrix Format] %s\n[Network Data]\n"
                  % (form, s.shape[1], keywords, len(s), triangle))
        for k in range(len(s)):
            out.write("%g %s ! point %d\n" % (1000 * (k + 1), rows(s[k], form, triangle), k + 1))
        out.write(extra + "[End]\n")


def version_2(rng):
    """Files of version 2 and what they mean in single-ended S on the reference of port 1, by scikit-rf."""
    f = skrf.Frequency.from_f([1, 2], unit="GHz")

    def reference(name, s, z0, target):
        n = skrf.Network(frequency=f, s=s, z0=np.tile(z0, (2, 1)), name=name)
        n.renormalize(target)
        write_csv(name + ".csv", "S on %g ohm" % target, n.f, [n.s])

    two = random_passive(rng, 2, 2)
    write_touchstone_2("v2_two.s2p", "RI", two, "[Two-Port Data Order] 12_21\n[Reference] 50 75\n"
                       "[Number of Noise Frequencies] 1\n", extra="[Noise Data]\n4 .7 .64 69 .38\n")
    reference("v2_two", two, [50, 75], 50)
    swapped = two.transpose(0, 2, 1)
    write_touchstone_2("v2_two_21.ts", "MA", swapped, "[Two-Port Data Order] 21_12\n[Reference]\n50\n75\n")
    symmetric = random_passive(rng, 2, 4)
    symmetric = 0.5 * (symmetric + symmetric.transpose(0, 2, 1))
    for triangle in "Lower", "Upper":
        write_touchstone_2("v2_%s.s4p" % triangle.lower(), "DB", symmetric,
                           "[Reference] 40\n 60\n45 55\n", triangle)
    reference("v2_triangle", symmetric, [40, 60, 45, 55], 40)
    # Ports 2,3 and 4,5 as pairs, port 1 alone: modes first, in an order of their own. Rows of M are the modes.
    single = random_passive(rng, 2, 5)
    h = np.sqrt(0.5)
    modes = np.array([[0, h, -h, 0, 0], [0, 0, 0, h, -h], [1, 0, 0, 0, 0], [0, 0, 0, h, h], [0, h, h, 0, 0]])
    write_touchstone_2("v2_mixed.s5p", "RI", modes @ single @ modes.T,
                       "[Reference] 50 45 45 60 60\n[Mixed-Mode Order] D2,3 D4,5 S1 C4,5 C2,3\n")
    reference("v2_mixed", single, [50, 45, 45, 60, 60], 50)


def four_port_cascade(rng):
    """Ports 3, 4 of one 4-port on ports 1, 2 of another, joined port by port."""
    f = np.array([0, 1, 2.5, 4, 7])
    pair_of = []
    for name in "hi":
        write_touchstone(OUT + "random_%s.s4p" % name, f, "GHz", "RI", 50, random_passive(rng, len(f), 4))
        pair_of.append(skrf.Network(OUT + "random_%s.s4p" % name))
    joined = skrf.network.connect(pair_of[0], 2, pair_of[1], 0, num=2)
    write_csv("random_h_i_cascade.csv", "S of h then i", joined.f, [joined.s])


def main():
    four_port_cascade(np.random.default_rng(20240613))
    version_2(np.random.default_rng(20240612))
    rng = np.random.default_rng(20240611)
    # Touchstone files that the reader must understand: every format, unit, and an odd impedance.
    cases = [("a", 1, "Hz", "RI", 42.7), ("b", 2, "MHz", "MA", 42.7), ("c", 2, "GHz", "DB", 50),
             ("d", 3, "kHz", "RI", 75), ("e", 4, "GHz", "MA", 42.7), ("f", 6, "GHz", "DB", 33.3), ("g", 2, "GHz", "RI", 50)]
    networks = {}
    for name, ports, unit, form, ohm in cases:
        path = OUT + "random_%s.s%dp" % (name, ports)
        f = np.array([0, 1, 2.5, 4, 7])
        write_touchstone(path, f, unit, form, ohm, random_passive(rng, len(f), ports))
        networks[name] = skrf.Network(path)
        n = networks[name]
        assert abs(n.z0[0, 0] - ohm) < 1e-12, (path, n.z0)
        write_csv("random_%s.csv" % name, "S", n.f, [n.s])
        other = n.copy()
        other.renormalize(61.3)
        write_csv("random_%s_61p3ohm.csv" % name, "S on 61.3 ohm", n.f, [other.s])
    c = networks["c"]
    joined = c ** networks["g"]
    write_csv("random_c_g_cascade.csv", "S of c then g", c.f, [joined.s])
    mixed_modes("random_e_mixed.csv", networks["e"], slice(None))
    # The example channels.
    for stem in ("example2_THRU", "example2_NEXT1", "syn_pcb_714mm_28dB_26p56G"):
        n = read(CHANNELS + stem + ".s4p.gz")
        write_csv(stem + ".csv", "S, every %dth point" % STEP, n.f[::STEP], [n.s[::STEP]])
        order = [0, 2, 1, 3]  # transmitter p, n, receiver p, n
        n.s = n.s[:, order][:, :, order]
        mixed_modes(stem + "_mixed.csv", n, slice(None, None, STEP))


def mixed_modes(name, n, rows):
    """Ports 1p, 1n, 2p, 2n; scikit-rf pairs neighbours and orders the result d1, d2, c1, c2."""
    m = n.copy()
    z0 = n.z0[0, 0].real
    m.se2gmm(p=2, z0_mm=np.tile([2 * z0, 2 * z0, z0 / 2, z0 / 2], (len(n.f), 1)))
    s = m.s[rows]
    write_csv(name, "Sdd, Sdc, Scd, Scc", n.f[rows], [s[:, :2, :2], s[:, :2, 2:], s[:, 2:, :2], s[:, 2:, 2:]])


if __name__ == "__main__":
    main()
