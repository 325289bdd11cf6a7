"""The harness of `make attack`: one case against a live server, and what it says of cases that could not fail."""

from types import SimpleNamespace

import pytest

from tools.attack.browser import Browser
from tools.attack.cases import Case, Outcome, table


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
