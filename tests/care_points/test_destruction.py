"""The destruction of what links a woman with her case, killed with -9 in the middle: the next run ends it, nothing is half gone."""

from datetime import timedelta

import pytest

from care_points.models import PrivateCase
from privacy import retention
from privacy.models import RetentionRun
from tests import factories
from tests.care_points import make
from tests.processes import python

RULE = "care_points.private_cases"
SCRIPT = """
import os, sys, django
django.setup()
from datetime import datetime
from care_points.operations import cases
from privacy import retention

now, killed = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
(rule,) = [one for one in retention.rules() if one.code == "care_points.private_cases"]
destroy = rule.forget

def die(rows):
    destroy(rows)
    print(cases.PrivateCase.objects.filter(voucher_index=None).count(), flush=True)
    os.kill(os.getpid(), 9)

if killed == "before the commit":
    object.__setattr__(rule, "forget", die)
retention._apply(rule, now)
if killed == "after it":
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def linked(transactional_db):
    """Two cases whose link still stands; returns a moment 91 days after both."""
    service = make.private()
    make.provider(service, user=factories.user("苏梅"))
    for text in ("2026-11-25 09:00", "2026-11-25 10:00"):
        talent = factories.talent()
        make.give(talent, 100)
        _voucher, case = make.case(talent, service, text)
    return case.ends_at + timedelta(days=91)


def links():
    """Return of every case whether the sealed voucher and its digest are there."""
    rows = PrivateCase.objects.values_list("voucher", "voucher_index")
    return [(sealed is not None, digest is not None) for sealed, digest in rows]


def run(now, killed):
    return python(SCRIPT, now.isoformat(), killed)


def test_killed_before_the_commit_nothing_is_gone_and_the_next_run_ends_it(linked):
    ended = run(linked, "before the commit")
    assert (ended.returncode, ended.stdout) == (-9, "2\n")
    assert links() == [(True, True)] * 2
    retention.apply(now=linked)
    assert links() == [(False, False)] * 2
    counted = RetentionRun.objects.filter(rule=RULE).order_by("pk")
    assert list(counted.values_list("done", "failed")) == [(0, 0), (2, 0)]


def test_killed_after_it_all_is_gone_and_the_next_run_finds_nothing(linked):
    ended = run(linked, "after it")
    assert (ended.returncode, links()) == (-9, [(False, False)] * 2)
    retention.apply(now=linked)
    assert list(RetentionRun.objects.filter(rule=RULE).values_list("done", flat=True)) == [2]


def test_let_go_on_the_same_process_destroys_both(linked):
    """The control of the kill: without it the same script destroys."""
    ended = run(linked, "never")
    assert (ended.returncode, ended.stderr, links()) == (0, "", [(False, False)] * 2)
