"""`csat check`: findings about policy documents, and their own cases."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import typer

from libcsat.cases import CaseResults
from libcsat.command.terminal import check_language, show, show_json
from libcsat.diagnostic import Diagnostics
from libcsat.error import PolicyError
from libcsat.policy import Policy, json_schema
from libcsat.show import visible


def check(
    policies: list[str] = typer.Argument(
        None, help="Policy files or names of ready-made policies.", metavar="POLICY..."
    ),
    language: str = typer.Option("en", help="Language of the findings: en or zh."),
    cases: bool = typer.Option(True, help="Run the cases that the policies carry."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object for each policy, one on a line."),
    schema: bool = typer.Option(
        False, "--schema", help="Print the JSON Schema of policy documents, for editors."
    ),
) -> None:
    """Check policy files: findings with place, witness and remedy, then the policies' own cases.

    Exit status 1: an error or a warning, or a case that does not come out as expected.
    """
    check_language(language)
    if schema:
        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    if not policies:
        raise typer.BadParameter("name a policy file, or one of: " + ", ".join(Policy.names()))
    clean = True
    for source in policies:
        findings = Policy.diagnose(source, language)
        try:
            policy: Policy | None = Policy.load(source)
        except PolicyError:
            policy = None
        results = policy.run_cases() if policy is not None and cases else None
        failed = results.failed if results is not None else CaseResults()
        clean = clean and not failed and not any(d.severity != "note" for d in findings)
        if as_json:
            show_json(_document(source, policy, findings, results))
        else:
            _print(source, policy, findings, results)
    if not clean:
        raise typer.Exit(1)


def _print(source: str, policy: Policy | None, findings: Diagnostics, results: CaseResults | None) -> None:
    source = visible(source)
    for finding in findings:
        show(f"{source}:{finding}" if finding.line else f"{source}: {finding}")
    for result in results.failed if results is not None else ():
        for failure in result.failures:
            show(f"{source}: {failure}")
    counts = [f"{len(getattr(findings, kind))} {kind}" for kind in ("errors", "warnings")]
    if results is not None:
        counts.append(f"{len(results) - len(results.failed)} of {len(results)} cases passed")
    name = f"{policy.id} {policy.version}, from {policy.effective_from}" if policy else "not used"
    show(f"{source}: {name}: {', '.join(counts)}")


def _document(
    source: str, policy: Policy | None, findings: Diagnostics, results: CaseResults | None
) -> dict[str, Any]:
    document: dict[str, Any] = {"policy": source, "loads": policy is not None}
    if policy is not None:
        document |= {"id": policy.id, "version": policy.version, "digest": policy.digest}
    document["findings"] = [asdict(finding) for finding in findings]
    if results is not None:
        document["cases"] = len(results)
        document["failed"] = [{"case": r.case.name, "failures": r.failures} for r in results.failed]
    return document
