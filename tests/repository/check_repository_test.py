"""tools/check_repository on a small clean tree, then with one violation at a time: exactly that one is reported."""
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_repository"
LOADER = importlib.machinery.SourceFileLoader("check_repository", str(SCRIPT))
check_repository = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_repository", LOADER))
LOADER.exec_module(check_repository)

README = "# Folder\n\nWhat lives here.\nWhat does not.\nWhere to start.\n"
BIB = "@article{Alpha2001,\n}\n@book{Beta1999,\n}\n"
CLEAN = {
    "LICENSE": "licence\n",
    "lib/README.md": README, "lib/core/README.md": README, "lib/signal/README.md": README,
    "lib/core/units.hpp": "/// Eq. (3) in \\cite Alpha2001.\n#pragma once\n",
    "lib/signal/fft.cpp": '#include "core/units.hpp"\n#include <fftw3.h>\n',
    "devices/README.md": README, "devices/physics/README.md": README,
    "devices/registry.hpp": '#include "core/units.hpp"\n',
    "devices/registry.cpp": '#include "devices/registry.hpp"\n#include "devices/ring.hpp"\n',
    "devices/ring.hpp": '#include "devices/physics/junction.hpp"\n',
    "devices/ring.cpp": '#include "devices/ring.hpp"\n',
    "devices/fiber.hpp": "/// \\cite Alpha2001, \\cite Beta1999\n",
    "devices/physics/junction.hpp": '#include "core/units.hpp"  // after \\cite{Alpha2001,Beta1999}\n',
    "solvers/README.md": README, "solvers/pattern.hpp": '#include "devices/registry.hpp"\n',
    "tests/README.md": README, "tests/lib/units_test.cpp": "// doctest::Approx is not used\n",
    "docs/README.md": README, "docs/references.bib": BIB,
    "meson.build": "\n" * 60,
}
# rule, file, its text with the violation
VIOLATIONS = [
    ("layering", "lib/core/units.hpp", '#include "devices/ring.hpp"\n'),
    ("layering", "devices/ring.cpp", '#include "solvers/pattern.hpp"\n'),
    ("layering", "solvers/pattern.hpp", '#include "core/absent.hpp"\n'),
    ("layering", "solvers/pattern.hpp", '#include "tests/lib/units_test.cpp"\n'),
    ("device_independence", "devices/ring.hpp", '#include "devices/fiber.hpp"\n'),
    ("device_independence", "devices/ring.hpp", '#include "fiber.hpp"\n'),
    ("device_independence", "devices/ring.cpp", '#include "devices/registry.hpp"\n'),
    ("device_independence", "devices/physics/junction.hpp", '#include "devices/ring.hpp"\n'),
    ("citations", "lib/core/units.hpp", "/// \\cite Gamma2020.\n"),
    ("citations", "docs/README.md", README + "after \\cite{Alpha2001,Gamma2020}\n"),
    ("bibliography_order", "docs/references.bib", "@book{Beta1999,\n}\n@article{Alpha2001,\n}\n"),
    ("bibliography_order", "docs/references.bib", BIB + "@book{Beta1999,\n}\n"),
    ("citations", "lib/core/units.hpp", "/// after \\cite\n/// Gamma2020.\n"),
    ("bibliography_entries", "docs/references.bib", BIB.replace("}", "", 1)),
    ("bibliography_entries", "docs/references.bib", BIB + "@book{Gamma2020,\n}\n"),
    ("folder_readmes", "lib/core/README.md", None),
    ("folder_readmes", "lib/core/README.md", "# Short\n"),
    ("folder_readmes", "lib/core/README.md", "line\n" * 16),
    ("folder_readmes", "examples/new/study.toml", "\n"),
    ("folder_readmes", "examples/new/README.md", "line\n" * 201),
    ("one_door_to_fftw", "solvers/pattern.hpp", "#include <fftw3.h>\n"),
    ("no_approx", "tests/lib/units_test.cpp", "CHECK(x == doctest::Approx(1.0));\n"),
    ("no_approx", "tests/lib/units_test.cpp", "CHECK(x == Approx(1.0));\n"),
    ("no_unfinished_words", "devices/ring.cpp", "// TODO\n"),
    ("no_unfinished_words", "docs/README.md", README + "FIXME later\n"),
    ("no_unfinished_words", "meson.build", "# XXX\n"),
    ("no_unfinished_words", "LICENSE", "HACK\n"),
    ("file_lengths", "lib/core/units.hpp", "\n" * 261),
    ("file_lengths", "lib/signal/fft.cpp", "\n" * 451),
    ("file_lengths", "meson.build", "\n" * 61),
]


def violations_of(tree):
    with tempfile.TemporaryDirectory() as root:
        for name, text in tree.items():
            path = pathlib.Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check_repository.check(root)


class CheckRepository(unittest.TestCase):
    def test_clean_tree_has_no_violation(self):
        self.assertEqual(violations_of(CLEAN), [])

    def test_each_violation_is_reported_alone(self):
        for rule, name, text in VIOLATIONS:
            with self.subTest(rule=rule, name=name, text=text):
                tree = {**CLEAN, name: text}
                if text is None:
                    del tree[name]
                if name.startswith("examples/new/"):
                    tree["examples/README.md"] = README
                found = violations_of(tree)
                self.assertEqual([v[0] for v in found], [rule], found)
                self.assertIn(name.rsplit("/", 1)[0], found[0][1])

    def test_readme_of_an_example_may_be_a_page(self):
        self.assertEqual(violations_of({**CLEAN, "examples/README.md": README,
                                        "examples/new/README.md": "line\n" * 100}), [])

    def test_results_in_a_readme_do_not_count(self):
        begin, end = check_repository.RESULTS
        block = begin + "\n" + "row\n" * 50 + end + "\n"
        self.assertEqual(violations_of({**CLEAN, "docs/README.md": README + block}), [])
        for broken in (README + block.replace(end, ""), README + end + "\n" + block.replace(end + "\n", "")):
            self.assertEqual([v[0] for v in violations_of({**CLEAN, "docs/README.md": broken})], ["folder_readmes"])

    def test_every_rule_has_a_violation(self):
        self.assertEqual({rule.__name__ for rule in check_repository.RULES}, {rule for rule, _, _ in VIOLATIONS})

    def test_build_and_result_folders_are_not_read(self):
        self.assertEqual(violations_of({**CLEAN, "build/x.cpp": "// TODO\n", "results/y.md": "TODO\n"}), [])


if __name__ == "__main__":
    unittest.main()
