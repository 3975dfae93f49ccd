"""Checks every #include under include/, src/, capi/, bindings/, benchmarks/ and tests/capi against layers.txt.

usage: check_layers.py ROOT                    exit 1 with one line for each breach
       check_layers.py ROOT --symbols ARCHIVE  what the archive's objects call, against the "never symbols" lines
       check_layers.py --self-test
"""
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
SUFFIXES = {".h", ".hpp", ".c", ".cc", ".cpp"}
FOLDERS = ["include", "src", "capi", "bindings", "benchmarks", "tests/capi"]


def read_law(text):
    allowed, never = {}, {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        head, _, words = line.partition(":")
        if head.startswith("never "):
            never.setdefault(head[len("never "):].strip(), set()).update(words.split())
        else:
            allowed[head.strip()] = words.split()
    return allowed, never


def longest(table, path):
    """The entry of the longest folder or file name of `table` that holds `path`."""
    fits = [key for key in table if path == key or path.startswith(key + "/")]
    return max(fits, key=len) if fits else None


def breaches(path, text, allowed, never):
    folder = longest(allowed, path)
    if folder is None:
        return [f"{path}: no line of tests/layers/layers.txt speaks of this folder"]
    banned = longest(never, path)
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, system = match.groups()
        if quoted is not None:
            if not any(quoted == word or (word.endswith("/") and quoted.startswith(word)) for word in allowed[folder]):
                found.append(f'{path}:{number}: {folder} may not include "{quoted}"')
        elif banned is not None and any(system == word or (word.endswith("/") and system.startswith(word))
                                        for word in never[banned]):
            found.append(f"{path}:{number}: {banned} never includes <{system}>")
    return found


def banned_symbols(listing, never):
    """`listing`: what `nm --undefined-only` prints for an archive."""
    found, member = [], ""
    for line in listing.splitlines():
        words = line.split()
        if line.endswith(":"):
            member = line[:-1]
        elif len(words) == 2 and words[1].split("@")[0] in never["symbols"]:
            found.append(f"{member} calls {words[1]}")
    return found


def self_test():
    allowed, never = read_law("a: a/ \na/b: b.h  # why\nnever a: iostream eigen/\n")
    rows = [
        ("own folder", "a/x.h", '#include "a/y.h"', 0),
        ("other folder", "a/x.h", '#include "c/y.h"', 1),
        ("longest folder rules", "a/b/x.h", '#include "a/y.h"', 1),
        ("exact name", "a/b/x.h", '#include "b.h"', 0),
        ("name is no prefix", "a/b/x.h", '#include "b.hpp"', 1),
        ("system header", "a/x.h", "#include <vector>", 0),
        ("banned system header", "a/x.h", "#  include <iostream>", 1),
        ("banned folder of headers", "a/x.h", "#include <eigen/Core>", 1),
        ("banned name is no prefix", "a/x.h", "#include <iostreams>", 0),
        ("unknown folder", "ab/x.h", "", 1),
        ("commented out", "a/x.h", '// #include "c/y.h"', 0),
    ]
    for name, path, text, want in rows:
        got = breaches(path, text, allowed, never)
        if len(got) != want:
            print(f"{name}: {got}, want {want} breaches")
            return 1
    listing = "a.o:\n                 U snprintf\n                 U printf\nb.o:\n                 U time@GLIBC_2.2.5\n"
    got = banned_symbols(listing, {"symbols": {"printf", "time"}})
    if got != ["a.o calls printf", "b.o calls time@GLIBC_2.2.5"]:
        print(f"symbols: {got}")
        return 1
    print(f"{len(rows) + 1} checks passed")
    return 0


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    root = pathlib.Path(sys.argv[1])
    allowed, never = read_law((root / "tests/layers/layers.txt").read_text(encoding="utf-8"))
    if sys.argv[2:3] == ["--symbols"]:
        nm = subprocess.run(["nm", "--undefined-only", sys.argv[3]], capture_output=True, text=True, check=True)
        found = banned_symbols(nm.stdout, never)
        print("\n".join(found) if found else "1 checks passed")
        return 1 if found else 0
    found, files = [], 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root).as_posix()
            if path.suffix in SUFFIXES and "/build/" not in relative and path.is_file():
                files += 1
                found += breaches(relative, path.read_text(encoding="utf-8"), allowed, never)
    for line in found:
        print(line)
    if not found:
        print(f"{files} checks passed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
