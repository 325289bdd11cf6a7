"""Flexible work: what may be said, kept by its unit, undone, withdrawn, reminded of; not re-checked by its date alone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kernel.errors import DomainError
from kernel.personal_numbers import why_not_in_words
from notices.models import Notice
from tests import factories
from tests.workplaces import make
from workplaces.flexible import figures, letters, operations, queue, shown
from workplaces.flexible.models import FlexibleOffer
from workplaces.flexible.tasks import remind_offers

pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = timezone.localdate(NOW)


def refused(operation, by=None, **given):
    """Return (code, field) of what an operation refuses."""
    with pytest.raises(DomainError) as caught:
        operation(by=by, now=NOW, **given)
    return caught.value.code, caught.value.field


# --- what may be said ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"phone": "14000000001"}, ("mobile_in_words", "phone")),
        ({"phone": "140 0000 0001"}, ("mobile_in_words", "phone")),
        ({"phone": "１４０００００００１２"}, ("mobile_in_words", "phone")),
        ({"phone": "总机"}, ("phone_short", "phone")),
        ({"posts": "问王工 140-0000-0001"}, ("mobile_in_words", "posts")),
        ({"place": "+86 14000000001"}, ("mobile_in_words", "place")),
        ({"workload": "500105199001010004 的班次"}, ("identity_in_words", "workload")),
        ({"valid_until": date(2025, 1, 4)}, ("days_backwards", "valid_until")),
        ({"age_until": 19}, ("age_wrong", "age_until")),
        ({"age_until": 0}, ("age_wrong", "age_until")),
        ({"how_many": 0}, ("posts_few", "how_many")),
        ({"pay": "other"}, ("pay_unsaid", "pay_words")),
        ({"ask": " "}, ("offer_incomplete", "ask")),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_written(values, said):
    given = {"unit": factories.unit(), "values": make.offered(**values)}
    assert refused(operations.save_offer, **given) == said
    kept = make.offer()
    assert refused(operations.save_offer, offer=kept, values=values) == said
    assert FlexibleOffer.objects.count() == 1
    assert kept.changes.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "12345"},
        {"phone": "023-67000001 转 8012"},
        {"age_until": 18},
        {"valid_until": date(2025, 1, 5)},
        {"pay": "other", "pay_words": "按件计酬"},
        {"workload": "2026 年 100 000 000 元项目，编号 202611150001"},
    ],
)
def test_what_is_right_is_kept(values):
    made = make.fresh(make.offer(**values))
    assert {name: getattr(made, name) for name in values} == values


@pytest.mark.parametrize(
    "text", ["渝两江托备〔2025〕123 号", "9131000014000000001X", "每周 40 小时"]
)
def test_other_numbers_are_no_persons(text):
    assert why_not_in_words(text) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_until": date(2025, 1, 4)},
        {"age_until": 19},
        {"how_many": 0},
        {"pay": "other", "pay_words": ""},
        {"withdrawn_at": NOW},
        {"withdrawn_reason": "没有撤下"},
    ],
)
def test_the_database_refuses_it_too(wrong):
    made = make.offer()
    with pytest.raises(IntegrityError), transaction.atomic():
        FlexibleOffer.objects.filter(pk=made.pk).update(**wrong)


# --- its year --------------------------------------------------------------------------------------
def test_after_a_year_it_is_not_re_checked_and_sixty_days_later_it_is_gone():
    made = make.offer()
    days = (364, 365, 424, 425)
    told = [made.is_confirmed(TODAY + timedelta(days=n)) for n in days]
    assert told == [True, False, False, False]
    listed = [FlexibleOffer.objects.listed(TODAY + timedelta(days=n)).count() for n in days]
    assert listed == [1, 1, 1, 0]
    assert "未复核" in shown.state_words(made, TODAY + timedelta(days=365))
    operations.confirm_offer(offer=made, by=None, now=NOW + timedelta(days=430))
    later = TODAY + timedelta(days=431)
    assert FlexibleOffer.objects.listed(later).count() == 1


def test_past_its_last_day_it_is_gone_and_not_to_be_confirmed():
    made = make.offer(valid_until=TODAY - timedelta(days=1))
    assert FlexibleOffer.objects.listed(TODAY).count() == 0
    assert FlexibleOffer.objects.listed(TODAY - timedelta(days=1)).count() == 1
    assert refused(operations.confirm_offer, offer=made) == ("offer_over", None)
    operations.save_offer(offer=made, values={"valid_until": None}, by=None, now=NOW)
    assert FlexibleOffer.objects.listed(TODAY).count() == 1


def test_a_unit_is_reminded_once_a_month_before_and_again_next_year():
    unit = factories.unit()
    make.contact(unit)
    now = timezone.now()
    make.offer(unit, now - timedelta(days=334))
    made = make.offer(unit, now - timedelta(days=335))
    for _twice in range(2):
        remind_offers()
    (notice,) = Notice.objects.all()
    assert notice.kind == "workplaces.offer_confirm"
    operations.confirm_offer(offer=made, by=None, now=now)
    assert make.fresh(made).confirm_reminded_at is None


def test_without_a_contact_the_departments_clerks_are_reminded():
    clerk, made = make.clerk(), make.offer()
    letters.confirm(made, NOW)
    assert [notice.recipient for notice in Notice.objects.all()] == [clerk]


def test_what_could_not_be_reminded_is_tried_again():
    clerk, made = make.clerk(), make.offer()
    assert refused(operations.retry_offer, row=made) == ("not_set_aside", None)
    FlexibleOffer.objects.update(sweep_failures=5)
    assert queue.could_not_remind(clerk, NOW).count == 1
    operations.retry_offer(row=made, by=clerk, now=NOW)
    assert queue.could_not_remind(clerk, NOW).count == 0


# --- confirmed, undone -----------------------------------------------------------------------------
def test_who_confirms_has_read_what_stands_there():
    made = make.offer(now=NOW - timedelta(days=9))
    read = made.revision
    operations.save_offer(
        offer=made, values={"pay": "pro_rata"}, by=None, now=NOW - timedelta(days=8)
    )
    assert refused(operations.confirm_offer, offer=made, revision=read) == ("offer_changed", None)
    assert make.fresh(made).confirmed_on == TODAY - timedelta(days=8)
    operations.confirm_offer(offer=made, revision=read + 1, by=None, now=NOW)
    assert make.fresh(made).confirmed_on == TODAY


def test_changes_are_undone_one_by_one_and_said_in_sentences():
    made = make.offer()
    for values in ({"pay": "pro_rata"}, {"valid_until": TODAY, "age_until": 6}):
        operations.save_offer(offer=made, values=values, by=None, now=NOW)
    first, second, third = made.changes.order_by("pk")
    assert shown.lines(first) == ["登记了这一条。"]
    assert shown.lines(second) == ["工资由“工资不变”改为“按工作量折算”。"]
    assert "限子女几周岁以下由“空”改为“6”。" in shown.lines(third)
    assert refused(operations.undo_offer_change, change=second) == ("not_latest", None)
    operations.undo_offer_change(change=third, by=None, now=NOW)
    kept = make.fresh(made)
    assert (kept.valid_until, kept.age_until, kept.pay) == (None, None, "pro_rata")
    assert refused(operations.undo_latest, offer=kept, revision=1) == ("not_latest", None)
    operations.undo_latest(offer=kept, revision=kept.revision, by=None, now=NOW)
    assert make.fresh(made).pay == "same"
    assert refused(operations.undo_offer_change, change=first) == ("nothing_before", None)


def test_saving_the_same_again_confirms_and_is_no_change():
    made = make.offer(now=NOW - timedelta(days=9))
    operations.save_offer(offer=made, values=make.offered(), by=None, now=NOW)
    kept = make.fresh(made)
    assert (kept.changes.count(), kept.revision, kept.confirmed_on) == (1, 1, TODAY)


# --- withdrawn, put back ---------------------------------------------------------------------------
def test_what_the_unit_withdrew_it_puts_back_what_staff_withdrew_staff_do():
    made, clerk = make.offer(), make.clerk()
    contact = make.contact(made.unit)
    assert refused(operations.withdraw_offer, offer=made, reason="不做") == (
        "reason_missing",
        "reason",
    )
    with_number = {"offer": made, "reason": "请打 14000000001"}
    assert refused(operations.withdraw_offer, **with_number) == ("mobile_in_words", "reason")
    operations.withdraw_offer(offer=made, reason="今年不再实行", by=contact, now=NOW)
    assert FlexibleOffer.objects.listed(TODAY).count() == 0
    given = {"offer": made, "values": {"how_many": 3}}
    assert refused(operations.save_offer, **given) == ("offer_withdrawn", None)
    assert refused(operations.withdraw_offer, offer=made, reason="再撤一次") == (
        "withdrawn_already",
        None,
    )
    operations.put_back_offer(offer=made, by=contact, now=NOW)
    assert FlexibleOffer.objects.listed(TODAY).count() == 1
    operations.withdraw_offer(offer=made, reason="单位来电说不再实行", by=clerk, now=NOW)
    assert refused(operations.put_back_offer, by=contact, offer=made)[0] == "withdrawn_by_staff"
    operations.put_back_offer(offer=made, by=clerk, now=NOW)
    assert refused(operations.put_back_offer, offer=made) == ("not_withdrawn", None)
    assert make.fresh(made).withdrawn_reason == ""


# --- counted ---------------------------------------------------------------------------------------
def test_offers_are_counted_by_kind_and_by_whether_they_were_confirmed_in_time():
    unit = factories.unit()
    make.offer(unit)
    make.offer(unit, kind="hours")
    make.offer(kind="hours", now=NOW - timedelta(days=380))
    make.offer(kind="steps", valid_until=TODAY - timedelta(days=1))
    told = {str(line.words): str(line.value) for line in figures.part(make.clerk(), TODAY).lines}
    assert told["在实行的弹性工作"] == "3"
    assert told["实行弹性工作的单位"] == "2"
    assert told["确认及时率"].startswith("67")
    assert (told["上下班时间灵活"], told["在家办公"]) == ("2", "1")
    assert told["产假后逐步恢复工作量"] == "0"
    assert figures.part(factories.user(), TODAY) is None
