"""A venture is entered, founded together, moves through its stages, and what is wrong leaves no row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from entrepreneurship.ventures import operations
from entrepreneurship.ventures.models import Venture, VentureFounder, VentureStage
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.entrepreneurship import make
from tests.waits import beside

pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = date(2026, 11, 23)
KEPT = {"by": None, "now": NOW}


def refused(operation, **given):
    """Return the code and field of a refusal."""
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**given, **KEPT)
    return refusal.value.code, refusal.value.field


def counts():
    return Venture.objects.count(), VentureFounder.objects.count(), VentureStage.objects.count()


def test_she_enters_a_venture_once_and_is_its_first_founder():
    her = make.woman()
    one = make.venture(her)
    assert make.venture(her) == one  # pressed twice
    assert counts() == (1, 1, 1)
    one = make.fresh(one)
    assert (one.talent, one.department, one.shares) == (her, her.department, Decimal("60.00"))
    assert (one.stage, one.stage_on, one.registered_on) == ("idea", date(2026, 1, 5), None)
    assert one.next_check_on == date(2027, 11, 23)
    assert AuditEntry.objects.filter(action="entrepreneurship.create_venture").count() == 1


WRONG = {
    "no name": ({"name": " "}, ("name_missing", "name")),
    "no industry": ({"industry": "?"}, ("industry_missing", "industry")),
    "a wrong digit": ({"uscc": make.USCC[:-1] + "9"}, ("uscc_invalid", "uscc")),
    "seventeen": ({"uscc": make.USCC[:-1]}, ("uscc_invalid", "uscc")),
    "101 %": ({"share": "101"}, ("share_range", "share")),
    "-1 %": ({"share": "-1"}, ("share_range", "share")),
    "three decimals": ({"share": "1.005"}, ("share_decimals", "share")),
    "no number": ({"share": "一半"}, ("share_range", "share")),
    "infinite": ({"share": "Infinity"}, ("share_range", "share")),
    "tomorrow": ({"day": TODAY + timedelta(days=1)}, ("day_in_future", "day")),
    "registered without code": ({"stage": "registered"}, ("uscc_missing", "uscc")),
    "operating at once": ({"stage": "operating"}, ("stage_unknown", "stage")),
    "no role": ({"role": "boss"}, ("role_unknown", "role")),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_sentence_and_no_row(name):
    values, told = WRONG[name]
    assert refused_venture(values) == told
    assert counts() == (0, 0, 0)


def refused_venture(values):
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        make.venture(**values)
    return refusal.value.code, refusal.value.field


def test_a_code_stands_with_one_venture_only():
    make.registered()
    assert refused_venture({"uscc": make.USCC}) == ("uscc_taken", "uscc")
    # The constraint says so to whoever writes past the rule.
    other = make.venture()
    with pytest.raises(DatabaseError, match="venture_uscc_once"), transaction.atomic():
        Venture.objects.filter(pk=other.pk).update(uscc=make.USCC)


# --- founders --------------------------------------------------------------------------------------
def test_a_founder_confirms_by_herself_with_the_share_she_was_shown():
    her, other = make.woman(full_name="林静"), make.woman(full_name="何创")
    one = make.venture(her)
    link = operations.invite_founder(
        venture=one, role="technology", share="25.5", number=other.code, **KEPT
    )
    notice = Notice.objects.get(kind="entrepreneurship.founder_invited")
    assert (notice.recipient, notice.link) == (other.user, link.get_absolute_url())
    assert not Venture.objects.of_woman(other.user).exists()
    operations.accept_founder(founder=link, talent=other, by=other.user, now=NOW)
    operations.accept_founder(founder=link, talent=other, by=other.user, now=NOW)  # twice is once
    assert Venture.objects.of_woman(other.user).get() == one
    assert make.fresh(one).shares == Decimal("85.50")
    assert Notice.objects.filter(kind="entrepreneurship.founder_joined").count() == 1
    third = make.woman()
    assert refused(operations.accept_founder, founder=link, talent=third) == ("link_used", None)


def test_a_number_nobody_has_is_answered_like_any_other():
    one = make.venture()
    link = operations.invite_founder(venture=one, role="market", share="1", number="XXXX", **KEPT)
    assert (link.is_open, Notice.objects.count()) == (True, 0)


def test_the_link_that_was_told_is_the_link_that_opens():
    link = make.link(make.venture(), now=timezone.localtime(NOW))
    assert VentureFounder.found(link.pk, link.secret) == link


def test_all_shares_together_stay_within_100():
    one = make.venture()
    partner = make.founder(one, "40")
    assert refused(operations.add_outside_founder, venture=one, role="finance", share="0.01") == (
        "share_sum",
        "share",
    )
    assert refused(operations.set_founder, founder=partner, role="market", share="40.01") == (
        "share_sum",
        "share",
    )
    operations.set_founder(founder=partner, role="market", share="30", **KEPT)
    outside = operations.add_outside_founder(venture=one, role="finance", share="10", **KEPT)
    assert (str(outside), make.fresh(one).shares) == ("另一位创始人", Decimal("100.00"))
    operations.end_founder(founder=outside, **KEPT)
    operations.end_founder(founder=outside, **KEPT)
    assert make.fresh(one).shares == Decimal("90.00")
    # Whoever writes: the sum is the database's own.
    with pytest.raises(DatabaseError, match="venture_shares_whole"), transaction.atomic():
        VentureFounder.objects.filter(pk=partner.pk).update(share=41)


def test_the_sum_follows_whatever_is_written():
    one = make.venture()
    partner = make.founder(one, "40")
    rows = VentureFounder.objects.filter(pk=partner.pk)
    rows.update(ended_at=NOW, share=5)
    assert make.fresh(one).shares == Decimal("60.00")
    rows.update(ended_at=None, share=40)
    assert make.fresh(one).shares == Decimal("100.00")
    rows.delete()
    assert make.fresh(one).shares == Decimal("60.00")


def test_each_sets_her_own_share_and_the_keeper_those_without_a_record():
    one = make.venture()
    partner = make.founder(one)
    by_keeper = {"by": one.talent.user, "now": NOW}
    with pytest.raises(DomainError, match="由她本人填写"):
        operations.set_founder(founder=partner, role="market", share="1", **by_keeper)
    link = make.link(one)
    assert operations.set_founder(founder=link, role="market", share="1", **by_keeper).share == 1
    with pytest.raises(DomainError, match="发起人不能退出"):
        operations.end_founder(founder=one.founders.first(), **by_keeper)
    operations.hand_over_venture(founder=partner, **by_keeper)
    assert make.fresh(one).talent == partner.talent
    operations.end_founder(founder=make.fresh(one).founders.first(), **by_keeper)
    assert not Venture.objects.of_woman(by_keeper["by"]).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_founders_who_raise_their_shares_at_once_do_not_pass_100(guarded, monkeypatch):
    """The control leaves out the lock and the database's sum: both see 100, and together they have 140."""
    one = make.venture(share="30")
    first, second = make.founder(one, "30"), make.founder(one, "30")
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE entrepreneurship_venturefounder DISABLE TRIGGER venture_sum_shares"
            )
        monkeypatch.setattr(
            "entrepreneurship.ventures.operations.founding.locked",
            lambda venture: Venture.objects.select_related("talent").get(pk=venture.pk),
        )

    def raising(founder):
        return lambda: operations.set_founder(
            founder=founder, role="market", share="40", by=None, now=NOW
        )

    try:
        told = beside(raising(first), raising(second))
    finally:
        if not guarded:
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE entrepreneurship_venturefounder ENABLE TRIGGER venture_sum_shares"
                )
    total = sum(one.founders.standing().values_list("share", flat=True))
    assert (told, total) == (("share_sum", 100) if guarded else (None, 110))


