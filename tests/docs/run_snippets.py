"""Runs the code blocks of documents, in order, each document in a folder of its own.

A comment on the line before a block says what becomes of it:
  <!-- file NAME -->     the block is written to NAME
  <!-- run -->           the block is a shell script that has to succeed; it runs as it stands
  <!-- run python -->    the same for a Python script
  <!-- prints -->        what the run before it has printed, to the letter
Other blocks are for the eye. Commands find the installed libraries in SHARED and `csat` in the
project's Python environment; where that is absent, runs that need it are left out with a word. So are
those that import pyspark where there is no pyspark or no Java.

usage: run_snippets.py ROOT WORK DOCUMENT...
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

root, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
BLOCK = re.compile(r"^<!-- (file [\w./-]+|run python|run|prints) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
venv = pathlib.Path(os.environ.get("CSAT_VENV", root / "build/venv")).absolute()
python = venv / "bin/python"
have_python = python.exists() and not subprocess.run([python, "-c", "import libcsat"], capture_output=True).returncode

have_spark = have_python and bool(shutil.which("java") or os.environ.get("JAVA_HOME"))
have_spark = have_spark and not subprocess.run([python, "-c", "import pyspark"], capture_output=True).returncode

shared, deps = os.environ["SHARED"], os.environ["DEPS"]
environment = dict(
    os.environ,
    PATH=f"{venv / 'bin'}:{os.environ['PATH']}",
    PKG_CONFIG_PATH=f"{shared}/lib/pkgconfig",
    LD_LIBRARY_PATH=f"{shared}/lib",
    CMAKE_PREFIX_PATH=f"{shared}:{deps}",
    CMAKE_GENERATOR="Ninja",
    COLUMNS="100",
    SPARK_LOCAL_IP="127.0.0.1",
)

checks = skipped = without_spark = 0
shutil.rmtree(work, ignore_errors=True)
for document in sys.argv[3:]:
    folder = work / document.replace("/", "-")
    folder.mkdir(parents=True)
    for entry in root.iterdir():  # The document speaks of the root of a checkout.
        # tmp is what a reader of the document made there; here it is a folder of its own.
        if not entry.name.startswith(".") and entry.name != "tmp":
            (folder / entry.name).symlink_to(entry)
    (folder / "tmp").mkdir()
    text = (root / document).read_text(encoding="utf-8")
    printed = None
    for match in BLOCK.finditer(text):
        kind, block = match.groups()
        block = block.replace("/tmp/", f"{folder}/tmp/")
        line = text.count("\n", 0, match.start()) + 2
        if kind.startswith("file "):
            (folder / kind[len("file "):]).write_text(block, encoding="utf-8")
        elif kind == "prints":
            if printed is not None and printed.strip() != block.strip():
                sys.exit(f"{document}:{line}: printed\n{printed}\ninstead of\n{block}")
            checks += printed is not None
        elif not have_python and (kind == "run python" or re.search(r"^(csat|python|pip) ", block, re.MULTILINE)):
            printed, skipped = None, skipped + 1
        elif not have_spark and re.search(r"^(import|from) pyspark", block, re.MULTILINE):
            printed, without_spark = None, without_spark + 1
        else:
            command = [str(python), "-c", block] if kind == "run python" else ["sh", "-euc", block]
            run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
            if run.returncode:
                sys.exit(f"{document}:{line}: exit status {run.returncode}\n{block}\n{run.stdout}{run.stderr}")
            printed, checks = run.stdout, checks + 1
if skipped:
    print(f"{skipped} snippets left out: libcsat is not installed in {venv}")
if without_spark:
    print(f"{without_spark} snippets left out: no pyspark in {venv}, or no Java (script/bootstrap spark)")
print(f"{checks} checks passed")
