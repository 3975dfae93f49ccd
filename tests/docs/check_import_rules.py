"""Compares the rules and profiles of docs/intake.md with those of the Python package, and the limits.

usage: check_import_rules.py ROOT
"""
import ast
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
package = root / "bindings/python/libcsat/intake"
text = (root / "docs/intake.md").read_text(encoding="utf-8")
problems = []


def section(title: str) -> str:
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if match is None:
        sys.exit(f"docs/intake.md has no section '{title}'")
    return match.group(1)


def rows(title: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", section(title), re.MULTILINE)


def compare(what: str, documented: list[str], known: set[str]) -> int:
    for name in sorted(set(name for name in documented if documented.count(name) > 1)):
        problems.append(f"{what} {name} stands twice in docs/intake.md")
    problems.extend(f"{what} {name} is not in docs/intake.md" for name in sorted(known - set(documented)))
    problems.extend(f"{what} {name} of docs/intake.md does not exist" for name in sorted(set(documented) - known))
    return len(documented)


def strings(file: pathlib.Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, file.read_text(encoding="utf-8"), re.MULTILINE))


def assigned(file: str, name: str) -> ast.expr:
    for node in ast.parse((package / file).read_text(encoding="utf-8")).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value
    sys.exit(f"{file} assigns no {name}")


def keys(file: str, name: str) -> set[str]:
    return {key.value for key in assigned(file, name).keys}


checks = compare("rule", rows("Rules"), keys("rules.py", "RULES"))
profiles = set()
for file in sorted((package / "profiles").glob("*.py")):
    profiles |= strings(file, r'^PROFILE = Profile\(\s*"(\w+)"')
checks += compare("profile", rows("Profiles"), profiles)

standard = []
for cell in re.findall(r"^\| (`[a-z_`, ]+`) \| (?:utf8|timestamp|int64|bool)", section("What comes out"), re.MULTILINE):
    standard += re.findall(r"`(\w+)`", cell)
checks += compare("standard column", standard, keys("plan.py", "STANDARD"))

ceilings = [eval(compile(ast.Expression(value), "", "eval")) for value in assigned("limits.py", "CEILINGS").values]
UNITS = {"": 1, "Mi": 1 << 20, "Gi": 1 << 30}
shown = [
    (int(a.replace(",", "")) * UNITS[x], int(b.replace(",", "")) * UNITS[y])
    for a, x, b, y in re.findall(r"\| ([\d,]+) ?(Mi|Gi|) \| ([\d,]+) ?(Mi|Gi|) \|", section("Limits"))
]
defaults = re.findall(r"^    \w+: int = (.+)$", (package / "limits.py").read_text(encoding="utf-8"), re.MULTILINE)
if shown != list(zip([eval(value) for value in defaults], ceilings, strict=True)):
    problems.append(f"docs/intake.md says the limits {shown}, limits.py {defaults} and {ceilings}")
checks += len(shown)

for problem in problems:
    print(problem)
if not problems:
    print(f"{checks} checks passed")
sys.exit(1 if problems else 0)
