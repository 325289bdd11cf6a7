"""Associations as the tests need them."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone
from stdnum.cn import uscc

from calls import operations as calling
from networks.associations import operations as associations
from networks.elections import operations as elections
from networks.members import operations as members
from networks.members.models import Membership
from networks.meter import operations as meter
from networks.posts import operations as posts
from tests import factories

NOW, DAY = factories.NOW, timedelta(days=1)
TODAY = date(2026, 11, 23)
KEPT = {"by": None, "now": NOW}
_numbers = count(1)


def code(kind="51"):
    """Return one more credit code with a right check digit, of a society unless said otherwise."""
    begin = f"{kind}500000MJNT{next(_numbers):04d}9"
    return begin + uscc.calc_check_digit(begin)


def values(**fields):
    """Return what staff write of a registered society."""
    said = {
        "name": f"两江新区示例协会{next(_numbers)}",
        "legal_form": "society",
        "uscc": code(),
        "supervisor": "两江新区科技创新局",
        "founded_on": date(2016, 5, 20),
        "term_years": 4,
        "takes_members": True,
    }
    return said | fields


def association(now=NOW, **fields):
    """Return an association the women's federation looks after."""
    fields.setdefault("department", factories.department())
    return associations.save_association(values=values(**fields), by=None, now=now)


def fellowship(**fields):
    """Return a fellowship: no code, nothing to file."""
    return association(legal_form="fellowship", uscc="", **fields)


def term(of=None, number=1, starts_on=date(2024, 6, 20), **fields):
    """Return a term; that of June 2024 runs four years."""
    return posts.add_term(
        association=of or association(), number=number, starts_on=starts_on, **fields, **KEPT
    )


def post(of, title="会长", rung="leader", seats=1, runs=True):
    """Return a post of an association."""
    said = {"title": title, "rung": rung, "seats": seats, "runs": runs}
    return posts.save_post(association=of, values=said, **KEPT)


def member(of, talent=None, joined_on=date(2024, 1, 1), valid_until=date(2027, 6, 30), **fields):
    """Return a membership in force."""
    return Membership.objects.create(
        association=of,
        talent=talent or factories.talent(),
        state="active",
        applied_at=NOW,
        joined_on=joined_on,
        valid_until=valid_until,
        **fields,
    )


def applied(of, talent=None, now=NOW):
    """Return an application to join."""
    return members.apply_membership(
        association=of, talent=talent or factories.talent(), by=None, now=now
    )


def holding(of_post, talent=None, first_day=date(2024, 6, 20), **fields):
    """Return that a woman holds a post; she is made a member and a term is there."""
    of = of_post.association
    if not of.terms.exists():
        term(of)
    if talent is None and "outside" not in fields:
        talent = member(of).talent
    return posts.appoint(
        post=of_post, talent=talent, first_day=first_day, document="选举结果", **fields, **KEPT
    )


def chair(of=None):
    """Return who holds the post that runs an association."""
    return holding(post(of or association()))


def in_office(her=None, today=None):
    """Return that a woman holds the post that runs an association, on the day the test runs."""
    today = today or timezone.localdate()
    of = association()
    one = term(of, starts_on=today.replace(day=1) - 40 * DAY)
    days = {"joined_on": one.starts_on, "valid_until": today + 300 * DAY}
    her = her or factories.talent()
    member(of, her, **days)
    return holding(post(of), her, one.starts_on)


def rows_of(held):
    """Return {model: a row} of the association somebody runs, one of each the admin knows."""
    of = held.association
    event = meter.link_event(association=of, event=factories.event(), **KEPT)
    return {
        "association": of,
        "yearlycheck": of.yearly_checks.create(
            year=2025, result="passed", checked_on=date(2026, 5, 20), document="年检通告"
        ),
        "filing": of.filings.get(),  # that she leads it
        "term": held.term,
        "post": held.post,
        "holding": held,
        "membership": held.talent.memberships.get(association=of),
        "election": election(of, starts_on=held.term.ends_on + DAY),
        "sharecount": count_of(of),
        "sharetarget": of.share_targets.create(rung="council", percent=30, source="章程"),
        "councilmeeting": of.meetings.create(
            rung="council", held_on=date(2026, 9, 1), present=12, women=9, source="纪要"
        ),
        "associationevent": event,
    }


def count_of(of, **fields):
    """Return a count somebody entered and nobody confirmed."""
    said = {
        "rung": "council",
        "total": 40,
        "women": 9,
        "as_of": date(2026, 6, 30),
        "source": "理事名册",
    }
    return meter.enter_count(association=of, **said | fields, **KEPT)


def confirmed(of, **fields):
    """Return a count that counts."""
    return meter.confirm_count(count=count_of(of, **fields), **KEPT)


# --- elections -------------------------------------------------------------------------------------
def election(of=None, number=2, starts_on=date(2026, 12, 1), now=NOW):
    """Return an election that is being prepared."""
    of = of or association()
    return elections.open_election(
        association=of, number=number, starts_on=starts_on, by=None, now=now
    )


def seat(one=None, of_post=None, now=NOW, **fields):
    """Return a call of an election that takes applications."""
    one = one or election(now=now)
    of_post = of_post or post(one.association)
    times = {"opens_at": now - DAY, "closes_at": now + 10 * DAY}
    made = elections.prepare_call(election=one, post=of_post, by=None, now=now, **times | fields)
    made.call = calling.open_call(call=made.call, by=None, now=now)
    return made


def candidate(of_seat, talent=None, now=NOW):
    """Return an accepted application of a member to a call of an election."""
    association_ = of_seat.election.association
    if talent is None:
        talent = member(association_).talent
    mine = calling.start_application(call=of_seat.call, talent=talent, by=None, now=now)
    answers = {mine.call.fields.get().pk: "把事情办实。"}
    calling.save_answers(application=mine, answers=answers, by=None, now=now)
    mine = calling.submit_application(application=mine, by=None, now=now)
    return calling.accept_application(application=mine, by=None, now=now)


def concluded(of_seat, *rows, results=("awarded", "reserve")):
    """Let a public notice of these applications run to its end and the results be told; returns the moment."""
    at = of_seat.call.closes_at + timedelta(seconds=1)
    for row, result in zip(rows, results, strict=True):
        calling.decide_application(application=row, result=result, by=None, now=at)
    said = {"authority": "换届领导小组", "working_days": 5, "contact": "023-67000000"}
    notice = calling.draft_notice(call=of_seat.call, values=said, fields=[], by=None, now=at)
    calling.start_notice(notice=notice, by=None, now=at)
    later = at + 20 * DAY
    calling.end_notice(notice=notice, by=None, now=later)
    calling.conclude_call(call=of_seat.call, by=None, now=later)
    return later


def fresh(row):
    """Return a row as it is stored."""
    return type(row).objects.get(pk=row.pk)
