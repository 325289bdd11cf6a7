"""The harness of `make attack`: one case against a live server, and what it says of cases that could not fail."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.attack.__main__ import GROUPS
from tools.attack.browser import Browser
from tools.attack.cases import CASES, Case, Outcome, table

ROOT = Path(__file__).resolve().parents[2]


def test_one_case_and_its_control_against_a_live_server(transactional_db, live_server, monkeypatch):
    from tools.attack import interface

    monkeypatch.setattr(Browser, "prefix", "")
    monkeypatch.setattr(Browser, "scheme", "http")
    target = SimpleNamespace(port=int(live_server.url.rpartition(":")[2]))
    line = interface.tokens_misused.run(target)
    assert (line.verdict, line.outcome.figure[:4]) == ("held", "0 of")
    assert line.outcome.tried > 20


def made(attack, control):
    """A case of these two outcomes."""

    def attempt(target):
        return attack(target)

    case = Case(attempt)
    case.control(control)
    return case


def says(broken):
    return lambda target: Outcome(1, broken, "x")


def fails(target):
    raise ValueError("no such page")


@pytest.mark.parametrize(
    ("attack", "control", "verdict"),
    [
        (says(False), says(True), "held"),
        (says(True), says(True), "BROKEN"),
        (says(False), says(False), "BLIND"),
        (fails, says(True), "BROKEN"),
        (says(False), fails, "BLIND"),
    ],
)
def test_a_case_holds_only_where_its_control_succeeds(attack, control, verdict):
    line = made(attack, control).run(None)
    assert line.verdict == verdict
    assert f"{int(verdict == 'held')} of 1 held" in table([line])


def test_every_finding_of_the_manual_names_cases_and_tests_that_exist():
    for group in GROUPS:
        import_module(f"tools.attack.{group}")
    manual = (ROOT / "docs/operations/security.md").read_text()
    findings = manual.partition("## What an attack had found")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in findings.splitlines()
        if line[:1] == "|"
    ][2:]
    rows = [row for row in rows if not row[0].startswith("**")]
    assert len(rows) == 33
    named = {case for row in rows for case in row[1].split(" (")[0].split(", ") if case}
    unknown = {case for case in named if not any(c.startswith(case.rstrip("…")) for c in CASES)}
    assert unknown == set()
    files = {path for row in rows for path in re.findall(r"`([\w/]+\.py)`", row[2])}
    assert {path for path in files if not (ROOT / "tests" / path).is_file()} == set()
    assert [row[0] for row in rows if not row[1] and not row[2]] == []
