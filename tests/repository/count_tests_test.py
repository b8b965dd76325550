"""tools/count_tests against hand-counted logs."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "count_tests"
DOCTEST = "[doctest] test cases: {:>2} | {:>2} passed | {} failed | 5 skipped"


def verdict(*records):
    """Last line and exit status for a log of (result, stdout) records; None for no log at all."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "testlog.json"
        if records != (None,):
            log.write_text("\n".join(json.dumps({"result": r, "stdout": s}) for r, s in records), encoding="utf-8")
        done = subprocess.run([sys.executable, SCRIPT, log], capture_output=True, text=True, check=False)
        return done.stdout.splitlines()[-1], done.returncode


class CountTests(unittest.TestCase):
    def test_cases_of_doctest_programs_and_other_tests_add_up(self):
        self.assertEqual(verdict(("OK", DOCTEST.format(7, 7, 0)), ("OK", "")), ("8 passed, 0 failed", 0))

    def test_failed_cases_are_counted_one_by_one(self):
        self.assertEqual(verdict(("FAIL", DOCTEST.format(7, 4, 3)), ("OK", "")), ("5 passed, 3 failed", 1))

    def test_coloured_summary_is_read(self):
        coloured = "\x1b[0;36m[doctest] \x1b[0mtest cases: \x1b[0m 2 | \x1b[0;32m 2 passed\x1b[0m | 0 failed\x1b[0m | "
        self.assertEqual(verdict(("OK", coloured)), ("2 passed, 0 failed", 0))

    def test_program_that_dies_counts_as_one_failure(self):
        self.assertEqual(verdict(("TIMEOUT", "")), ("0 passed, 1 failed", 1))
        self.assertEqual(verdict(("ERROR", DOCTEST.format(7, 7, 0))), ("7 passed, 1 failed", 1))

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(verdict(("SKIP", "")), ("0 passed, 0 failed", 1))
        self.assertEqual(verdict(None), ("0 passed, 1 failed", 1))


if __name__ == "__main__":
    unittest.main()
