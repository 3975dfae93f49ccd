"""Compares what libcsat.so exports with the headers, with capi/abi/symbols.txt and with the documentation.

usage: abi_list_test.py HEADERS SYMBOLS LIBRARY
       abi_list_test.py --self-test
"""
import pathlib
import re
import subprocess
import sys

DECLARATION = re.compile(r"(/\*\*(?:[^*]|\*(?!/))*\*/\s*)?CSAT_API\s+([^;]*?)\b(csat_\w+)\(([^;]*)\);")


def read_headers(texts):
    """By function: (its comment, its parameters, its result)."""
    found = {}
    for text in texts:
        for comment, result, name, parameters in DECLARATION.findall(text):
            found[name] = (comment, parameters, " ".join(result.split()))
    return found


def read_symbols(text):
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(row) for row in rows]


def read_exports(listing):
    """`listing`: nm -D --defined-only. The version node itself is an absolute symbol."""
    rows = [line.split() for line in listing.splitlines()]
    return [row[2] for row in rows if len(row) == 3 and row[1] != "A"]


def compare(headers, symbols, exports):
    problems = []
    names = [row[0] for row in symbols]
    exported = {name.split("@")[0] for name in exports}
    for row in symbols:
        if len(row) != 3:
            problems.append(f"symbols.txt: '{' '.join(row)}' is not a name and two releases")
    if names != sorted(set(names)):
        problems.append("symbols.txt: the names are not sorted, or one stands twice")
    for name in sorted(headers.keys() - set(names)):
        problems.append(f"{name}: declared, but not in symbols.txt")
    for name in sorted(set(names) - headers.keys()):
        problems.append(f"{name}: in symbols.txt, but not declared")
    for name in sorted(exported - set(names)):
        problems.append(f"{name}: exported, but not in symbols.txt")
    for name in sorted(set(names) - exported):
        problems.append(f"{name}: in symbols.txt, but not exported")
    for name in exports:
        if not name.endswith("@@CSAT_0"):
            problems.append(f"{name}: exported without the version CSAT_0")
    since = {row[0]: row[1:] for row in symbols if len(row) == 3}
    for name, (comment, parameters, result) in sorted(headers.items()):
        if not comment:
            problems.append(f"{name}: without a comment")
            continue
        release, deprecated = since.get(name, ("?", "-"))
        if f"@since {release} " not in comment:
            problems.append(f"{name}: its comment does not say @since {release}")
        if ("@deprecated" in comment) != (deprecated != "-"):
            problems.append(f"{name}: comment and symbols.txt do not agree on its deprecation")
        if "csat_error** error" in parameters and not parameters.rstrip().endswith("csat_error** error"):
            problems.append(f"{name}: error is not its last parameter")
        if "csat_error** error" in parameters and result != "csat_status":
            problems.append(f"{name}: takes an error but does not return csat_status")
    return problems


def self_test():
    header = "/** Does.\n *\n * @since 0.1 */\nCSAT_API csat_status csat_do(int a,\n csat_error** error);\n"
    symbols, exports = "csat_do 0.1 -\n", "0 T csat_do@@CSAT_0\n0 A CSAT_0\n"
    rows = [
        ("all agree", header, symbols, exports, 0),
        ("not in the list", header, "", exports, 3),
        ("not exported", header, symbols, "", 1),
        ("not declared", "", symbols, exports, 1),
        ("exported besides", header, symbols, exports + "0 W _ZNSt6vectorE\n", 2),
        ("no comment", header[header.index("CSAT_API"):], symbols, exports, 1),
        ("other release", header.replace("0.1", "0.2"), symbols, exports, 1),
        ("deprecated in the list only", header, "csat_do 0.1 0.3\n", exports, 1),
        ("error first", header.replace("int a,\n csat_error** error", "csat_error** error, int a"), symbols, exports, 1),
        ("not sorted", header, "csat_do 0.1 -\ncsat_do 0.1 -\n", exports, 1),
    ]
    for name, texts, listed, listing, want in rows:
        got = compare(read_headers([texts]), read_symbols(listed), read_exports(listing))
        if len(got) != want:
            print(f"{name}: {got}, want {want} problems")
            return 1
    print(f"{len(rows)} checks passed")
    return 0


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    folder, symbols, library = sys.argv[1:]
    texts = [path.read_text(encoding="utf-8") for path in sorted(pathlib.Path(folder).rglob("*.h"))]
    headers = read_headers(texts)
    nm = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
    problems = compare(headers, read_symbols(pathlib.Path(symbols).read_text(encoding="utf-8")),
                       read_exports(nm.stdout))
    print("\n".join(problems) if problems else f"{len(headers)} checks passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
