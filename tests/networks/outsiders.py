"""One call of every operation, for tests/test_rights.py."""

from datetime import date, timedelta

from networks.associations import operations as associations
from networks.elections import operations as elections
from networks.members import operations as members
from networks.meter import operations as meter
from networks.posts import operations as posts
from tests import factories
from tests.networks import make
from tests.rights import call


def clerk(given=None):
    """Return a clerk of the association's department."""
    return factories.staff("department_clerk")


def reviewer(given=None):
    """Return a reviewer of the association's department."""
    return factories.staff("department_reviewer")


def ex_officer():
    """Return somebody who ran another association until yesterday."""
    held = make.chair()
    posts.end_holding(
        holding=held, last_day=make.TODAY - make.DAY, reason="removed", by=None, now=make.NOW
    )
    return held.talent.user


def other_chair():
    """Return who runs another association."""
    return make.chair().talent.user


OTHERS = {"an ex-officer": ex_officer, "who runs another association": other_chair}


def hers(given):
    """Return the member, or who holds the post."""
    return (given.get("membership") or given["holding"]).talent.user


def _kept(operation, arguments, insider=clerk):
    return call(operation, arguments, insider=insider, others=OTHERS)


def _voluntary(operation, arguments):
    return call(operation, arguments, insider=hers, others=OTHERS)


def _resigned():
    held = make.chair()
    return posts.resign(holding=held, last_day=make.TODAY + 9 * make.DAY, **make.KEPT)


def _left():
    return members.leave_association(membership=make.member(make.association()), **make.KEPT)


def _paused():
    until = make.TODAY + 90 * make.DAY
    return members.pause_membership(
        membership=make.member(make.association()), until=until, **make.KEPT
    )


def _ending():
    return make.member(make.association(), valid_until=make.TODAY + 9 * make.DAY)


def _filed():
    filing = _filing()
    return associations.file_change(
        filing=filing, filed_on=make.TODAY, document="准予变更决定书", **make.KEPT
    )


def _filing():
    return associations.add_filing(
        association=make.association(), kind="scope", decided_on=date(2026, 11, 2), **make.KEPT
    )


def _dissolved():
    return associations.dissolve_association(
        association=make.association(), on=make.TODAY, reason="会员大会决定", **make.KEPT
    )


def _extended():
    term = make.term(starts_on=date(2022, 12, 1))
    return posts.extend_term(
        term=term, until=date(2027, 5, 31), document="批复〔2026〕1号", **make.KEPT
    )


def _ended_post():
    return posts.end_post(post=make.post(make.association()), **make.KEPT)


def _cancelled():
    return elections.cancel_election(election=make.election(), reason="会长另有安排", **make.KEPT)


def _seat_arguments():
    election = make.election()
    return {
        "election": election,
        "post": make.post(election.association),
        "opens_at": make.NOW,
        "closes_at": make.NOW + timedelta(days=10),
    }


def _event_link():
    return meter.link_event(association=make.association(), event=factories.event(), **make.KEPT)


def _meeting():
    return meter.note_meeting(
        association=make.association(),
        rung="council",
        held_on=date(2026, 9, 1),
        present=12,
        women=9,
        source="纪要",
        **make.KEPT,
    )


COUNT = {
    "rung": "council",
    "total": 40,
    "women": 9,
    "as_of": date(2026, 6, 30),
    "source": "理事名册",
}

