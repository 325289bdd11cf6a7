"""Terms and posts: who is in office is a question of dates, a single seat has one holder, nobody is twice on a rung."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from networks import rights
from networks.associations.models import Filing
from networks.elections.operations import open_election
from networks.members import operations as members
from networks.members.models import Membership
from networks.posts import operations, rules
from networks.posts.models import Holding, Term
from notices.models import Notice
from tests import factories
from tests.networks import make
from tests.networks.make import DAY, KEPT, NOW, TODAY
from tests.networks.test_associations import refused
from tests.waits import beside

database = pytest.mark.django_db


def in_office(day=TODAY):
    return set(Holding.objects.in_office(day).values_list("pk", flat=True))


# --- terms -----------------------------------------------------------------------------------------
@database
def test_terms_of_one_association_do_not_overlap_those_of_two_do():
    one = make.association()
    first = make.term(one, 1, date(2020, 6, 20))
    assert (first.ends_on, first.words) == (date(2024, 6, 19), "第 1 届")
    assert refused(operations.add_term, association=one, number=2, starts_on=date(2024, 6, 19)) == (
        "terms_overlap",
        "starts_on",
    )
    assert refused(operations.add_term, association=one, number=1, starts_on=date(2024, 6, 20)) == (
        "term_twice",
        "number",
    )
    make.term(one, 2, date(2024, 6, 20))
    make.term(make.association(), 1, date(2020, 6, 20))
    with pytest.raises(IntegrityError, match="terms_apart"), transaction.atomic():
        Term.objects.filter(pk=first.pk).update(
            ends_on=date(2024, 6, 20), extended_at=NOW, extension_document="批复"
        )


@database
@pytest.mark.parametrize(
    "change",
    [
        {"years": 6},
        {"planned_ends_on": date(2030, 6, 19)},
        {"ends_on": date(2028, 6, 20)},
        {"ends_on": date(2029, 6, 21), "extended_at": NOW, "extension_document": "批复"},
        {"ends_on": date(2029, 6, 1), "extended_at": NOW},
        {"ends_on": date(2024, 6, 19)},
    ],
)
def test_the_database_keeps_a_term_to_its_years_and_its_document(change):
    one = make.term()
    with pytest.raises(DatabaseError, match="term_"), transaction.atomic():
        Term.objects.filter(pk=one.pk).update(**change)


@database
def test_a_term_is_extended_once_by_a_document_by_a_year_at_most():
    one = make.association()
    term = make.term(one, 1, date(2022, 12, 1))
    held = make.holding(make.post(one), first_day=date(2024, 1, 10))
    for given, told in (
        ({"until": date(2026, 11, 30), "document": "批复"}, ("extension_long", "until")),
        ({"until": date(2027, 12, 1), "document": "批复"}, ("extension_long", "until")),
        ({"until": date(2027, 6, 30), "document": " "}, ("document_missing", "document")),
    ):
        assert refused(operations.extend_term, term=term, **given) == told
    said = {"until": date(2027, 11, 30), "document": "同意延期的批复〔2026〕11号"}
    for _twice in range(2):
        operations.extend_term(term=term, **said, **KEPT)
    assert (make.fresh(term).ends_on, make.fresh(held).last_day) == (said["until"],) * 2
    again = {"until": date(2027, 8, 1), "document": "又一份批复"}
    assert refused(operations.extend_term, term=term, **again) == ("extended_before", None)
    operations.take_back_extension(term=term, **KEPT)
    assert (make.fresh(term).ends_on, make.fresh(held).last_day) == (date(2026, 11, 30),) * 2


@database
def test_a_second_extension_is_refused_by_the_database_too():
    term = make.term(starts_on=date(2022, 12, 1))
    said = {"until": date(2027, 3, 1), "document": "批复"}
    operations.extend_term(term=term, **said, **KEPT)
    with pytest.raises(DatabaseError, match="extended once"), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(ends_on=date(2027, 8, 1))


# --- who is in office ------------------------------------------------------------------------------
@database
def test_a_post_and_its_right_end_by_date_with_term_membership_or_resignation_though_no_job_ran():
    held = make.chair()
    by, one = held.talent.user, held.association
    membership = Membership.objects.get()

    def may(day):
        return rights.why_not_run(one, by, "networks.change_membership", day) is None

    last = date(2027, 6, 30)  # of her membership; the term runs until 19 June 2028
    assert [may(day) for day in (TODAY, last, last + DAY)] == [True, True, False]
    Membership.objects.update(valid_until=date(2030, 1, 1))
    last = date(2028, 6, 19)
    assert [may(day) for day in (last, last + DAY)] == [True, False]
    day = TODAY + 9 * DAY
    operations.resign(holding=held, last_day=day, **KEPT)
    assert [may(at) for at in (day, day + DAY)] == [True, False]
    operations.restore_holding(holding=held, by=by, now=NOW)
    members.leave_association(membership=membership, **KEPT)
    assert [may(at) for at in (TODAY - DAY, TODAY)] == [True, False]
    assert (
        make.fresh(held).last_day,
        Notice.objects.filter(kind="networks.post_given").count(),
    ) == (
        last,
        1,
    )


@database
def test_who_pauses_stays_in_office():
    held = make.chair()
    membership = Membership.objects.get()
    members.pause_membership(membership=membership, until=TODAY + 300 * DAY, **KEPT)
    assert in_office(TODAY + 200 * DAY) == {held.pk}


@database
def test_a_single_seat_has_one_holder_and_nobody_is_twice_on_a_rung():
    held = make.chair()
    one, her = held.association, held.talent
    other = make.member(one).talent
    given = {"first_day": TODAY, "document": "补选决议"}
    assert refused(operations.appoint, post=held.post, talent=other, **given) == (
        "post_taken",
        None,
    )
    deputy = make.post(one, "副会长", seats=3, runs=False)
    assert refused(operations.appoint, post=deputy, talent=her, **given) == (
        "rung_twice",
        "talent_code",
    )
    council = make.post(one, "理事", rung="council", seats=15, runs=False)
    operations.appoint(post=council, talent=her, **given, **KEPT)
    assert Holding.objects.in_office(TODAY).filter(talent=her).count() == 2


@database
def test_the_database_refuses_both_whoever_writes():
    held = make.chair()
    deputy = make.post(held.association, "副会长", seats=3, runs=False)
    row = {
        "term": held.term,
        "first_day": TODAY,
        "last_day": TODAY + 9 * DAY,
        "document": "决议",
        "noted_at": NOW,
    }
    with pytest.raises(IntegrityError, match="post_one_holder"), transaction.atomic():
        Holding.objects.create(post=held.post, outside="man", **row)
    with pytest.raises(IntegrityError, match="rung_once"), transaction.atomic():
        Holding.objects.create(post=deputy, talent=held.talent, **row)
    with pytest.raises(DatabaseError, match="another association"), transaction.atomic():
        Holding.objects.create(post=make.post(make.association()), outside="man", **row)
    Holding.objects.create(post=deputy, outside="man", **row)
    Holding.objects.create(post=deputy, outside="man", **row)
    with pytest.raises(IntegrityError, match="post_one_holder"), transaction.atomic():
        type(deputy).objects.filter(pk=deputy.pk).update(seats=1)


@database
def test_seats_are_counted_by_the_day_and_cannot_become_fewer_than_are_held():
    one = make.term().association
    post = make.post(one, "副会长", seats=2, runs=False)
    first = make.holding(post)
    make.holding(post, outside="man")
    given = {"post": post, "first_day": TODAY, "document": "决议"}
    assert refused(operations.appoint, **given, outside="woman") == ("post_full", None)
    last = TODAY + 29 * DAY
    operations.end_holding(holding=first, last_day=last, reason="resigned", **KEPT)
    assert refused(operations.appoint, **given, outside="woman") == ("post_full", None)
    given["first_day"] = last + DAY
    operations.appoint(**given, outside="woman", **KEPT)
    assert refused(operations.save_post, association=one, post=post, values={"seats": 1}) == (
        "seats_held",
        "seats",
    )


@database
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"outside": ""}, ("holder_missing", "talent_code")),
        ({"document": " "}, ("document_missing", "document")),
        ({"first_day": date(2024, 6, 19)}, ("no_term", "first_day")),
        ({"first_day": date(2028, 6, 20)}, ("no_term", "first_day")),
    ],
)
def test_a_post_without_holder_document_or_term_is_one_sentence(given, told):
    post = make.post(make.term().association)
    said = {"outside": "man", "first_day": TODAY, "document": "决议"} | given
    assert (refused(operations.appoint, post=post, **said), Holding.objects.count()) == (told, 0)


@database
def test_posts_are_for_members():
    post = make.post(make.term().association)
    said = {"talent": factories.talent(), "first_day": TODAY, "document": "决议"}
    assert refused(operations.appoint, post=post, **said) == ("not_member", None)


@database
def test_whose_membership_has_ended_gives_way_to_a_successor():
    held = make.chair()
    Membership.objects.update(valid_until=TODAY - 9 * DAY)
    assert in_office() == set()
    other = make.member(held.association).talent
    said = {"first_day": TODAY, "document": "补选决议"}
    new = operations.appoint(post=held.post, talent=other, **said, **KEPT)
    held = make.fresh(held)
    assert (held.last_day, held.end_reason) == (TODAY - 9 * DAY, "not_member")
    Membership.objects.filter(talent=held.talent).update(valid_until=TODAY + 99 * DAY)
    assert in_office() == {new.pk}


@database
def test_what_staff_end_they_can_restore_while_the_seat_is_free():
    held = make.chair()
    end = {"holding": held, "last_day": TODAY, "reason": "removed"}
    operations.end_holding(**end, **KEPT)
    assert in_office(TODAY + DAY) == set()
    assert refused(operations.resign, holding=held, last_day=TODAY) == ("holding_ended", None)
    operations.restore_holding(holding=held, **KEPT)
    assert in_office(TODAY + DAY) == {held.pk}
    operations.end_holding(**end, **KEPT)
    given = {"first_day": TODAY + DAY, "document": "补选决议"}
    operations.appoint(post=held.post, outside="man", **given, **KEPT)
    assert refused(operations.restore_holding, holding=held) == ("post_taken", None)
    assert refused(operations.end_holding, **end | {"reason": "not_member"}) == (
        "reason_unknown",
        "reason",
    )


@database
def test_void_is_as_if_it_had_never_been():
    held = make.chair()
    operations.end_holding(holding=held, last_day=TODAY, reason="void", **KEPT)
    assert (make.fresh(held).last_day, in_office(held.first_day)) == (
        held.first_day - DAY,
        set(),
    )


@database
def test_a_registered_society_files_who_leads_it_and_a_fellowship_does_not():
    make.chair()
    assert list(Filing.objects.values_list("kind", "due_on")) == [("leaders", date(2024, 7, 22))]
    make.chair(make.fellowship())
    assert Filing.objects.count() == 1


@database
def test_a_post_somebody_holds_is_not_abolished():
    held = make.chair()
    assert refused(operations.end_post, post=held.post) == ("post_held", None)
    free = make.post(held.association, "名誉会长", runs=False)
    operations.end_post(post=free, **KEPT)
    given = {"first_day": TODAY, "document": "决议", "outside": "man"}
    assert refused(operations.appoint, post=free, **given) == ("post_ended", None)
    again = make.post(held.association, "名誉会长", runs=False)
    assert refused(operations.restore_post, post=free) == ("post_twice", "title")
    operations.end_post(post=again, **KEPT)
    assert operations.restore_post(post=free, **KEPT).ended_at is None


# --- what gives way, and what does not -------------------------------------------------------------
@database
def test_who_joins_anew_begins_without_the_post_that_ended_with_her_membership():
    held = make.chair()
    of, by = held.association, held.talent.user
    members.end_membership(membership=Membership.objects.get(), reason="三年未参加活动", **KEPT)
    members.approve_membership(membership=make.applied(of, held.talent), **KEPT)
    assert (rights.runs(of, by, TODAY), make.fresh(held).last_day) == (False, TODAY - DAY)
    assert make.fresh(held).end_reason == "not_member"
    posts = {"post": held.post, "talent": held.talent, "first_day": TODAY, "document": "决议"}
    operations.appoint(**posts, **KEPT)
    assert rights.runs(of, by, TODAY)


@database
def test_a_successor_to_another_post_takes_nothing_from_who_can_still_renew():
    held = make.chair()
    council = make.post(held.association, "理事", rung="council", seats=2, runs=False)
    late = make.member(held.association, valid_until=TODAY - DAY)
    day = {"first_day": TODAY - 9 * DAY, "document": "决议"}
    hers = operations.appoint(post=council, talent=late.talent, **day, **KEPT)
    today = {"outside": "man", "first_day": TODAY, "document": "决议"}
    operations.appoint(post=make.post(held.association, "副会长", seats=2), **today, **KEPT)
    operations.appoint(post=council, **today, **KEPT)
    members.renew_membership(membership=late, **KEPT)
    assert hers.pk in in_office()


@database
def test_a_post_that_was_abolished_is_not_given_back():
    held = make.chair()
    operations.end_holding(holding=held, last_day=TODAY - DAY, reason="resigned", **KEPT)
    operations.end_post(post=held.post, **KEPT)
    assert refused(operations.restore_holding, holding=held) == ("post_ended", None)


@database
def test_an_extension_somebody_was_appointed_in_is_not_taken_back_and_resignations_end_with_it():
    one = make.association()
    term = make.term(one, 1, date(2022, 12, 1))
    operations.extend_term(term=term, until=date(2027, 11, 30), document="批复", **KEPT)
    deputy = make.post(one, "副会长", seats=2, runs=False)
    given = {"outside": "man", "document": "决议"}
    before = operations.appoint(post=deputy, first_day=TODAY, **given, **KEPT)
    since = operations.appoint(post=deputy, first_day=date(2026, 12, 20), **given, **KEPT)
    last = date(2027, 3, 1)
    operations.end_holding(holding=before, last_day=last, reason="resigned", **KEPT)
    assert refused(operations.take_back_extension, term=term) == ("held_since", None)
    operations.end_holding(holding=since, last_day=last, reason="void", **KEPT)
    operations.take_back_extension(term=term, **KEPT)
    assert make.fresh(before).last_day == date(2026, 11, 30)


@database
def test_who_was_to_begin_in_a_term_that_is_cut_short_takes_no_seat_of_the_next():
    one = make.association()
    term, post = make.term(one), make.post(one)
    given = {"post": post, "document": "决议"}
    first = date(2027, 1, 20)
    held = operations.appoint(outside="man", first_day=first, **given, **KEPT)
    operations.cut_term(term, date(2026, 11, 30), NOW)
    operations.begin_term(one, 2, 4, date(2026, 12, 1))
    operations.appoint(outside="woman", first_day=date(2026, 12, 1), **given, **KEPT)
    assert (make.fresh(held).last_day, make.fresh(held).end_reason) == (first - DAY, "new_term")
    assert refused(operations.restore_holding, holding=held) == ("ended_by_rule", None)


@database
def test_a_post_is_not_moved_to_a_rung_its_holder_sits_on_already():
    held = make.chair()
    council = make.post(held.association, "理事", rung="council", seats=15, runs=False)
    operations.appoint(post=council, talent=held.talent, first_day=TODAY, document="决议", **KEPT)
    change = {"association": held.association, "post": council}
    assert refused(operations.save_post, **change, values={"rung": "leader"}) == (
        "rung_twice",
        "rung",
    )
    assert operations.save_post(**change, values={"rung": "standing"}, **KEPT).rung == "standing"


@database
def test_a_term_in_a_far_year_is_one_sentence():
    said = {"association": make.association(), "number": 1, "starts_on": date(9998, 1, 1)}
    for operation in (operations.add_term, open_election):
        assert refused(operation, **said) == ("term_far", "starts_on")


# --- at once ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_two_appoint_to_a_single_seat_at_once_and_one_is_told(with_lock, monkeypatch):
    """The control asks without the association's lock: the exclusion constraint alone stands, and says it in no sentence."""
    one = make.term().association
    post = make.post(one)
    if not with_lock:
        monkeypatch.setattr(operations, "standing", lambda association, by, permission: association)

    def appoint():
        operations.appoint(post=post, outside="woman", first_day=TODAY, document="补选决议", **KEPT)

    met = beside(appoint, appoint)
    assert (met, Holding.objects.count()) == ("post_taken" if with_lock else IntegrityError, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_the_last_of_several_seats_goes_to_one(with_lock, monkeypatch):
    """The control counts without the lock: both find the last seat free, and three sit on two chairs."""
    one = make.term().association
    post = make.post(one, "副会长", seats=2, runs=False)
    make.holding(post, outside="man")
    if not with_lock:
        monkeypatch.setattr(operations, "standing", lambda association, by, permission: association)

    def appoint():
        operations.appoint(post=post, outside="woman", first_day=TODAY, document="补选决议", **KEPT)

    met = beside(appoint, appoint)
    assert (met, Holding.objects.count()) == (("post_full", 2) if with_lock else (None, 3))


@pytest.mark.django_db(transaction=True)
def test_two_extensions_at_once_are_one():
    term = make.term(starts_on=date(2022, 12, 1))

    def extend(months):
        until = date(2026, 11, 30) + timedelta(days=30 * months)
        operations.extend_term(term=term, until=until, document=f"批复〔2026〕{months}号", **KEPT)

    met = beside(lambda: extend(3), lambda: extend(6))
    assert (met, make.fresh(term).ends_on) == ("extended_before", date(2027, 2, 28))


def test_a_term_of_five_years_that_begins_on_a_leap_day_ends_on_the_last_of_february():
    assert rules.planned_end(date(2024, 2, 29), 5) == date(2029, 2, 27)
