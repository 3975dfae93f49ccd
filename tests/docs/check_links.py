"""Checks that every relative link, and every path in backticks that looks like one of ours, exists.

usage: check_links.py ROOT
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
FOLDERS = "include|src|capi|bindings|policies|examples|tests|benchmarks|docs|script|cmake|tools"
PATH = re.compile(rf"`((?:{FOLDERS}|\.ci)/[A-Za-z0-9_./-]+)`")
listed = subprocess.run(["git", "-C", str(root), "ls-files", "*.md"], capture_output=True, text=True)
names = listed.stdout.split() or [str(file.relative_to(root)) for file in root.glob("*.md")]

checks, problems = 0, []
for name in names:
    file = root / name
    text = file.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        checks += 1
        if not (file.parent / target).exists():
            problems.append(f"{name}: the link to {target} leads nowhere")
    for path in PATH.findall(text):
        checks += 1
        if not (root / path).exists():
            problems.append(f"{name}: there is no {path}")
for problem in problems:
    print(problem)
if not problems:
    print(f"{checks} checks passed")
sys.exit(1 if problems else 0)