# --- stages ----------------------------------------------------------------------------------------
def test_a_venture_moves_on_and_a_wrong_step_is_taken_back_and_stays_to_be_seen():
    one = make.venture()
    assert refused(
        operations.enter_stage, venture=one, stage="operating", day=TODAY, uscc=make.USCC
    ) == ("not_registered", "stage")
    assert refused(operations.enter_stage, venture=one, stage="registered", day=TODAY) == (
        "uscc_missing",
        "uscc",
    )
    early = {"stage": "team", "day": date(2026, 1, 4)}
    assert refused(operations.enter_stage, venture=one, **early) == ("day_before_last", "day")
    late = {"stage": "team", "day": TODAY + timedelta(days=1)}
    assert refused(operations.enter_stage, venture=one, **late) == ("day_in_future", "day")
    step = {"stage": "registered", "day": date(2026, 6, 1), "uscc": make.USCC}
    one = operations.enter_stage(venture=one, **step, **KEPT)
    assert operations.enter_stage(venture=one, **step, **KEPT) == one  # twice is once
    assert (one.registered_on, one.next_check_on) == (date(2026, 6, 1), date(2027, 6, 1))
    one = operations.take_stage_back(venture=one, **KEPT)
    assert (one.stage, one.stage_on, one.registered_on) == ("idea", date(2026, 1, 5), None)
    assert list(one.stages.values_list("stage", "takes_back__stage")) == [
        ("idea", None),
        ("registered", None),
        ("registered", "registered"),
    ]
    assert refused(operations.take_stage_back, venture=one) == ("first_stage", None)


def test_a_closed_venture_is_not_asked_any_more_and_a_pause_goes_back():
    one = make.registered()
    for stage in ("paused", "operating", "closed"):
        one = operations.enter_stage(venture=one, stage=stage, day=TODAY, **KEPT)
    assert (one.stage, one.next_check_on) == ("closed", None)
    assert refused(operations.invite_founder, venture=one, role="market", share="1") == (
        "venture_closed",
        None,
    )
    one = operations.take_stage_back(venture=one, **KEPT)
    assert (one.stage, one.next_check_on) == ("operating", date(2027, 5, 20))


def test_the_history_can_only_grow():
    one = make.venture()
    step = one.stages.get()
    operations.answer_check(venture=one, values=make.answers(), **KEPT)
    for rows, change in (
        (VentureStage.objects.filter(pk=step.pk), {"stage": "closed"}),
        (one.checkpoints.all(), {"jobs": 1}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.delete()


# --- who sees it -----------------------------------------------------------------------------------
def test_founders_and_her_department_see_it_and_nobody_else():
    one = make.venture()
    partner = make.founder(one)
    make.link(one)
    people = {
        "keeper": one.talent.user,
        "partner": partner.talent.user,
        "another": make.woman().user,
        "clerk": factories.staff("department_clerk"),
        "elsewhere": factories.staff("department_clerk", department_code="science_innovation"),
        "no rights": factories.staff(),
        "auditor": factories.staff("auditor"),
    }
    seen = {who: Venture.objects.visible_to(user).count() for who, user in people.items()}
    assert seen == {
        "keeper": 1,
        "partner": 1,
        "another": 0,
        "clerk": 1,
        "elsewhere": 0,
        "no rights": 0,
        "auditor": 1,
    }
