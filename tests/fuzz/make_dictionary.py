"""Writes a libFuzzer dictionary: every name in the schema as a JSON key, every enum word, and odd numbers.

usage: make_dictionary.py SCHEMA.proto... > policy.dict
"""
import pathlib
import re
import sys

text = "\n".join(re.sub(r"//.*", "", pathlib.Path(schema).read_text(encoding="utf-8")) for schema in sys.argv[1:])
names = sorted(set(re.findall(r"\b([a-z][a-z0-9_]*)\s*=\s*\d+", text)))
words = sorted(set(re.findall(r"\b([A-Z][A-Z0-9_]*)\s*=\s*\d+", text)))
print("# Made from " + ", ".join(pathlib.Path(schema).name for schema in sys.argv[1:]))
for name in names:
    print(f'"\\"{name}\\":"')
for word in words:
    print(f'"\\"{word}\\""')
for odd in ["9223372036854775807", "-0", "1e308", "0.0000001", "null", "\\\\u0000", "\\xEF\\xBB\\xBF", "\\xFF", "[[[[", "{}"]:
    print(f'"{odd}"')
