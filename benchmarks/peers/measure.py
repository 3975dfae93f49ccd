"""Times peers side by side: rounds are interleaved (A B C A B C ...), so a noisy machine hits all alike, and only
ratios within one run count. The figure of a peer is the least of its rounds.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Peer:
    """`run` does the work once; `n` is how many rows (or calls) that is; `check` turns its result into a note."""

    name: str
    run: Callable[[], Any]
    n: int
    check: Callable[[Any], str] | None = None
    seconds: list[float] = field(default_factory=list)
    note: str = ""

    @property
    def ns_per_row(self) -> float:
        return min(self.seconds) / self.n * 1e9


def measure(peers: list[Peer], rounds: int, quiet: bool) -> None:
    for peer in peers:
        result = peer.run()
        peer.note = peer.check(result) if peer.check else ""
        del result
    for round_ in range(rounds):
        if not quiet:
            print(f"round {round_ + 1} of {rounds}", file=sys.stderr)
        for peer in peers:
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            result = peer.run()
            peer.seconds.append(time.perf_counter() - start)
            gc.enable()
            del result


def report(workload: str, peers: list[Peer], baseline: str, as_json: bool) -> None:
    if as_json:
        for peer in peers:
            print(json.dumps({"workload": workload, "peer": peer.name, "n": peer.n, "ns_per_row": round(peer.ns_per_row, 3),
                              "note": peer.note}))  # fmt: skip
        return
    base = next((peer.ns_per_row for peer in peers if peer.name == baseline), None)
    width = max(len(peer.name) for peer in peers)
    print(f"{workload}, {peers[0].n:,} rows; ratio = time against {baseline}")
    for peer in sorted(peers, key=lambda p: p.ns_per_row):
        ratio = f"{peer.ns_per_row / base:9.2f} x" if base else ""
        print(f"  {peer.name:{width}}  {peer.ns_per_row:12.2f} ns a row {ratio}  {peer.note}")
