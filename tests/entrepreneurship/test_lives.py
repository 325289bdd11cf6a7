"""What becomes of ventures, training and coaching: in her copy, when records are merged, when she is erased, when it is old."""

from datetime import timedelta

import pytest

from accounts.models import User
from entrepreneurship.learning import operations as learning
from entrepreneurship.learning.models import (
    Coach,
    CoachingHour,
    CoachingProposal,
    CoachingTalk,
    Enrolment,
    TrainingCertificate,
)
from entrepreneurship.personal_data import collect
from entrepreneurship.ventures import operations as ventures
from entrepreneurship.ventures.models import Venture, VentureFounder
from kernel.errors import Conflict
from privacy import retention
from talents import operations as talents
from talents.erasure import operations as erasure
from talents.models import Talent
from tests import factories
from tests.entrepreneurship import coaching, make, training

NOW = factories.NOW
pytestmark = pytest.mark.django_db


def erased(user):
    """Let a woman be erased, as she asks for it and the clock does it."""
    user = User.objects.get(pk=user.pk)
    erasure.ask_erasure(user=user, by=user, now=NOW)
    erasure.erase_due(now=NOW + erasure.COOLING)


def merged(keep, lose):
    """Merge two records of one woman; the second has no account."""
    Talent.objects.filter(pk=lose.pk).update(user=None)
    records = Talent.objects.in_bulk([keep.pk, lose.pk])
    given = {"keep": records[keep.pk], "lose": records[lose.pk]}
    return talents.merge_records(reason="电话核实是同一人", by=None, now=NOW, **given)


def wrote_to_a_coach(talent):
    """Return the hour of coaching a woman has booked and written for."""
    hour, _booking = coaching.booked(talent=talent)
    learning.write_talk(hour=hour, aims="股权怎么分", by=talent.user, now=NOW)
    return hour


def applied(now):
    """Return {rule: how many rows went} of this app's rules."""
    runs = retention.apply(now=now)
    ours = {run.rule: run.done for run in runs if run.rule.startswith("entrepreneurship.")}
    return {rule: done for rule, done in ours.items() if done}


# --- her copy ----------------------------------------------------------------------------------------
def test_her_copy_holds_what_is_hers_and_nothing_of_her_partners():
    her, partner = make.woman(full_name="林静姝"), make.woman(full_name="何创")
    one = make.venture(her)
    make.founder(one, talent=partner)
    make.answered(one)
    training.concluded(talent=her)
    wrote_to_a_coach(her)

    def rows(user):
        return {str(group.title): len(list(group.rows)) for group in collect(user)}

    hers = {name: count for name, count in rows(her.user).items() if count}
    assert hers == {
        "创业项目": 1,
        "创始人": 1,
        "阶段记录": 1,
        "年度情况": 1,
        "参加的培训": 1,
        "培训证书": 1,
        "预约的创业辅导": 1,
    }
    # Both found it: the venture is in both copies, each with her own part alone.
    theirs = {name: count for name, count in rows(partner.user).items() if count}
    assert theirs == {"创业项目": 1, "创始人": 1, "阶段记录": 1, "年度情况": 1}
    assert {name: count for name, count in rows(make.woman().user).items() if count} == {}


# --- two records become one --------------------------------------------------------------------------
def test_merged_her_ventures_and_training_are_one_womans():
    keep, lose = make.woman(full_name="王小敏"), make.woman(full_name="王小敏")
    of_both = make.venture(keep)
    make.founder(of_both, talent=lose)
    alone = make.venture(lose, name="云桥芯片")
    both = training.programme(name="两份档案都参加")
    training.enrolled(both, keep)
    training.enrolled(both, lose)
    only = training.enrolled(training.programme(series=training.series("另一期")), lose)
    hour = wrote_to_a_coach(lose)
    merged(keep, lose)
    assert make.fresh(alone).talent_id == keep.pk
    founds = VentureFounder.objects.filter(talent=keep).values_list("venture__name", flat=True)
    assert sorted(founds) == ["云桥芯片", "听声科技"]
    assert Enrolment.objects.filter(talent=keep).count() == 2
    assert make.fresh(only).talent_id == keep.pk
    assert CoachingTalk.objects.filter(talent=keep, hour=hour).count() == 1
    of_both.refresh_from_db()
    assert of_both.shares == 70  # nobody's share came or went


