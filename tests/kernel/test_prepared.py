"""Prepared queries find what their QuerySets find, alone and several in one trip (kernel.prepared)."""

from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q, Value
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from events.models import Booking, Event
from kernel.prepared import Prepared, Statement, together
from notices import operations as notices
from notices.models import Notice
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

COMING = Prepared(
    lambda who, at: (
        Booking.objects.coming(at)
        .filter(talent__user=who)
        .with_queue_rank()
        .select_related("event")
        .only("code", "state", "place", "event__title", "event__starts_at")
    ),
    who="accounts.User",
    at=datetime,
)
UNREAD = Prepared(
    lambda who, at: Notice.objects.visible_to(who, at).unread(), who="accounts.User", at=datetime
)
STATES = Prepared(
    lambda who, codes: (
        Booking.objects.filter(talent__user=who, event__code__any=codes)
        .order_by("pk")
        .values_list("event__code", "state")
    ),
    who="accounts.User",
    codes=list,
)


def world():
    """Return a woman who has a seat, waits second for another, and has a new notice."""
    woman = factories.talent()
    free, full = factories.event(title="有席"), factories.event(title="满了 50%", capacity=1)
    factories.booking(full), factories.booking(full)
    for event in (free, full):
        factories.booking(event, woman)
    notices.queue("care_points.earned", to=woman.user, obj="9", at=NOW, points=7, reason="签到")
    return woman, free, full


def told(booking):
    return (
        booking.pk,
        booking.code,
        booking.state,
        booking.place,
        booking.ahead,
        booking.event.title,
        booking.event.starts_at,
        sorted(booking.get_deferred_fields()),
        sorted(booking.event.get_deferred_fields()),
    )


def test_instances_with_related_ones_and_annotations_are_those_of_the_query():
    woman, _free, _full = world()
    plain = COMING.build(who=woman.user, at=NOW)
    assert [told(b) for b in COMING(who=woman.user, at=NOW)] == [told(b) for b in plain]
    assert [b.ahead for b in COMING(who=woman.user.pk, at=NOW)] == [None, 1]
    assert COMING(who=woman.user, at=NOW + timedelta(days=30)) == []
    assert COMING(who=factories.user(), at=NOW) == []


def test_several_are_one_statement_and_find_the_same_as_alone():
    woman, free, full = world()
    values = {"who": woman.user, "at": NOW + timedelta(hours=1), "codes": [free.code, full.code]}
    with CaptureQueriesContext(connection) as seen:
        found = together({"coming": COMING, "unread": UNREAD, "states": STATES}, **values)
    assert len(seen.captured_queries) == 1
    assert [told(b) for b in found["coming"]] == [
        told(b) for b in COMING(who=woman.user, at=values["at"])
    ]
    plain = Notice.objects.visible_to(woman.user, values["at"]).unread()
    assert [model_to_dict(n) for n in found["unread"]] == [model_to_dict(n) for n in plain]
    assert found["states"] == [(free.code, "confirmed"), (full.code, "waitlisted")]


def test_nothing_is_asked_for_nothing():
    with CaptureQueriesContext(connection) as seen:
        assert together({}, who=1) == {}
    assert len(seen.captured_queries) == 0


def test_a_list_is_one_parameter_and_may_be_empty():
    woman, free, _full = world()
    assert STATES(who=woman.user, codes=[free.code]) == [(free.code, "confirmed")]
    assert STATES(who=woman.user, codes=[]) == []


def test_percent_signs_in_what_never_changes_stay_what_they_are():
    factories.event(title="满了 50%"), factories.event(title="满了 500")
    found = Prepared(
        lambda at: (
            Event.objects.filter(Q(title__endswith="50%"), ends_at__gt=at)
            .annotate(said=Value("100% %s"))
            .values_list("title", "said")
        ),
        at=datetime,
    )
    assert found(at=NOW) == [("满了 50%", "100% %s")]
    assert together({"found": found}, at=NOW) == {"found": [("满了 50%", "100% %s")]}


def test_what_is_computed_from_a_value_is_refused_when_it_is_built():
    """It would be computed once, with the stand-in, and be wrong for ever."""
    late = Prepared(
        lambda at: Event.objects.filter(ends_at__gt=at - timedelta(days=1)), at=datetime
    )
    with pytest.raises(TypeError, match="computes with a value"):
        late(at=NOW)


def test_it_is_counted_inside_another_statement():
    woman, _free, _full = world()
    sql = UNREAD.counted(who="accounts_user.id", at="%(at)s")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {sql} FROM accounts_user ORDER BY id", {"at": NOW})
        counts = dict(cursor.fetchall())
    due = Notice.objects.filter(due_at__lte=NOW)
    assert counts == {pk: due.filter(recipient=pk).count() for pk in counts}
    assert counts[woman.user.pk] > 0


COUNT = Statement(
    "SELECT count(*), %(word)s || '%%' FROM events_event WHERE starts_at >= %(at)s",
    at="timestamptz",
    word="text",
)


def counted(**values):
    with connection.cursor() as cursor:
        COUNT.execute(cursor, values)
        return cursor.fetchone()


def known():
    """Return how often this connection has prepared COUNT."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [COUNT.name])
        return cursor.fetchone()[0]


def test_a_statement_is_prepared_once_for_a_connection_and_outlives_a_rollback():
    factories.event(starts_at=NOW)
    with transaction.atomic():
        assert counted(at=NOW, word="x") == (1, "x%")
        transaction.set_rollback(True)
    assert (known(), counted(at=NOW + timedelta(days=1), word="'$1")) == (1, (0, "'$1%"))


def test_a_statement_that_is_wrong_says_so_each_time():
    wrong = Statement("SELECT nothing FROM events_event WHERE id = %(id)s", id="bigint")
    for _ in range(2):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            wrong.execute(cursor, {"id": 1})
    assert wrong.name not in connection.statements


@pytest.mark.django_db(transaction=True)
def test_another_connection_prepares_it_anew():
    counted(at=NOW, word="x")
    connection.close()
    assert (known(), counted(at=NOW, word="x"), known()) == (0, (0, "x%"), 1)


@pytest.mark.django_db(transaction=True)
def test_behind_pgbouncer_nothing_is_prepared(settings):
    connection.close()
    settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    try:
        assert (counted(at=NOW, word="x"), known()) == ((0, "x%"), 0)
    finally:
        settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = False
