"""Two at once: accepting against lapsing, the last place, declining while staff withdraw. Each with a control."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from advisory.consultations import operations
from advisory.consultations.models import Consultation, ConsultationInvitation
from advisory.consultations.operations import answering, inviting
from events import operations as events
from talents.models import Talent
from tests.advisory import make
from tests.waits import beside, until_waiting

pytestmark = pytest.mark.django_db(transaction=True)


def without_locks(monkeypatch, module):
    """Let a module's operations read invitation and consultation without their locks: the control."""

    def locked(consultation):
        return Consultation.objects.select_related("department", "event").get(pk=consultation.pk)

    def locked_invitation(invitation, *asked):
        rows = ConsultationInvitation.objects.select_related("talent__user")
        invitation = rows.get(pk=invitation.pk)
        invitation.consultation = locked(invitation.consultation)
        return invitation

    monkeypatch.setattr(module, "locked", locked, raising=False)
    monkeypatch.setattr(module, "locked_invitation", locked_invitation, raising=False)


@pytest.mark.parametrize("with_lock", [True, False])
def test_what_she_accepts_in_the_last_second_does_not_lapse(with_lock, monkeypatch):
    """The clock of the worker is a second ahead; the control lapses what she has just accepted."""
    now = timezone.now()
    row = make.inviting(now=now, opinions_by=timezone.localdate(now) + timedelta(days=9))
    invitation = make.sent(of=row, now=now)
    last = invitation.answer_by
    if not with_lock:
        without_locks(monkeypatch, answering)

    def accept():
        operations.accept_invitation(
            invitation=invitation, declared=False, declared_words="", by=None, now=last
        )

    def lapse():
        operations.lapse_invitation(invitation=invitation, now=last + timedelta(seconds=1))

    beside(accept, lapse)
    assert make.fresh(invitation).state == ("accepted" if with_lock else "lapsed")


@pytest.mark.parametrize("with_lock", [True, False])
def test_the_last_place_goes_to_one(with_lock, monkeypatch):
    """Without the lock both find it free, and the constraint refuses the second: no third line of defence is needed."""
    now = timezone.now()
    row = make.inviting(now=now, places=1, opinions_by=timezone.localdate(now) + timedelta(days=9))
    first, second = make.expert(full_name="甲"), make.expert(full_name="乙")
    if not with_lock:
        without_locks(monkeypatch, inviting)

    def invite(talent):
        return lambda: operations.invite(consultation=row, talents=[talent], by=None, now=now)

    met = beside(invite(first), invite(second))
    refused = "no_place" if with_lock else "IntegrityError"
    assert (met if with_lock else met.__name__, ConsultationInvitation.objects.count()) == (
        refused,
        1,
    )


def test_she_leaves_the_database_while_staff_invite_her():
    """Her record first, then the consultation: neither waits for the other for ever, and she is not invited."""
    now = timezone.now()
    row = make.inviting(now=now, opinions_by=timezone.localdate(now) + timedelta(days=9))
    her = make.expert()

    def leave():
        talent = Talent.objects.locked().get(pk=her.pk)
        talent.state = "left"
        talent.save()

    def invite():
        operations.invite(consultation=row, talents=[her], by=None, now=now)

    assert (beside(leave, invite), ConsultationInvitation.objects.count()) == ("left_database", 0)


def test_a_meeting_planned_anew_waits_for_who_declines_and_not_she_for_it():
    """Each seat of the new meeting locks a record: before the consultation, or each of the two would wait for the other."""
    now = timezone.now()
    row = make.inviting(mode="meeting", now=now)
    invitation = make.accepted(of=row, now=now)
    events.cancel_event(event=row.event, reason="场地检修", by=None, now=now)
    fields = make.meeting_fields(now + timedelta(days=3))
    met = []

    def plan():
        try:
            operations.plan_meeting(consultation=make.again(row), fields=fields, by=None, now=now)
        except OperationalError as error:
            met.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=plan)
    with transaction.atomic():
        Talent.objects.locked().get(pk=invitation.talent_id)
        thread.start()
        until_waiting()
        operations.decline_invitation(invitation=invitation, by=None, now=now)
    thread.join(20)
    assert (met, make.fresh(invitation).state) == ([], "declined")
