"""The wheel: what is in it, what it needs, and that it works where nothing of the source is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import libcsat as cs
import pytest
from conftest import SERVICE

INSTALLED = Path(cs.__file__).parent
DIST = Path(__file__).parents[3] / "dist"


def output(*command: object) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def extension() -> Path:
    return next(INSTALLED.glob("_capi.*so"))


def test_what_the_wheel_holds() -> None:
    for name in ("py.typed", "_capi.pyi", "libcsat.so.0", "schema/policy.schema.json", "demo/generate.py"):
        assert (INSTALLED / name).is_file(), name
    assert {path.stem for path in (INSTALLED / "policies").glob("*.json")} == set(cs.Policy.names())
    notices = {path.name for path in (INSTALLED / "licences").iterdir()}
    assert {"abseil", "protobuf", "simdjson", "openssl", "eigen", "boost"} <= notices
    assert (INSTALLED / "schema" / "policy.schema.json").read_text(encoding="utf-8").strip() != ""


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not here")
def test_what_the_libraries_need_and_show() -> None:
    own = {"libcsat.so.0"}
    system = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}
    for path in (INSTALLED / "libcsat.so.0", extension()):
        dynamic = output("readelf", "-dW", path)
        needed = set(re.findall(r"NEEDED.*\[(.+)\]", dynamic))
        assert needed <= own | system, path
    assert re.search(r"R(UN)?PATH.*\[\$ORIGIN\]", output("readelf", "-dW", extension()))
    symbols = output("readelf", "--dyn-syms", "-W", INSTALLED / "libcsat.so.0")
    shown = re.findall(r"(?:FUNC|OBJECT)\s+(?:GLOBAL|WEAK)\s+DEFAULT\s+\d+\s+(\w+)", symbols)
    assert shown and all(name.startswith("csat_") for name in shown)


@pytest.mark.slow
def test_the_wheel_in_a_fresh_environment(tmp_path: Path) -> None:
    wheels = list(DIST.glob("libcsat-*.whl"))
    if not wheels:
        pytest.skip("script/wheel has not been run")
    with zipfile.ZipFile(wheels[0]) as file:
        assert file.testzip() is None
    fresh = tmp_path / "venv"
    output(sys.executable, "-m", "venv", fresh)
    python = fresh / "bin" / "python"
    output(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheels[0])
    # A record needs nothing but the wheel.
    code = (
        "import libcsat; p = libcsat.Policy.load('retail-after-sales'); assert not p.run_cases().failed; "
        "assert p.score_one({}, 'period_score').outcome == 'insufficient'; print(libcsat.__file__)"
    )
    assert str(fresh) in output(python, "-c", code)
    # The command needs its dependencies; they are borrowed from here, after the wheel's own.
    site = Path(output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    assert "1 of 1 cases passed" in output(fresh / "bin" / "csat", "check", SERVICE)
