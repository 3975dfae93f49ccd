"""Checks that each symbol of impostor.cc stands inside libcsat, unexported: else the impostors prove nothing.

usage: check_impostors.py impostor.cc libcsat.so
"""
import pathlib
import re
import subprocess
import sys

names = re.findall(r"^void (\w+)\(\)", pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"), re.MULTILINE)
table = subprocess.run(["nm", sys.argv[2]], capture_output=True, text=True, check=True).stdout
inside = {words[2]: words[1] for words in map(str.split, table.splitlines()) if len(words) == 3}
missing = [name for name in names if inside.get(name) != "t"]
for name in missing:
    print(f"{name} is no local function of libcsat")
if not missing and names:
    print(f"{len(names)} checks passed")
sys.exit(1 if missing or not names else 0)
