"""Installs one component of a build, or both, and checks that it is complete and keeps to itself.

usage: check_install.py BUILD shared|static|both PREFIX
"""
import pathlib
import re
import shutil
import subprocess
import sys

build, component, prefix = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
root = pathlib.Path(__file__).resolve().parents[2]
version = (root / "VERSION").read_text(encoding="utf-8").split()[0]

COMMON = [
    "include/csat/v1/policy.proto",
    "include/csat/v1/policy.schema.json",
    "lib/cmake/libcsat/libcsatConfig.cmake",
    "lib/cmake/libcsat/libcsatConfigVersion.cmake",
    "share/doc/libcsat/LICENSE",
    "share/doc/libcsat/NOTICE",
    *(f"share/libcsat/policies/{file.name}" for file in sorted((root / "policies").glob("*.json"))),
]
WANTED = {
    "shared": [
        f"lib/libcsat.so.{version}",
        "lib/libcsat.so.0",
        "lib/libcsat.so",
        "lib/libcsat.a",
        "lib/pkgconfig/libcsat.pc",
        "lib/cmake/libcsat/libcsat-c.cmake",
        *(f"share/doc/libcsat/licences/{name}" for name in ("abseil", "protobuf", "simdjson", "openssl", "eigen", "boost")),
        *(str(file.relative_to(root / "capi")) for file in sorted((root / "capi/include").rglob("*.h"))),
    ],
    "static": [
        "lib/libcsat_cxx.a",
        "lib/cmake/libcsat/libcsat-cxx.cmake",
        "lib/cmake/libcsat/libcsat-cxx-dependencies.cmake",
        *(str(file.relative_to(root)) for file in sorted((root / "include/csat").rglob("*.h"))),
    ],
}
WANTED["both"] = WANTED["shared"] + WANTED["static"]
problems = []
checks = 0


def check(held, problem):
    global checks
    checks += 1
    if not held:
        problems.append(problem)


def symbols(*arguments):
    lines = subprocess.run(["nm", *arguments], capture_output=True, text=True, check=True).stdout.splitlines()
    return [words[-1].split("@")[0] for words in map(str.split, lines) if len(words) >= 3 and words[-2] != "A"]


shutil.rmtree(prefix, ignore_errors=True)
subprocess.run(
    ["cmake", "--install", build, "--prefix", str(prefix)]
    + ([] if component == "both" else ["--component", component]),
    check=True,
    stdout=subprocess.DEVNULL,
)
for name in COMMON + WANTED[component]:
    check((prefix / name).exists(), f"{name} is not installed")
for file in prefix.rglob("*"):
    if file.is_file() and file.suffix in {".cmake", ".pc", ".h"}:
        text = file.read_text(encoding="utf-8")
        check(str(root) not in text and build not in text, f"{file} names the source or build folder")
        if component == "shared":
            word = re.search(r"absl|abseil|protobuf|simdjson|eigen3|boost", text, re.IGNORECASE)
            # The headers may explain that numbers are Abseil's; what is used at build time may not need it.
            check(word is None or file.suffix == ".h", f"{file} speaks of {word and word[0]}")
if component == "shared" and not problems:
    library = prefix / "lib/libcsat.so"
    check(library.resolve().name == f"libcsat.so.{version}", f"libcsat.so leads to {library.resolve().name}")
    headers = subprocess.run(["readelf", "-d", str(library)], capture_output=True, text=True, check=True).stdout
    check("[libcsat.so.0]" in headers, "the SONAME is not libcsat.so.0")
    needed = re.findall(r"NEEDED.*\[(.*?)\]", headers)
    allowed = re.compile(r"(libc|libm|libstdc\+\+|libgcc_s|ld-linux.*|libpthread|libdl)\.so\.\d+$")
    for name in needed:
        check(allowed.match(name), f"libcsat.so needs {name}")
    exported = set(symbols("-D", "--defined-only", str(library)))
    archived = set(symbols("-g", "--defined-only", str(prefix / "lib/libcsat.a")))
    for name in sorted(exported | archived):
        check(name.startswith("csat_"), f"{name} is exported")
    check(exported == archived, f"libcsat.so and libcsat.a differ: {sorted(exported ^ archived)[:5]}")
for problem in problems:
    print(problem)
if not problems:
    print(f"{checks} checks passed")
sys.exit(1 if problems else 0)
