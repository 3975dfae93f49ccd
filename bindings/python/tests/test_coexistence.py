"""libcsat beside packages with an Abseil, Protobuf or Arrow of their own: each used, in both orders."""

from __future__ import annotations

import importlib.util
import itertools
import os
import subprocess
import sys

import pytest
from conftest import SERVICE

LIBCSAT = f"""
import libcsat
policy = libcsat.Policy.load({str(SERVICE)!r})
record = dict(wait_minutes=20, solved=3, tickets=4, rating=4, reply_seconds=[10, 95], leaks=0)
assert policy.score_one(record).score == 78
try:
    libcsat.Policy.load('{{"id": 5}}')
except libcsat.PolicyError as error:
    assert error.line == 1
"""

# Protobuf: a message type of the very name and file that libcsat has inside.
PROTOBUF = """
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
file = descriptor_pb2.FileDescriptorProto(name="csat/v1/policy.proto", package="csat.v1", syntax="proto3")
message = file.message_type.add(name="Policy")
message.field.add(name="other", number=1, type=9, label=1)
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
kind = message_factory.GetMessageClass(pool.FindMessageTypeByName("csat.v1.Policy"))
one = kind(other="x")
assert kind.FromString(one.SerializeToString()) == one
assert json_format.Parse(json_format.MessageToJson(one), kind()) == one
"""

GRPC = """
from concurrent import futures
import grpc
handler = grpc.unary_unary_rpc_method_handler(lambda request, context: request[::-1])
server = grpc.server(futures.ThreadPoolExecutor(2))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("t.T", {"Turn": handler}),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
    assert channel.unary_unary("/t.T/Turn")(b"abc", timeout=20) == b"cba"
server.stop(None).wait()
"""

# Arrow's own buffers: with Python files its threads now and then end the process when the interpreter ends.
PYARROW = """
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, dataset, flight, parquet
table = pa.table({"x": [1, 2, 3]})
sink = pa.BufferOutputStream()
parquet.write_table(table, sink)
assert parquet.read_table(pa.BufferReader(sink.getvalue())).equals(table)
assert pc.sum(table["x"]).as_py() == 6
flight.FlightDescriptor.for_path("x").serialize()
"""

ONNX = """
import onnx
from onnx import TensorProto, checker, helper, shape_inference
node = helper.make_node("Relu", ["x"], ["y"])
x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [2]) for n in "xy")
model = helper.make_model(helper.make_graph([node], "g", [x], [y]))
checker.check_model(model)
assert shape_inference.infer_shapes(onnx.load_model_from_string(model.SerializeToString())).graph.node
"""

DUCKDB = """
import duckdb
assert duckdb.sql("select sum(x) from range(4) t(x)").fetchall() == [(6,)]
"""

PACKAGES = {
    "protobuf": ("google.protobuf", PROTOBUF),
    "grpcio": ("grpc", GRPC),
    "pyarrow": ("pyarrow", PYARROW),
    "onnx": ("onnx", ONNX),
    "duckdb": ("duckdb", DUCKDB),
}


def installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def run(*parts: str, everywhere: bool = False) -> None:
    flags = "import os, sys\nsys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)\n" if everywhere else ""
    done = subprocess.run(
        [sys.executable, "-c", flags + "\n".join(parts)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, "GRPC_VERBOSITY": "ERROR"},
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("everywhere", [False, True], ids=["symbols apart", "symbols global"])
@pytest.mark.parametrize("first", [True, False], ids=["libcsat first", "libcsat last"])
@pytest.mark.parametrize("name", PACKAGES)
def test_beside_one_package(name: str, first: bool, everywhere: bool) -> None:
    module, use = PACKAGES[name]
    if not installed(module):
        pytest.skip(f"{name} is not installed")
    parts = [LIBCSAT, use] if first else [use, LIBCSAT]
    run(*parts, *parts, everywhere=everywhere)


@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "turned round"])
def test_beside_all_packages(turn: int) -> None:
    there = [use for module, use in PACKAGES.values() if installed(module)]
    if not there:
        pytest.skip("none of the packages is installed")
    run(*itertools.chain.from_iterable((LIBCSAT, use) for use in there[::turn]), LIBCSAT)


SUBINTERPRETER = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
asked = "try: import libcsat._capi\\nexcept ImportError as e: assert 'main interpreter alone' in str(e)"
failed = interpreters.run_string(interpreters.create(), asked + "\\nelse: raise AssertionError('imported')")
assert failed is None, failed
"""


def test_a_subinterpreter_is_refused_and_harms_nobody() -> None:
    """In a process of its own: what could break is its main interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", SUBINTERPRETER + LIBCSAT], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
