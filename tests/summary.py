"""Sums up the JUnit files of ctest and pytest in a folder as one line.

A ctest program that is itself a test runner (gtest, or one that prints "N checks passed") counts with its own
number of cases.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# gtest's closing line, and that of the C tests.
PASSED = re.compile(r"^(?:\[  PASSED  \] (\d+) tests?\.|(\d+) checks passed)", re.MULTILINE)
FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below", re.MULTILINE)
SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) tests?, listed below", re.MULTILINE)


def total(pattern: re.Pattern, text: str) -> int:
    return sum(int(next(filter(None, match.groups()))) for match in pattern.finditer(text))


def main() -> int:
    passed = failed = skipped = 0
    programs, seconds = 0, 0.0
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.xml"))
    for file in files:
        for case in ElementTree.parse(file).getroot().iter("testcase"):
            programs += 1
            seconds += float(case.get("time") or 0)
            output = case.findtext("system-out") or ""
            bad = case.find("failure") is not None or case.find("error") is not None
            if bad:
                failed += max(1, total(FAILED, output))
                passed += total(PASSED, output)
            elif case.find("skipped") is not None or case.get("status") == "notrun":
                skipped += 1
            else:
                passed += total(PASSED, output) or (0 if SKIPPED.search(output) else 1)
                skipped += total(SKIPPED, output)
    print(f"{passed} tests passed, {failed} failed, {skipped} skipped ({programs} test programs and functions, "
          f"{seconds:.0f} s)")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
