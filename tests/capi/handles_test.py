"""Calls every function of libcsat.so with handles that are none: NULL, freed, or of another kind, in each
place where one goes, alone or in a list. The functions and their parameters are those of the headers, so a
new one is tried without being named here. None may crash; one that gives a status gives
CSAT_INVALID_ARGUMENT, with a line that says which handle is wrong, and writes nothing.

usage: handles_test.py HEADERS LIBRARY POLICY
"""
import ctypes
import pathlib
import re
import sys

from abi_list_test import read_headers

INVALID_ARGUMENT = 3


class View(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    def text(self):
        return ctypes.string_at(self.data, self.size).decode("utf-8")


NUMBERS = {
    "size_t": ctypes.c_size_t,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "double": ctypes.c_double,
    "csat_status": ctypes.c_int32,
}
RESULTS = {**NUMBERS, "csat_string_view": View, "void": None, "const char*": ctypes.c_char_p}


class Parameter:
    def __init__(self, text, kinds):
        self.type, self.name = re.fullmatch(r"(.*?)\s*(\w+)", text.strip()).groups()
        bare = self.type.replace("const ", "").replace(" const", "")
        self.error = bare == "csat_error**"
        self.kind = bare[:-1] if bare.endswith("*") and bare[:-1] in kinds else None
        of_two = bare.endswith("**") and bare[:-2] in kinds
        self.listed = bare[:-2] if of_two and "const" in self.type else None
        self.out = of_two and not self.listed and not self.error
        # A struct or an array, which would have to be there.
        self.wanted = bare.endswith("*") and not (of_two or self.kind or bare == "char*")


class Function:
    def __init__(self, library, name, parameters, result, kinds):
        self.parameters = [Parameter(p, kinds) for p in parameters.split(",") if p.strip() != "void"]
        self.gives_status = result == "csat_status" and name != "csat_error_code"
        self.call = getattr(library, name)
        self.call.restype = RESULTS[result]
        self.call.argtypes = [NUMBERS.get(p.type, ctypes.c_void_p) for p in self.parameters]


class Schema(ctypes.Structure):
    _fields_ = [
        ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64), ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p), ("release", ctypes.c_void_p), ("private_data", ctypes.c_void_p),
    ]


class Array(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
        ("buffers", ctypes.c_void_p), ("children", ctypes.c_void_p), ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p), ("private_data", ctypes.c_void_p),
    ]


CLEANING = b"""{"id": "c", "version": "1", "effective_from": "2025-01-01", "zone": "UTC", "cleaning": {"rules": [
  {"id": "test", "action": "EXCLUDE", "test_records": {"field": "id"}}], "response_id": "id"}}"""

ASKING = b"""{"id": "c", "version": "1", "effective_from": "2025-01-01", "zone": "UTC", "metrics": [
  {"id": "rating", "number": {"field": "id"}}], "questionnaires": [
  {"id": "q", "version": "1", "items": [{"id": "rating"}]}]}"""


def no_responses():
    """A table without rows of one int64 column, id. Nobody releases it."""
    buffers = (ctypes.c_void_p * 2)()
    column = Schema(b"l", b"id", release=1)
    cells = Array(n_buffers=2, buffers=ctypes.addressof(buffers), release=1)
    columns = (ctypes.c_void_p * 1)(ctypes.addressof(column))
    of_cells = (ctypes.c_void_p * 1)(ctypes.addressof(cells))
    schema = Schema(b"+s", b"", n_children=1, children=ctypes.addressof(columns), release=1)
    array = Array(n_buffers=1, n_children=1, buffers=ctypes.addressof(buffers),
                  children=ctypes.addressof(of_cells), release=1)
    return schema, array, (buffers, column, cells, columns, of_cells)


