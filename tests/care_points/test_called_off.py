"""A time the counsellor calls off: she reads it on her page at once, a letter comes later to all it might be about."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from care_points import letters, operations, tasks
from care_points.models import PrivateCase, Redemption
from care_points.operations.reminding import CHANGES_AT
from notices.models import Delivery, Notice
from privacy.models import AuditEntry
from tests import everything, factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FIRST, SECOND = "2026-11-25 09:00", "2026-11-25 10:00"
CALLED_OFF = datetime(2026, 11, 24, 6, 3, 27, tzinfo=UTC)  # 14:03 in Chongqing
EVENING = datetime(2026, 11, 24, 10, 41, 9, tzinfo=UTC)  # 18:41
KIND = "care_points.station_changed"


class Station:
    """One station: a woman with a counsellor's time, one with the same voucher for something else; a third elsewhere."""

    def __init__(self):
        self.counsellor = factories.user("苏梅")
        self.service = make.private()
        make.provider(self.service, user=self.counsellor, name="苏咨询师")
        twin = type(self.service).objects.get(private=False)
        self.her, self.other, self.elsewhere = (factories.talent() for _ in range(3))
        for one in (self.her, self.other, self.elsewhere):
            make.give(one, 100)
        self.voucher, self.case = make.case(self.her, self.service, FIRST)
        self.others = make.redeem(self.other, twin)
        make.redeem(self.elsewhere, make.service())

    def call_off(self):
        """Have the counsellor call the time off."""
        case = PrivateCase.objects.get()
        operations.call_off(case=case, by=self.counsellor, now=CALLED_OFF)

    def told_of(self, talent):
        """Return what the outbox keeps for a woman, without who she is."""
        hers = Notice.objects.filter(recipient=talent.user, kind=KIND)
        named = {"id", "recipient_id", "notice_id"}
        rows = [*hers.values(), *Delivery.objects.filter(notice__in=hers).values()]
        return [{name: value for name, value in row.items() if name not in named} for row in rows]


@pytest.fixture
def station():
    return Station()


def rows():
    """Return every row of every table as text, those the settings of the database write themselves left out."""
    return {(table, line) for table, text in everything.tables() for line in text.splitlines()}


def test_her_page_says_it_at_once_and_no_letter_is_written(station):
    before = rows()
    station.call_off()
    new = {table for table, _line in rows() - before}
    assert new == {"care_points_privatecase", "privacy_auditentry"}
    client = Client()
    client.force_login(station.her.user)
    page = client.get(f"/points/vouchers/{station.voucher.pk}/").content.decode()
    assert "取消了原来的时间" in page


def test_nothing_of_the_letters_tells_whose_time_it_was(station):
    """Of all the tables keep, what is new with her is new with the other, to the second."""
    station.call_off()
    before = rows()
    assert operations.tell_of_changes(now=EVENING) == 2
    new = {table for table, _line in rows() - before}
    assert new == {"care_points_privatecase", "notices_notice", "notices_delivery"}
    hers, others = station.told_of(station.her), station.told_of(station.other)
    assert hers == others
    assert len(hers) == 2
    assert (hers[0]["created_at"], hers[0]["due_at"]) == (EVENING.replace(minute=0, second=0),) * 2
    assert hers[0]["link"] == "/points/"
    words = Notice.objects.filter(kind=KIND).first()
    told = f"{words.title}{words.body}{words.context}"
    assert [word for word in (station.service.title, "苏", "老师", "时间") if word in told] == []
    assert station.told_of(station.elsewhere) == []
    entry = AuditEntry.objects.get(action="care_points.call_off_case")
    assert (entry.object_id, entry.detail) == (station.case.number, {})


def test_a_letter_to_her_alone_would_have_been_found(station):
    """The control: the comparison sees the one who is told and the moment she is told at."""
    station.call_off()
    letters.send(
        letters.station_changed(station.her.user, station.voucher.station, "x"), CALLED_OFF
    )
    operations.tell_of_changes(now=EVENING)
    assert station.told_of(station.her) != station.told_of(station.other)
    assert CALLED_OFF in [row.get("created_at") for row in station.told_of(station.her)]


def test_letters_go_at_fixed_hours_once_for_all_that_was_called_off(station):
    station.call_off()
    hours = [
        hour
        for hour in range(24)
        if operations.tell_of_changes(now=_at(hour)) or hour in CHANGES_AT
    ]
    assert hours == list(CHANGES_AT)
    assert Notice.objects.filter(kind=KIND).count() == 2  # the first of these hours told all
    choose(station, SECOND)
    station.call_off()
    assert operations.tell_of_changes(now=EVENING) == 2  # another time, other letters


def test_who_has_chosen_again_before_is_not_written_to(station):
    station.call_off()
    choose(station, SECOND)
    assert operations.tell_of_changes(now=EVENING) == 0


def test_a_voucher_used_at_the_desk_before_is_told_too(station):
    """She may use the voucher at the desk and see the counsellor later, and so may everybody."""
    Redemption.objects.update(
        state="fulfilled", fulfilled_at=NOW, fulfilled_by=factories.user("赵站长")
    )
    station.call_off()
    assert operations.tell_of_changes(now=EVENING) == 2


def test_the_clock_asks_every_hour(station):
    station.call_off()
    hour = timezone.localtime().hour
    tasks.tell_of_changes()
    assert PrivateCase.objects.get().told == (hour in CHANGES_AT)


def choose(station, text):
    """Let her choose another time."""
    asked = {"slot": make.slot(text), "by": station.her.user, "now": CALLED_OFF}
    return operations.choose_time(voucher=station.voucher, **asked)


def _at(hour):
    return EVENING.replace(hour=(hour - 8) % 24, day=24 if hour >= 8 else 23)
