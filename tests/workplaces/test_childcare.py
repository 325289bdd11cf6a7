"""Nurseries: held to the standard in force, kept by their unit, undone, reminded of, never about a child."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from kernel.errors import Conflict, DomainError, Invalid
from notices.models import Notice
from tests import factories
from tests.workplaces import make
from workplaces.childcare import operations, shown, standard
from workplaces.childcare.models import Nursery, NurseryChange, NurseryClass, NurseryRule
from workplaces.childcare.tasks import remind_nurseries

pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = timezone.localdate(NOW)


def refused(operation, **given):
    """Return (code, field) of what an operation refuses."""
    with pytest.raises(DomainError) as caught:
        operation(by=None, now=NOW, **given)
    return caught.value.code, caught.value.field


# --- the standard ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("band", "capacity", "carers", "said"),
    [
        ("infant", 10, 4, None),
        ("infant", 11, 9, ("class_large", "capacity")),
        ("infant", 10, 3, ("carers_few", "carers")),
        ("toddler", 15, 3, None),
        ("toddler", 16, 9, ("class_large", "capacity")),
        ("toddler", 15, 2, ("carers_few", "carers")),
        ("older", 20, 3, None),
        ("older", 21, 9, ("class_large", "capacity")),
        ("older", 20, 2, ("carers_few", "carers")),
        ("mixed", 18, 1, None),  # the document gives no ratio
        ("mixed", 19, 9, ("class_large", "capacity")),
    ],
)
def test_a_class_is_held_to_the_standard(band, capacity, carers, said):
    values = {"name": "班", "band": band, "capacity": capacity, "carers": carers, "price": 0}
    nursery = make.nursery()
    if said is None:
        row = operations.save_class(nursery=nursery, values=values, by=None, now=NOW)
        assert (row.capacity, row.carers) == (capacity, carers)
    else:
        assert refused(operations.save_class, nursery=nursery, values=values) == said
        assert NurseryClass.objects.count() == 0


def test_a_rule_holds_from_its_day_and_two_never_at_once():
    rule = NurseryRule.objects.get(band="toddler")
    rule.valid_until = TODAY - timedelta(days=1)
    rule.save()
    NurseryRule.objects.create(band="toddler", most=10, per_carer=5, valid_from=TODAY, source="新")
    assert make.klass(capacity=10).capacity == 10
    values = {"name": "二", "band": "toddler", "capacity": 12, "carers": 3, "price": 0}
    given = {"nursery": make.nursery(), "values": values}
    assert refused(operations.save_class, **given) == ("class_large", "capacity")
    before = NOW - timedelta(days=1)
    assert operations.save_class(by=None, now=before, **given).capacity == 12
    with pytest.raises(IntegrityError), transaction.atomic():
        NurseryRule.objects.create(
            band="toddler", most=9, valid_from=TODAY + timedelta(days=5), source="重"
        )


# --- free places -----------------------------------------------------------------------------------
def test_free_above_capacity_is_one_sentence_and_nothing_is_written():
    row = make.klass(free=4)
    with pytest.raises(Invalid) as caught:
        operations.state_free(klass=row, free=13, by=None, now=NOW + timedelta(days=2))
    assert str(caught.value) == "空余托位不能多于班额 12 个，请核对后再填。"
    kept = make.fresh(row)
    assert (kept.free, kept.free_on, row.changes.count()) == (4, TODAY, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        NurseryClass.objects.filter(pk=row.pk).update(free=13)
    # Nor may the class become smaller than what is free.
    given = {"nursery": row.nursery, "klass": row, "values": {"capacity": 3}}
    assert refused(operations.save_class, **given) == ("free_above", "free")


def test_free_places_older_than_thirty_days_are_to_be_asked_for():
    row = make.klass(free=4)
    days = {n: shown.free_words(row, TODAY + timedelta(days=n)) for n in (0, 30, 31)}
    assert days[0] == days[30]
    assert days[0].startswith("空余 4 个（")
    assert days[31] == "请电话询问"
    with_free = NurseryClass.objects.with_free
    assert [with_free(TODAY + timedelta(days=n)).count() for n in (30, 31)] == [1, 0]


# --- kept by the unit ------------------------------------------------------------------------------
def test_a_changed_registration_is_to_be_checked_again_and_the_unit_cannot_do_it_itself():
    unit = factories.unit()
    contact = make.contact(unit)
    nursery = operations.save_nursery(unit=unit, values=make.said(), by=contact, now=NOW)
    assert Nursery.objects.listed(TODAY).count() == 0
    with pytest.raises(DomainError):
        operations.check_registration(nursery=nursery, by=contact, now=NOW)
    operations.check_registration(nursery=nursery, by=make.clerk(), now=NOW)
    assert Nursery.objects.listed(TODAY).count() == 1
    operations.save_nursery(nursery=nursery, values={"phone": "023-1"}, by=contact, now=NOW)
    assert Nursery.objects.listed(TODAY).count() == 1
    operations.save_nursery(nursery=nursery, values={"registration": "别的"}, by=contact, now=NOW)
    assert Nursery.objects.listed(TODAY).count() == 0


def test_a_registration_stands_once():
    one, other = make.nursery(), make.nursery()
    given = {"nursery": other, "values": {"registration": one.registration}}
    assert refused(operations.save_nursery, **given) == ("registration_twice", "registration")


def test_the_latest_change_is_undone_and_said_in_sentences():
    nursery = make.nursery(phone="023-1")
    for phone in ("023-2", "023-3"):
        operations.save_nursery(nursery=nursery, values={"phone": phone}, by=None, now=NOW)
    first, second, third = nursery.changes.order_by("pk")
    assert shown.lines(third) == ["公开的电话由“023-2”改为“023-3”。"]
    assert shown.lines(first) == ["登记了这家机构。"]
    assert refused(operations.undo_change, change=second) == ("not_latest", None)
    operations.undo_change(change=third, by=None, now=NOW)
    assert make.fresh(nursery).phone == "023-2"
    operations.undo_change(change=second, by=None, now=NOW)
    assert make.fresh(nursery).phone == "023-1"
    assert refused(operations.undo_change, change=first) == ("nothing_before", None)
    assert make.fresh(nursery).registration_checked_on == TODAY


def test_free_places_are_undone_with_their_date():
    row = make.klass(free=4)
    operations.state_free(klass=row, free=1, by=None, now=NOW + timedelta(days=3))
    change = row.changes.order_by("-pk").first()
    assert shown.lines(change) == ["“小一班”的空余托位由“4”改为“1”。"]
    operations.undo_change(change=change, by=None, now=NOW + timedelta(days=3))
    kept = make.fresh(row)
    assert (kept.free, kept.free_on) == (4, TODAY)


def test_saving_the_same_again_is_no_change():
    nursery = make.nursery()
    values = {"name": nursery.name, "phone": nursery.phone}
    operations.save_nursery(nursery=nursery, values=values, by=None, now=NOW)
    assert nursery.changes.count() == 1


def test_an_ended_class_comes_back_unless_its_name_was_given_away():
    row = make.klass()
    operations.end_class(klass=row, by=None, now=NOW)
    assert refused(operations.state_free, klass=row, free=1) == ("class_ended", None)
    other = make.klass(of=row.nursery)
    assert refused(operations.restore_class, klass=row) == ("class_twice", "name")
    operations.end_class(klass=other, by=None, now=NOW)
    assert operations.restore_class(klass=row, by=None, now=NOW).ended_at is None


# --- the clock -------------------------------------------------------------------------------------
def test_a_unit_is_reminded_once_of_each(monkeypatch):
    unit = factories.unit()
    make.contact(unit)
    now = timezone.now()
    nursery = make.nursery(unit, now - timedelta(days=340))
    row = make.klass(nursery, now - timedelta(days=31), free=2)
    for _twice in range(2):
        remind_nurseries()
    kinds = sorted(Notice.objects.values_list("kind", flat=True))
    assert kinds == ["workplaces.nursery_confirm", "workplaces.nursery_free"]
    operations.confirm_nursery(nursery=nursery, by=None, now=now)
    operations.state_free(klass=row, free=2, by=None, now=now)
    remind_nurseries()
    assert Notice.objects.count() == 2


def test_what_nobody_confirmed_for_a_year_leaves_the_search_by_date_alone():
    make.nursery()
    listed = [Nursery.objects.listed(TODAY + timedelta(days=n)).count() for n in (364, 365)]
    assert listed == [1, 0]
    assert Nursery.objects.registered().count() == 1


def test_what_could_not_be_reminded_is_tried_again():
    row, clerk = make.klass(), make.clerk()
    for one, operation in (
        (row, operations.retry_class),
        (row.nursery, operations.retry_nursery),
    ):
        assert refused(operation, row=one) == ("not_set_aside", None)
        type(one).objects.update(sweep_failures=5)
        operation(row=one, by=clerk, now=NOW)
        assert make.fresh(one).sweep_failures == 0


# --- the standard, kept by staff -------------------------------------------------------------------
def test_a_new_standard_is_entered_after_the_old_one_has_its_last_day():
    clerk, old = make.clerk(), NurseryRule.objects.get(band="toddler")
    said = {"band": "toddler", "most": 12, "per_carer": 4, "valid_from": TODAY, "source": "新标准"}
    given = {"rule": None} | said
    assert refused(standard.save_nursery_rule, **given) == ("rule_there", "valid_from")
    early = {"rule": old, "valid_until": old.valid_from - timedelta(days=1)}
    assert refused(standard.save_nursery_rule, **early) == ("days_backwards", "valid_until")
    standard.check_nursery_rule(rule=old, by=clerk, now=NOW)
    assert make.fresh(old).checked_on == TODAY
    day_before = TODAY - timedelta(days=1)
    standard.save_nursery_rule(rule=old, valid_until=day_before, by=clerk, now=NOW)
    assert make.fresh(old).checked_on is None
    assert refused(standard.check_nursery_rule, rule=old) == ("rule_over", None)
    made = standard.save_nursery_rule(by=clerk, now=NOW, **given)
    assert set(NurseryRule.objects.in_force(TODAY).filter(band="toddler")) == {made}
    with pytest.raises(Invalid):
        make.klass(capacity=13, carers=5)


# --- no child --------------------------------------------------------------------------------------
ABOUT_A_CHILD = (
    "child",
    "kid",
    "baby",
    "pupil",
    "birth",
    "guardian",
    "parent",
    "孩",
    "婴",
    "幼",
    "宝",
    "学生",
    "家长",
    "出生",
)


def test_no_model_of_the_app_has_a_field_for_a_child():
    fields = [
        (model.__name__, field.name, str(getattr(field, "verbose_name", "")))
        for model in apps.get_app_config("workplaces").get_models()
        for field in model._meta.get_fields()
    ]
    assert len(fields) > 40
    found = [
        row for row in fields if any(word in part for word in ABOUT_A_CHILD for part in row[1:])
    ]
    assert found == []
    # What a change keeps are values of the same fields.
    row = make.klass(free=2)
    names = {field.name for model in (Nursery, NurseryClass) for field in model._meta.fields}
    kept = {name for change in NurseryChange.objects.all() for name in change.after}
    assert kept <= names
    assert row.changes.count() == 2


def test_conflict_is_said_for_a_second_class_of_a_name():
    row = make.klass()
    with pytest.raises(Conflict):
        make.klass(of=row.nursery)