# --- erased ------------------------------------------------------------------------------------------
def test_erased_a_venture_goes_to_who_founds_it_with_her_and_alone_it_loses_its_name():
    her, partner = make.woman(), make.woman(full_name="何创")
    shared = make.registered(her)
    make.founder(shared, talent=partner)
    alone = make.registered(her, name="云桥芯片", uscc=make.OTHER_USCC)
    waits = make.link(alone)
    make.answered(alone)
    erased(her.user)
    shared.refresh_from_db()
    assert (shared.talent_id, shared.name) == (partner.pk, "听声科技")
    alone.refresh_from_db()
    assert (alone.name, alone.summary, alone.uscc, alone.next_check_on) == ("—", "", None, None)
    # What is counted stays: stage, industry, the year's numbers.
    assert (alone.stage, alone.industry, alone.checkpoints.count()) == ("registered", "M", 1)
    assert VentureFounder.objects.standing().filter(talent=her).count() == 0
    with pytest.raises(Conflict):
        ventures.accept_founder(founder=waits, talent=partner, by=partner.user, now=NOW)


def test_erased_certificates_stay_without_a_name_and_minutes_as_numbers():
    row = training.concluded()
    certificate = training.certificate(row)
    erased(row.talent.user)
    certificate.refresh_from_db()
    assert (certificate.talent, certificate.name, certificate.is_valid) == (None, "", True)
    assert training.fresh(row).minutes == 360


def test_erased_a_coach_is_named_by_no_hour_and_her_woman_keeps_what_she_wrote():
    hour, booking, _talk = coaching.confirmed()
    about = {"hour": hour, "by": booking.talent.user, "now": NOW}
    learning.write_talk(aims="股权怎么分", **about)
    erased(hour.coach.user)
    event = make.fresh(hour.event)
    assert (event.title, event.summary, event.body) == ("创业辅导：商业计划",) * 2 + ("",)
    assert "沈教练" not in f"{Coach.objects.get().introduction}{event.title}"
    talk = CoachingTalk.objects.get()
    assert (talk.talent_id, talk.aims, talk.confirmed_at is not None) == (
        booking.talent_id,
        "股权怎么分",
        True,
    )


def test_erased_a_woman_leaves_nothing_of_what_she_wrote_to_coaches():
    hour, booking, _talk = coaching.confirmed()
    learning.write_talk(hour=hour, aims="股权怎么分", by=booking.talent.user, now=NOW)
    other = coaching.coach(factories.talent(full_name="罗教练").user)
    coaching.proposal(other, booking.talent)
    erased(booking.talent.user)
    talk, proposal = CoachingTalk.objects.get(), CoachingProposal.objects.get()
    assert (talk.talent, talk.aims, talk.next_steps) == (None, None, None)
    assert (proposal.talent, proposal.message, proposal.state) == (None, None, "withdrawn")
    assert CoachingHour.objects.count() == 1  # that it took place stays a number


# --- how long it is kept -----------------------------------------------------------------------------
def test_what_is_old_goes_and_what_is_not_stays():
    make.link(make.venture())
    row = training.concluded()
    hour, booking, _talk = coaching.confirmed()
    learning.write_talk(hour=hour, aims="股权怎么分", by=booking.talent.user, now=NOW)
    asked = coaching.proposal(coaching.coach(factories.talent(full_name="罗教练").user))
    learning.decline_proposal(
        proposal=asked, reason="topic", by=asked.coach.user, now=NOW + timedelta(hours=1)
    )
    days = lambda count: NOW + timedelta(days=count)  # noqa: E731 - three moments
    assert applied(days(89)) == {}
    assert applied(days(91)) == {"entrepreneurship.founder_links": 1}
    assert applied(days(372)) == {"entrepreneurship.talks": 1, "entrepreneurship.proposals": 1}
    talk = CoachingTalk.objects.get()
    assert (talk.aims, talk.confirmed_at is not None) == (None, True)
    assert applied(days(3 * 366 + 10)) == {"entrepreneurship.enrolments": 1}
    assert (Enrolment.objects.count(), TrainingCertificate.objects.count()) == (0, 1)
    assert applied(days(10 * 366 + 10)) == {"entrepreneurship.training_certificates": 1}
    assert (row.programme.state, Venture.objects.count()) == ("closed", 1)
