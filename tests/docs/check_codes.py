"""Compares the codes of docs/checker.md with those that the sources report, and their severities with the
messages of tests/policy/broken.

usage: check_codes.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
ROW = re.compile(r"^\| `([a-z0-9-]+)` \|(?: (error|warning|error, warning) \|)?", re.MULTILINE)
LITERAL = re.compile(r'"((?:[a-z]+-)+[a-z0-9]+)"')
PRINTED = re.compile(r"^\S+: (error|warning)\[([a-z0-9-]+)\]:", re.MULTILINE)

documented = {}
for code, severity in ROW.findall((root / "docs/checker.md").read_text(encoding="utf-8")):
    if code in documented:
        sys.exit(f"docs/checker.md: {code} stands twice")
    documented[code] = set(severity.split(", ")) if severity else {"error"}

reported = set()
for file in sorted((root / "src/policy").iterdir()):
    text = re.sub(r"//.*", "", file.read_text(encoding="utf-8"))
    # A Chinese or English message is a literal with spaces; a code never has one.
    reported |= set(LITERAL.findall(text))

problems = [f"{code} is reported by src/policy and not in docs/checker.md" for code in sorted(reported - documented.keys())]
problems += [f"{code} stands in docs/checker.md and is reported nowhere" for code in sorted(documented.keys() - reported)]
for file in sorted((root / "tests/policy/broken").glob("*.txt")):
    for severity, code in PRINTED.findall(file.read_text(encoding="utf-8")):
        if code in documented and severity not in documented[code]:
            problems.append(f"{file.name}: {code} is a {severity}, docs/checker.md says {documented[code]}")
for problem in sorted(set(problems)):
    print(problem)
if not problems:
    print(f"{len(documented)} checks passed")
sys.exit(1 if problems else 0)
