"""`csat check`: findings about policy documents, and their own cases."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import Any

import typer

from libcsat.cases import CaseResults
from libcsat.command.file_names import Reads
from libcsat.command.options import not_together
from libcsat.command.terminal import check_language, show, show_json
from libcsat.diagnostic import Diagnostic, Diagnostics
from libcsat.documents import json_schema
from libcsat.error import PolicyError
from libcsat.policy import Policy
from libcsat.show import chinese, visible
from libcsat.versions import check_versions


def check(
    context: typer.Context,
    policies: list[str] = typer.Argument(
        None, parser=Reads, help="Policy files or names of ready-made policies.", metavar="POLICY..."
    ),
    language: str = typer.Option("en", help="Language of the findings: en or zh."),
    cases: bool = typer.Option(True, help="Run the cases that the policies carry."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object for each policy, one on a line."),
    schema: bool = typer.Option(
        False, "--schema", help="Print the JSON Schema of policy documents, for editors."
    ),
) -> None:
    """Check policy files: findings with place, witness and remedy, then the policies' own cases, then those
    of one id beside each other, as its versions in the order in which they were issued.

    Exit status 1: an error or a warning, or a case that does not come out as expected.
    """
    check_language(language)
    if schema:
        not_together(context, ("policies", "language", "cases", "as_json"), "does not go with --schema")
        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    if not policies:
        raise typer.BadParameter("name a policy file, or one of: " + ", ".join(Policy.names()))
    clean = True
    versions: dict[str, list[tuple[str, Policy]]] = {}
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
            _print(source, policy, findings, results, language)
        if policy is not None:
            versions.setdefault(policy.id, []).append((source, policy))
    for group in versions.values():
        if len(group) > 1:
            names, issued = zip(*group, strict=True)
            clean = not _versions(list(names), list(issued), as_json, language) and clean
    if not clean:
        raise typer.Exit(1)


def _print(
    source: str,
    policy: Policy | None,
    findings: Diagnostics,
    results: CaseResults | None,
    language: str,
) -> None:
    source = visible(source)
    for finding in findings:
        show(f"{source}:{finding}" if finding.line else f"{source}: {finding}")
    for result in results.failed if results is not None else ():
        for failure in result.failures:
            show(f"{source}: {failure}")
    show(_summary(source, policy, findings, results, language))


def _summary(
    source: str,
    policy: Policy | None,
    findings: Diagnostics,
    results: CaseResults | None,
    language: str,
) -> str:
    counts = _counts(findings, language)
    if results is not None:
        passed = len(results) - len(results.failed)
        zh = f"{len(results)} 个案例通过 {passed} 个"
        counts.append(zh if chinese(language) else f"{passed} of {len(results)} cases passed")
    if chinese(language):
        name = f"{policy.id} {policy.version}，自 {policy.effective_from} 起" if policy else "不可用"
        return f"{source}: {name}：{'，'.join(counts)}"
    name = f"{policy.id} {policy.version}, from {policy.effective_from}" if policy else "not used"
    return f"{source}: {name}: {', '.join(counts)}"


def _counts(findings: Diagnostics, language: str) -> list[str]:
    errors, warnings = len(findings.errors), len(findings.warnings)
    if chinese(language):
        return [f"{errors} 个错误", f"{warnings} 个警告"]
    return [f"{errors} errors", f"{warnings} warnings"]


def _versions(sources: list[str], policies: list[Policy], as_json: bool, language: str) -> Diagnostics:
    """Shows what the versions of one policy say beside each other, in the order of the command line."""
    findings = check_versions(policies, language)
    if as_json:
        document = {"versions": sources, "id": policies[0].id}
        show_json(document | {"findings": [_plain(finding) for finding in findings]})
        return findings
    names = [visible(source) for source in sources]

    def named(text: str) -> str:
        return re.sub(r"versions\[(\d+)\]", lambda at: names[int(at[1])], text)

    for finding in findings:
        place = named(finding.path)
        show(f"{place}: {replace(finding, path='', message=named(finding.message))}")
    counts = _counts(findings, language)
    if chinese(language):
        show(f"{policies[0].id} 的 {len(policies)} 个版本：{'，'.join(counts)}")
    else:
        show(f"{len(policies)} versions of {policies[0].id}: {', '.join(counts)}")
    return findings


def _plain(finding: Diagnostic) -> dict[str, Any]:
    document = asdict(finding)
    del document["language"]
    return document


def _document(
    source: str, policy: Policy | None, findings: Diagnostics, results: CaseResults | None
) -> dict[str, Any]:
    document: dict[str, Any] = {"policy": source, "loads": policy is not None}
    if policy is not None:
        document |= {"id": policy.id, "version": policy.version, "digest": policy.digest}
    document["findings"] = [_plain(finding) for finding in findings]
    if results is not None:
        document["cases"] = len(results)
        document["failed"] = [{"case": r.case.name, "failures": r.failures} for r in results.failed]
    return document
