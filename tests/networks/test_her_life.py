"""What is left of her when she leaves the database, is erased, grows old in it, or turns out to be two records."""

import threading
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from kernel.portal import Person
from networks import growth, personal_data, reports
from networks.members import operations as members
from networks.members.models import Membership
from networks.posts.models import Holding
from talents.models import Talent
from talents.operations import merging
from tests import factories
from tests.networks import make
from tests.networks.make import DAY, KEPT, NOW, TODAY
from tests.waits import beside

pytestmark = pytest.mark.django_db


def test_her_copy_has_her_memberships_and_posts_and_nobody_elses():
    held = make.chair()
    make.member(held.association)
    groups = personal_data.collect(held.talent.user)
    assert [[row.pk for row in group.rows] for group in groups] == [
        [Membership.objects.get(talent=held.talent).pk],
        [held.pk],
    ]


def test_erased_her_post_ends_and_says_that_a_woman_held_it():
    held = make.chair()
    make.member(held.association)
    person = Person(held.talent.user, (held.talent,), "x")
    assert len(personal_data.lost(person, NOW)) == 2
    for _twice in range(2):
        personal_data.erase(person, NOW)
    held = make.fresh(held)
    assert (held.talent, held.outside, held.last_day) == (None, "woman", TODAY - DAY)
    assert not Holding.objects.in_office(TODAY).exists()
    assert Membership.objects.count() == 1
    assert personal_data.lost(person, NOW) == []


def test_who_leaves_the_database_is_no_member_any_more_and_may_come_back():
    held = make.chair()
    waits = make.applied(make.association(), held.talent)
    assert len(personal_data.lost_by_leaving(held.talent, NOW, True)) == 1
    for _twice in range(2):
        personal_data.leave_all(talent=held.talent, hers=True, now=NOW)
    assert (make.fresh(waits).state, Holding.objects.in_office(TODAY).count()) == ("withdrawn", 0)
    assert personal_data.lost_by_leaving(held.talent, NOW, True) == []


def test_what_ended_three_years_ago_goes_and_after_ten_years_no_name_is_left_at_a_post():
    held = make.chair()
    Membership.objects.update(state="left", left_on=TODAY)
    Holding.objects.update(last_day=TODAY)
    later = NOW + timedelta(days=1)
    assert list(personal_data.old_memberships(NOW)) == []
    assert personal_data.old_memberships(later).count() == 1
    assert personal_data.old_names(NOW).count() == 0
    assert personal_data.forget_names(personal_data.old_names(later)) == 1
    assert (make.fresh(held).talent, make.fresh(held).outside) == (None, "woman")


def test_two_records_become_one_and_what_both_hold_stays_where_it_was():
    keep, lose = factories.talent(), factories.talent(user=None)
    of, other = make.association(), make.association()
    both = [make.member(of, keep), make.member(of, lose)]
    alone = make.member(other, lose)
    council = make.post(of, "理事", rung="council", seats=9, runs=False)
    twice = [make.holding(council, one) for one in (keep, lose)]
    held = make.holding(make.post(other), lose)
    merging.merge_records(keep=keep, lose=lose, reason="电话核实是同一人", **KEPT)
    rows = (*both, alone, *twice, held)
    assert [make.fresh(row).talent_id == keep.pk for row in rows] == [
        True,
        False,
        True,
        True,
        False,
        True,
    ]


def test_her_posts_are_milestones():
    held = make.chair()
    (one,) = growth.milestones(held.talent)
    assert (one.day, str(one.title), str(one.note)) == (
        date(2024, 6, 20),
        "会长",
        held.association.name,
    )


def test_the_month_tells_associations_elections_that_are_overdue_and_womens_share():
    make.term(starts_on=date(2020, 6, 20))
    make.confirmed(make.association())
    start, end = NOW - 22 * DAY, NOW + 8 * DAY
    figures = reports.monthly(start, end)
    told = {name: figures[name].counts for name in ("associations", "overdue", "council_women")}
    assert told == {"associations": 2, "overdue": 1, "council_women": 9}
    plain = {name: one.counts for name, one in figures.items()}
    (section,) = reports.sections(plain)
    assert [line[1] for line in section.lines] == [2, 1, "9 / 40"]


# --- at once ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_taken_in_while_her_record_leaves_she_is_no_member():
    held = make.chair()
    one = make.applied(held.association)

    def approve():
        members.approve_membership(membership=one, by=held.talent.user, now=NOW)

    met = beside(approve, lambda: leave(one.talent))
    assert (met, make.fresh(one).state) == (None, "left")


@pytest.mark.django_db(transaction=True)
def test_two_who_leave_the_database_at_once_do_not_wait_for_each_other(monkeypatch):
    """Each is in two associations, joined in the other order; each waits a moment behind the first."""
    first, second = make.association(), make.association()
    women = [factories.talent(), factories.talent()]
    for of, her in zip((first, second, second, first), (0, 0, 1, 1), strict=True):
        make.member(of, women[her])
    both, ended = threading.Barrier(2), []
    really = personal_data.leave_association

    def slowly(**given):
        really(**given)
        with suppress(threading.BrokenBarrierError):
            both.wait(1.5)

    def go(her):
        try:
            leave(her)
            ended.append(her)
        finally:
            connection.close()

    monkeypatch.setattr(personal_data, "leave_association", slowly)
    threads = [threading.Thread(target=go, args=(her,)) for her in women]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(ended), Membership.objects.filter(state="left").count()) == (2, 4)


def leave(talent):
    """End what she has in associations, as leaving the database does."""
    with transaction.atomic():
        Talent.objects.locked().get(pk=talent.pk)
        personal_data.leave_all(talent=talent, hers=True, now=NOW)