def main():
    headers = sorted(pathlib.Path(sys.argv[1]).rglob("*.h"))
    declared = read_headers(path.read_text(encoding="utf-8") for path in headers)
    kinds = {name[: -len("_free")] for name in declared if name.endswith("_free")}
    library = ctypes.CDLL(sys.argv[2])
    functions = {
        name: Function(library, name, parameters, result, kinds)
        for name, (_, parameters, result) in sorted(declared.items())
    }

    def make(name, *arguments):
        out = ctypes.c_void_p()
        status = getattr(library, name)(*arguments, ctypes.byref(out), None)
        assert status == 0, (name, status)
        return out

    json = pathlib.Path(sys.argv[3]).read_bytes()

    def make_all():
        """A live handle of each kind."""
        policy, error = ctypes.c_void_p(), ctypes.c_void_p()
        assert library.csat_policy_parse(json, len(json), ctypes.byref(policy), None, None) == 0
        assert library.csat_policy_parse(b"", 0, None, None, ctypes.byref(error)) == INVALID_ARGUMENT
        plan = make("csat_plan_compile", policy, b"card", 4)
        record = make("csat_record_create", plan)
        score = make("csat_plan_explain", plan, record)
        cleans = ctypes.c_void_p()
        assert library.csat_policy_parse(CLEANING, len(CLEANING), ctypes.byref(cleans), None, None) == 0
        schema, array, kept = no_responses()
        cleaning = make("csat_policy_clean", cleans, ctypes.byref(schema), ctypes.byref(array), None)
        library.csat_policy_free(cleans)
        asks = ctypes.c_void_p()
        assert library.csat_policy_parse(ASKING, len(ASKING), ctypes.byref(asks), None, None) == 0
        questionnaire = make("csat_questionnaire_create", asks, b"q", 1)
        library.csat_policy_free(asks)
        check = make("csat_questionnaire_check_table", questionnaire, ctypes.byref(schema), ctypes.byref(array), None)
        return {
            "csat_policy": policy,
            "csat_error": error,
            "csat_plan": plan,
            "csat_record": record,
            "csat_score": score,
            "csat_buffer": make("csat_policy_json_schema"),
            "csat_diagnostics": make("csat_policy_check", policy),
            "csat_case_failures": make("csat_policy_run_cases", policy),
            "csat_figures": make("csat_plan_measure", plan, record),
            "csat_least_changes": make("csat_plan_least_changes", plan, record),
            "csat_incident": make("csat_incident_propose", b"i", 1, b"s", 1, b"c", 1, 0),
            "csat_publication": make("csat_score_publish", score, b"s", 1, b"2025", 4, 0),
            "csat_aggregates": make("csat_aggregates_create", b"{}", 2),
            "csat_cleaning": cleaning,
            "csat_questionnaire": questionnaire,
            "csat_response_check": check,
            "csat_measure_plan": make("csat_measure_plan_compile", policy, None),
            "csat_simulation": make("csat_simulation_create", plan, plan, None),
        }

    live, freed = make_all(), make_all()
    assert set(live) == kinds, f"no handle is made here of kinds {kinds - set(live)}"
    for kind in reversed(list(freed)):
        getattr(library, f"{kind}_free")(freed[kind])

    checks = 0

    def check(name, place, what, arguments):
        nonlocal checks
        checks += 1
        function = functions[name]
        error, out = ctypes.c_void_p(), ctypes.c_void_p(1)
        for i, parameter in enumerate(function.parameters):
            if parameter.error or parameter.out:
                arguments[i] = ctypes.byref(error if parameter.error else out)
        wrong = function.parameters[place].name
        print(f"{name}: {what} as {wrong}", flush=True)  # The last one named is the one that crashed.
        got = function.call(*arguments)
        if isinstance(got, View):
            assert got.data is not None, "a text is never NULL"
        if not function.gives_status:
            return
        assert got == INVALID_ARGUMENT, got
        if any(p.out for p in function.parameters):
            assert out.value is None, out
        if any(p.error for p in function.parameters):
            message = library.csat_error_message(error).text()
            assert message and "\n" not in message, message
            assert wrong in message or any(p.wanted for p in function.parameters), message
            library.csat_error_free(error)

    for name, function in functions.items():
        usual = [live[p.kind] if p.kind else 0 for p in function.parameters]
        for place, parameter in enumerate(function.parameters):
            kind = parameter.kind or parameter.listed
            if kind is None:
                continue
            other = "csat_plan" if kind != "csat_plan" else "csat_policy"
            none = {"NULL": None, f"a freed {kind}": freed[kind], f"a {other}": live[other]}
            for what, handle in none.items():
                arguments = list(usual)
                arguments[place] = handle
                if parameter.listed:
                    arguments[place : place + 2] = [(ctypes.c_void_p * 1)(handle), 1]
                check(name, place, what, arguments)
            if parameter.listed:
                check(name, place, "no list", [*usual[: place + 1], 1, *usual[place + 2 :]])
    # Those of another kind were not freed, and nothing was written into them.
    for kind, handle in live.items():
        getattr(library, f"{kind}_free")(handle)
    assert checks > 400, checks
    print(f"{checks} checks passed")


if __name__ == "__main__":
    main()