CALLS = (
    _kept(
        associations.save_association,
        lambda: {"association": make.association(), "values": {"contact": "023-67000000"}},
    ),
    _kept(
        associations.dissolve_association,
        lambda: {"association": make.association(), "on": make.TODAY, "reason": "会员大会决定"},
    ),
    _kept(associations.restore_association, lambda: {"association": _dissolved()}),
    _kept(associations.retry_association, lambda: {"row": make.association()}),
    _kept(associations.standing, lambda: {"association": make.association()}),
    _kept(
        associations.save_check,
        lambda: {
            "association": make.association(),
            "year": 2025,
            "result": "passed",
            "checked_on": date(2026, 5, 20),
            "document": "年检通告",
        },
    ),
    _kept(
        associations.add_filing,
        lambda: {
            "association": make.association(),
            "kind": "scope",
            "decided_on": date(2026, 11, 2),
        },
    ),
    _kept(
        associations.file_change,
        lambda: {"filing": _filing(), "filed_on": make.TODAY, "document": "准予变更决定书"},
    ),
    _kept(associations.take_back_filing, lambda: {"filing": _filed()}),
    _kept(
        posts.add_term,
        lambda: {"association": make.association(), "number": 1, "starts_on": date(2024, 6, 20)},
    ),
    _kept(
        posts.extend_term,
        lambda: {
            "term": make.term(starts_on=date(2022, 12, 1)),
            "until": date(2027, 5, 31),
            "document": "批复〔2026〕1号",
        },
    ),
    _kept(posts.take_back_extension, lambda: {"term": _extended()}),
    _kept(posts.retry_term, lambda: {"row": make.term()}),
    _kept(
        posts.save_post,
        lambda: {"association": make.association(), "values": {"title": "会长", "rung": "leader"}},
    ),
    _kept(posts.end_post, lambda: {"post": make.post(make.association())}),
    _kept(posts.restore_post, lambda: {"post": _ended_post()}),
    _kept(
        posts.appoint,
        lambda: {
            "post": make.post(make.term().association),
            "outside": "woman",
            "first_day": make.TODAY,
            "document": "补选决议",
        },
    ),
    _voluntary(
        posts.resign, lambda: {"holding": make.chair(), "last_day": make.TODAY + 9 * make.DAY}
    ),
    _kept(
        posts.end_holding,
        lambda: {"holding": make.chair(), "last_day": make.TODAY, "reason": "removed"},
    ),
    call(posts.restore_holding, lambda: {"holding": _resigned()}, insider=hers, others=OTHERS),
    _kept(
        elections.open_election,
        lambda: {
            "association": make.association(),
            "number": 2,
            "starts_on": date(2026, 12, 1),
        },
    ),
    _kept(
        elections.move_election,
        lambda: {"election": make.election(), "starts_on": date(2026, 12, 5)},
    ),
    _kept(
        elections.cancel_election,
        lambda: {"election": make.election(), "reason": "会长另有安排"},
    ),
    _kept(elections.restore_election, lambda: {"election": _cancelled()}),
    _kept(elections.prepare_call, _seat_arguments),
    call(
        members.apply_membership,
        lambda: {"association": make.association(), "talent": factories.talent()},
        insider=lambda given: given["talent"].user,
        others=OTHERS,
    ),
    _voluntary(
        members.withdraw_application, lambda: {"membership": make.applied(make.association())}
    ),
    _voluntary(members.renew_membership, lambda: {"membership": _ending()}),
    _voluntary(
        members.pause_membership,
        lambda: {
            "membership": make.member(make.association()),
            "until": make.TODAY + 90 * make.DAY,
        },
    ),
    _voluntary(members.resume_membership, lambda: {"membership": _paused()}),
    _voluntary(members.leave_association, lambda: {"membership": make.member(make.association())}),
    _kept(members.approve_membership, lambda: {"membership": make.applied(make.association())}),
    _kept(
        members.decline_membership,
        lambda: {"membership": make.applied(make.association()), "reason": "不在本行业"},
    ),
    _kept(
        members.take_back_decision,
        lambda: {
            "membership": members.approve_membership(
                membership=make.applied(make.association()), **make.KEPT
            )
        },
    ),
    _kept(
        members.end_membership,
        lambda: {"membership": make.member(make.association()), "reason": "重复登记了"},
    ),
    _voluntary(members.restore_membership, lambda: {"membership": _left()}),
    _kept(
        members.import_members,
        lambda: {
            "association": make.association(),
            "rows": [(factories.talent(), date(2025, 1, 1), date(2027, 1, 1))],
        },
    ),
    _kept(members.export_members, lambda: {"association": make.association()}),
    _kept(members.retry_membership, lambda: {"row": make.member(make.association())}),
    _kept(meter.enter_count, lambda: {"association": make.association(), **COUNT}),
    _kept(meter.confirm_count, lambda: {"count": make.count_of(make.association())}, reviewer),
    _kept(
        meter.refuse_count,
        lambda: {"count": make.count_of(make.association()), "reason": "与名册不符"},
        reviewer,
    ),
    _kept(
        meter.withdraw_count,
        lambda: {"count": make.confirmed(make.association()), "reason": "与名册不符"},
        reviewer,
    ),
    _kept(
        meter.set_target,
        lambda: {
            "association": make.association(),
            "rung": "council",
            "percent": 30,
            "source": "章程",
        },
    ),
    _kept(
        meter.note_meeting,
        lambda: {
            "association": make.association(),
            "rung": "council",
            "held_on": date(2026, 9, 1),
            "present": 12,
            "women": 9,
            "source": "纪要",
        },
    ),
    _kept(meter.drop_meeting, lambda: {"meeting": _meeting()}),
    _kept(
        meter.link_event,
        lambda: {"association": make.association(), "event": factories.event()},
    ),
    _kept(meter.unlink_event, lambda: {"link": _event_link()}),
)
