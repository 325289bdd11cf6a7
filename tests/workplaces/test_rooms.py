"""Mothers' rooms: applied for, visited by the standard, a tier that runs out, what women find."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from kernel.errors import Conflict, DomainError, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.workplaces import make, rooms
from tests.workplaces.rooms import NOW, TODAY
from workplaces.rooms import operations, rules, standard
from workplaces.rooms.models import Room, RoomCriterion, RoomReport, RoomState, RoomTier, RoomVisit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make.clerk()


def visit(room, by, **values):
    given = {"visited_on": TODAY, "met": rooms.codes()} | values
    return operations.visit_room(room=room, by=by, now=NOW, **given)


def kinds(person):
    return list(
        Notice.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True)
    )


# --- what a unit says ---
def test_a_unit_applies_and_the_room_is_not_shown_before_a_visit():
    contact = make.contact()
    room = operations.save_room(unit=contact.unit, values=rooms.said(), by=contact, now=NOW)
    assert (room.state, room.place.unit, room.place.verified_at) == ("applied", contact.unit, None)
    assert list(Room.objects.shown()) == []
    assert list(Room.objects.of_contact(contact)) == [room]
    assert list(Room.objects.of_contact(make.contact())) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"address": ""}, "room_incomplete"),
        ({"weekly": [[]] * 7}, "room_never_open"),
        ({"who_may": "打 13800138000 找小王"}, "mobile_in_words"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(values, code):
    with pytest.raises(DomainError) as refused:
        rooms.applied(**values)
    assert refused.value.code == code
    assert Room.objects.count() == 0


def test_two_rooms_of_one_name_are_refused():
    rooms.applied(name="同名小屋")
    with pytest.raises(Conflict):
        rooms.applied(name="同名小屋")


# --- visits ---
@pytest.mark.parametrize(
    ("pluses", "name"), [(0, "达标小屋"), (2, "达标小屋"), (3, "优质小屋"), (6, "示范小屋")]
)
def test_the_tier_follows_from_what_the_visit_found(clerk, pluses, name):
    room = rooms.applied()
    made = visit(room, clerk, met=rooms.codes(pluses))
    room = rooms.fresh(room)
    assert (made.tier.name, room.tier.name, room.state, room.checked_on) == (
        name,
        name,
        "listed",
        TODAY,
    )
    assert list(Room.objects.shown()) == [room]
    assert room.place.verified_by == clerk


def test_one_must_missing_is_no_room(clerk):
    contact = make.contact()
    room = rooms.applied(contact.unit)
    made = visit(room, clerk, met=rooms.codes(8)[1:], note="门要能从里面锁上")
    room = rooms.fresh(room)
    assert (made.tier, room.state, room.reason) == (None, "refused", "门要能从里面锁上")
    assert made.missing == ["门能从里面锁上，从外面看不见里面"]
    assert kinds(contact) == ["workplaces.room_refused"]
    operations.take_up_room(room=room, by=contact, now=NOW)
    visit(room, clerk)
    assert kinds(contact) == ["workplaces.room_refused", "workplaces.room_listed"]


def test_the_tier_runs_out_by_the_day_alone():
    room = rooms.room()
    year = TODAY + timedelta(days=365)
    assert room.tier_on(year + timedelta(days=59)).name == "达标小屋"
    assert room.tier_on(year + timedelta(days=60)) is None
    assert list(Room.objects.without_tier(year + timedelta(days=59))) == []
    assert list(Room.objects.without_tier(year + timedelta(days=60))) == [room]
    assert list(Room.objects.due(year - timedelta(days=31))) == []
    assert list(Room.objects.due(year - timedelta(days=30))) == [room]
    assert list(Room.objects.checked_in_time(year - timedelta(days=1))) == [room]
    assert list(Room.objects.checked_in_time(year)) == []


def test_a_visit_is_neither_tomorrow_nor_before_the_last(clerk):
    room = rooms.room()
    for day, code in ((1, "visit_later"), (-1, "visit_earlier")):
        with pytest.raises(Invalid) as refused:
            visit(room, clerk, visited_on=TODAY + timedelta(days=day))
        assert refused.value.code == code


def test_a_wrong_visit_is_corrected_by_one_that_names_it(clerk):
    room = rooms.room(pluses=6)
    wrong = room.visits.get()
    made = operations.correct_visit(
        visit=wrong,
        visited_on=TODAY - timedelta(days=2),
        met=rooms.codes(),
        reason="看错了表",
        by=clerk,
        now=NOW,
    )
    room = rooms.fresh(room)
    assert (made.corrects, made.reason, room.tier.name) == (wrong, "看错了表", "达标小屋")
    assert room.checked_on == TODAY - timedelta(days=2)
    assert rooms.fresh(wrong).tier.name == "示范小屋"
    with pytest.raises(Conflict) as refused:
        operations.correct_visit(
            visit=wrong, visited_on=TODAY, met=[], reason="再更正一次", by=clerk, now=NOW
        )
    assert refused.value.code == "not_latest"


def test_a_correction_without_a_reason_cannot_be_stored():
    room = rooms.room()
    first = room.visits.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomVisit.objects.create(
            room=room, visited_on=TODAY, answers=[], at=NOW, corrects=first, reason=""
        )


def test_what_is_listed_was_visited():
    room = rooms.applied()
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.filter(pk=room.pk).update(state=RoomState.LISTED)


def test_the_unit_never_enters_its_own_visit():
    contact = make.contact()
    room = rooms.applied(contact.unit)
    with pytest.raises(Refused):
        visit(room, contact)
    assert rooms.fresh(room).state == "applied"


def test_a_visit_keeps_the_words_it_was_held_to(clerk):
    room = rooms.room()
    line = RoomCriterion.objects.get(code="seat")
    standard.save_criterion(criterion=line, words="有沙发", by=clerk, now=NOW)
    kept = room.visits.get().answers
    assert [one["words"] for one in kept if one["code"] == "seat"] == ["有带靠背的座椅"]


def test_a_photo_is_kept_without_where_it_was_taken_and_only_staff_read_it(clerk):
    room = rooms.applied()
    visit(room, clerk, photos=[("小屋.jpg", rooms.picture())])
    photo = room.visits.get().photos.get()
    data = operations.read_photo(photo=photo, by=clerk, now=NOW)
    assert data[:3] == b"\xff\xd8\xff"
    assert b"Exif" not in data
    with pytest.raises(Refused):
        operations.read_photo(photo=photo, by=make.contact(room.unit), now=NOW)


def test_what_is_no_picture_is_refused_and_no_visit_is_written(clerk):
    room = rooms.applied()
    for photos, code in (
        ([("名单.jpg", b"no picture")], "photo_unreadable"),
        ([("a.jpg", b"\xff\xd8\xff")] * 7, "photos_many"),
        ([("a.jpg", b"\xff" * (5 * 1024 * 1024 + 1))], "photo_large"),
    ):
        with pytest.raises(Invalid) as refused:
            visit(room, clerk, photos=photos)
        assert refused.value.code == code
    assert RoomVisit.objects.count() == 0


# --- moving, taking off, taking up ---
def test_a_new_address_calls_a_visit_and_the_room_stays_shown(clerk):
    room = rooms.room()
    operations.save_room(
        room=room, values=rooms.said(name=room.place.name, address="搬到 5 楼"), by=None, now=NOW
    )
    room = rooms.fresh(room)
    assert (room.state, room.moved_on) == ("listed", TODAY)
    assert list(Room.objects.called()) == [room]
    visit(room, clerk)
    assert list(Room.objects.called()) == []


def test_what_was_taken_off_within_its_year_is_shown_again_at_once():
    contact = make.contact()
    room = rooms.room(contact.unit)
    operations.withdraw_room(room=room, reason="装修两个月", by=contact, now=NOW)
    assert list(Room.objects.shown()) == []
    operations.take_up_room(room=room, by=contact, now=NOW)
    assert list(Room.objects.shown()) == [room]
    later = NOW + timedelta(days=500)
    operations.withdraw_room(room=room, reason="不再使用了", by=contact, now=later)
    operations.take_up_room(room=room, by=contact, now=later)
    assert rooms.fresh(room).state == "applied"


# --- what women find ---
def test_two_women_who_found_it_closed_call_a_visit_and_the_unit_is_told_once(clerk):
    contact = make.contact()
    room = rooms.room(contact.unit)
    before = len(kinds(contact))
    women = [rooms.woman() for _ in range(3)]
    operations.report_room(room=room, kind="closed", by=women[0], now=NOW)
    assert list(Room.objects.called()) == []
    operations.report_room(room=room, kind="locked", by=women[1], now=NOW)
    assert list(Room.objects.called()) == [room]
    operations.report_room(room=room, kind="closed", by=women[2], now=NOW)
    assert kinds(contact)[before:] == ["workplaces.room_called"]
    visit(room, clerk)
    assert list(Room.objects.called()) == []
    assert RoomReport.objects.filter(ended_at=None).count() == 0


def test_other_things_call_no_visit():
    room = rooms.room()
    for _ in range(2):
        operations.report_room(room=room, kind="other", by=rooms.woman(), now=NOW)
    assert list(Room.objects.called()) == []


def test_she_says_it_once_and_may_take_it_back():
    room, she = rooms.room(), rooms.woman()
    report = operations.report_room(room=room, kind="closed", by=she, now=NOW)
    with pytest.raises(Conflict) as refused:
        operations.report_room(room=room, kind="locked", by=she, now=NOW)
    assert refused.value.code == "reported_already"
    with pytest.raises(Refused):
        operations.take_back_report(report=report, by=rooms.woman(), now=NOW)
    operations.take_back_report(report=report, by=she, now=NOW)
    operations.report_room(room=room, kind="locked", by=she, now=NOW)
    assert room.reports.filter(ended_at=None).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomReport.objects.create(room=room, by=she, kind="closed", at=NOW)


def test_neither_staff_nor_its_own_contact_report_and_no_phone_number_is_kept(clerk):
    contact = make.contact()
    room = rooms.room(contact.unit)
    for by in (clerk, contact):
        with pytest.raises(Refused):
            operations.report_room(room=room, kind="closed", by=by, now=NOW)
    with pytest.raises(Invalid) as refused:
        operations.report_room(
            room=room, kind="other", words="打 138-0013-8000", by=rooms.woman(), now=NOW
        )
    assert refused.value.code == "mobile_in_words"


def test_the_log_does_not_say_who_found_it_closed():
    room, she = rooms.room(), rooms.woman()
    operations.report_room(room=room, kind="closed", by=she, now=NOW)
    assert not AuditEntry.objects.filter(actor_id=she.pk).exists()
    assert User.objects.filter(pk=she.pk).exists()


# --- the standard ---
def test_a_line_that_changes_is_ended_and_followed(clerk):
    tier = RoomTier.objects.get(rank=3)
    given = {
        "rank": 3,
        "name": "示范小屋",
        "name_en": "Model room",
        "pluses": 7,
        "source": "新标准",
    }
    with pytest.raises(Conflict) as refused:
        standard.save_tier(
            tier=None, valid_from=TODAY, valid_until=None, by=clerk, now=NOW, **given
        )
    assert refused.value.code == "line_there"
    standard.save_tier(tier=tier, valid_until=TODAY - timedelta(days=1), by=clerk, now=NOW)
    standard.save_tier(tier=None, valid_from=TODAY, valid_until=None, by=clerk, now=NOW, **given)
    answers = [{"must": True, "met": True}] + [{"must": False, "met": True}] * 6
    assert rules.tier_of(answers, TODAY).name == "优质小屋"
    assert rules.tier_of(answers, TODAY - timedelta(days=1)).name == "示范小屋"


def test_a_change_of_what_the_source_says_is_compared_anew(clerk):
    tier = RoomTier.objects.get(rank=1)
    standard.check_standard(line=tier, by=clerk, now=NOW)
    assert rooms.fresh(tier).checked_on == TODAY
    standard.save_tier(tier=tier, name_en="Passed room", by=clerk, now=NOW)
    assert rooms.fresh(tier).checked_on == TODAY
    standard.save_tier(tier=tier, pluses=1, by=clerk, now=NOW)
    assert rooms.fresh(tier).checked_on is None
    with pytest.raises(Refused):
        standard.save_tier(tier=tier, pluses=2, by=make.contact(), now=NOW)


def test_no_model_of_rooms_has_a_field_for_who_looked_or_where_she_was():
    assert factories.NOW == NOW
    names = {field.name for model in (Room, RoomVisit, RoomReport) for field in model._meta.fields}
    assert {"latitude", "longitude", "child", "position"} & names == set()
