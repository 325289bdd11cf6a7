"""Requests for talks: asked for by a unit, put to a woman who is willing, made an event."""

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, Unit
from events import operations as events
from kernel import reasons
from kernel.errors import Invalid
from privacy import audit
from role_models import talk_letters, talk_rules
from role_models.models import (
    OPEN,
    InvitationState,
    RequestState,
    TalkInvitation,
    TalkOffer,
    TalkRequest,
)
from talents.asking import operations as asking
from talents.asking.models import Answer
from talents.models import Talent

ASKED_FOR = (
    "topic",
    "audience",
    "people",
    "first_day",
    "last_day",
    "online",
    "place",
    "story",
    "contact_name",
    "contact_phone",
)
TIME_TO_ANSWER = timedelta(days=5)
PRESSED_TWICE = timedelta(minutes=10)


# --- her willingness ------------------------------------------------------------------------------
@transaction.atomic
def offer_talks(*, talent, topics, on_site, online, by, now):
    """Note that a woman is willing to be asked for talks, and about what; again changes it.

    Where she said what she may be asked for (talents.asking), talks are among it from now on.

    Raises Refused, Invalid without a topic or a way. Returns the TalkOffer.
    """
    if error := talk_rules.why_not_her_talks(talent, by):
        raise error
    topics = " ".join((topics or "").split())[:200]
    if not topics:
        raise Invalid("topics_missing", _("请写下可以讲什么。"), field="topics")
    if not (on_site or online):
        raise Invalid("no_way", _("请至少选一种方式：到场或线上。"), field="on_site")
    talent = Talent.objects.locked().get(pk=talent.pk)
    asking.allow(talent, talk_rules.TALK, now)
    said = {"topics": topics, "on_site": bool(on_site), "online": bool(online)}
    offer = TalkOffer.objects.filter(talent=talent).first()
    if offer and all(getattr(offer, name) == value for name, value in said.items()):
        return offer
    offer, _new = TalkOffer.objects.update_or_create(
        talent=talent, defaults=said | {"changed_at": now}
    )
    audit.record("role_models.offer_talks", talent, by=by, at=now)
    return offer


@transaction.atomic
def stop_offering(*, talent, by, now):
    """Note that she is not willing any more. What she has accepted stays. Twice does nothing twice. Raises Refused."""
    if error := talk_rules.why_not_her_talks(talent, by):
        raise error
    gone, _by_model = TalkOffer.objects.filter(talent=talent).delete()
    if gone:
        audit.record("role_models.stop_offering", talent, by=by, at=now)


# --- the unit -------------------------------------------------------------------------------------
@transaction.atomic
def request_talk(*, unit, values, by, now, key=""):
    """Take a unit's request. `values` are names of ASKED_FOR to values; `key` that of a program: once for each.

    `by` is the unit's contact, None where the unit's own key stands for it. Raises Refused, Invalid, Conflict for too
    many at a time, Invalid("idempotency_key_reused"). Returns the TalkRequest.
    """
    if error := talk_rules.why_not_ask_talk(unit, by):
        raise error
    values = {name: values[name] for name in ASKED_FOR if name in values}
    digest = _digest(values) if key else ""
    Unit.objects.select_for_update().get(pk=unit.pk)
    if before := _asked_before(unit, values, by, now, key, digest):
        return before
    if error := talk_rules.why_not_values(values, now) or talk_rules.why_not_more(unit):
        raise error
    story = values.get("story")
    department = story.department if story else Department.objects.get(code=talk_rules.DEPARTMENT)
    request = TalkRequest.objects.create(
        unit=unit,
        asked_by=by,
        key=key,
        digest=digest,
        department=department,
        asked_at=now,
        waits_since=now,
        **values,
    )
    audit.record("role_models.request_talk", request, by=by, at=now)
    return request


def _asked_before(unit, values, by, now, key, digest):
    """Return the request this is a repetition of, or None: of a program by its key, of a button pressed twice by its words."""
    rows = TalkRequest.objects.filter(unit=unit)
    if key:
        before = rows.filter(key=key).first()
        if before and before.digest != digest:
            sentence = _("这个 Idempotency-Key 已用于另一个申请，请换一个新的值。")
            raise Invalid("idempotency_key_reused", sentence)
        return before
    plain = {name: values[name] for name in values if not name.startswith("contact")}
    lately = rows.filter(state__in=OPEN, asked_at__gt=now - PRESSED_TWICE)
    return lately.filter(asked_by=by, **plain).first()


def _digest(values):
    said = {name: str(getattr(value, "pk", value)) for name, value in sorted(values.items())}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def locked(request):
    """Return a request as it stands now, locked: whatever changes it or its invitations holds this lock."""
    rows = TalkRequest.objects.select_for_update(of=("self",))
    return rows.select_related("unit", "story", "department").get(pk=request.pk)


@transaction.atomic
def withdraw_request(*, request, by, now):
    """Take a request back for its unit; who was asked is told that she need not answer, or need not come.

    Twice does nothing twice. Raises Refused, Conflict once an event was made of it. Returns the TalkRequest.
    """
    if error := talk_rules.why_not_for_unit(request, by):
        raise error
    request = locked(request)
    if request.state == RequestState.WITHDRAWN:
        return request
    if error := talk_rules.why_not_withdraw(request):
        raise error
    _let_off(request, now)
    _move(request, RequestState.WITHDRAWN, now)
    audit.record("role_models.withdraw_request", request, by=by, at=now)
    return request


# --- staff ----------------------------------------------------------------------------------------
@transaction.atomic
def invite_speaker(*, request, talent, by, now):
    """Ask a woman who is willing for the talk of a request. Raises Refused, Conflict. Returns the TalkInvitation."""
    if error := talk_rules.why_not_route(request, by):
        raise error
    talent = asking.lock(talent)
    request = locked(request)
    if error := talk_rules.why_not_state(request, RequestState.RECEIVED):
        raise error
    if error := talk_rules.why_not_invite(request, talent, now):
        raise error
    invitation = TalkInvitation(request=request, talent=talent)
    return _ask(invitation, "role_models.invite_speaker", by, now)


@transaction.atomic
def ask_again(*, request, by, now):
    """Ask the woman once more who declined last or was let off: undoes a decline. Raises Refused, Conflict.

    Returns the TalkInvitation.
    """
    if error := talk_rules.why_not_route(request, by):
        raise error
    before = last_declined(request)
    talent = before and asking.lock(before.talent)
    request = locked(request)
    invitation = last_declined(request)
    # Another one was asked meanwhile, or her record was merged into another while this waited for it.
    if invitation != before or (invitation and invitation.talent_id != talent.pk):
        raise talk_rules.moved_on()
    if error := talk_rules.why_not_ask_again(request, invitation, now):
        raise error
    invitation.request, invitation.talent = request, talent
    return _ask(invitation, "role_models.ask_again", by, now)


def last_declined(request):
    """Return the invitation of a request that was declined or cancelled last, or None."""
    ended = (InvitationState.DECLINED, InvitationState.CANCELLED)
    rows = request.invitations.filter(state__in=ended).select_related("talent__user")
    return rows.order_by("-answered_at", "-pk").first()


def _ask(invitation, verb, by, now):
    invitation.state, invitation.asked_by, invitation.asked_at = InvitationState.ASKED, by, now
    invitation.answer_by, invitation.answered_at = now + TIME_TO_ANSWER, None
    invitation.reminded_at = None
    invitation.save()
    asking.ask(
        invitation=invitation,
        talent=invitation.talent,
        kind=talk_rules.TALK,
        department=invitation.request.department,
        now=now,
    )
    _move(invitation.request, RequestState.ASKED, now)
    audit.record(
        verb,
        invitation.request,
        by=by,
        at=now,
        invitation=invitation.pk,
        talent=invitation.talent_id,
    )
    talk_letters.asked(invitation, now)
    return invitation


@transaction.atomic
def take_back_invitation(*, request, by, now):
    """Let the woman off who was asked or has accepted; she is told. Raises Refused, Conflict. Returns the TalkRequest."""
    if error := talk_rules.why_not_route(request, by):
        raise error
    request = locked(request)
    if error := talk_rules.why_not_state(request, RequestState.ASKED, RequestState.ACCEPTED):
        raise error
    _let_off(request, now)
    _move(request, RequestState.RECEIVED, now)
    audit.record("role_models.take_back_invitation", request, by=by, at=now)
    return request


@transaction.atomic
def refuse_request(*, request, reason, by, now):
    """Tell a unit that its talk cannot be arranged, and why. Undone by reopen_request. Raises Refused, Conflict, Invalid.

    Returns the TalkRequest.
    """
    if error := talk_rules.why_not_route(request, by):
        raise error
    request = locked(request)
    if request.state == RequestState.REFUSED:
        return request
    if error := talk_rules.why_not_state(request, *OPEN):
        raise error
    request.refuse_reason = reasons.clean(reason, _("请写明没能安排的原因，单位会看到。"))
    _let_off(request, now)
    _move(request, RequestState.REFUSED, now)
    audit.record("role_models.refuse_request", request, by=by, at=now, reason=request.refuse_reason)
    talk_letters.refused(request, now)
    return request


@transaction.atomic
def reopen_request(*, request, by, now):
    """Arrange a request all the same that was refused; the unit is told. Raises Refused, Conflict. Returns it."""
    if error := talk_rules.why_not_route(request, by):
        raise error
    request = locked(request)
    if error := talk_rules.why_not_state(request, RequestState.REFUSED):
        raise error
    request.refuse_reason = ""
    _move(request, RequestState.RECEIVED, now)
    audit.record("role_models.reopen_request", request, by=by, at=now)
    talk_letters.reopened(request, now)
    return request


@transaction.atomic
def hand_over_request(*, request, department, by, now):
    """Have another department arrange a request nobody was asked for yet. Raises Refused, Conflict. Returns it."""
    if error := talk_rules.why_not_route(request, by):
        raise error
    request = locked(request)
    if request.department_id == department.pk:
        return request
    if error := talk_rules.why_not_state(request, RequestState.RECEIVED):
        raise error
    before, request.department = request.department_id, department
    request.save(update_fields=["department"])
    audit.record(
        "role_models.hand_over_request",
        request,
        by=by,
        at=now,
        before=before,
        after=department.pk,
    )
    return request


@transaction.atomic
def plan_talk(*, request, fields, by, now):
    """Make a draft of an event of a request whose speaker has accepted, with her in its agenda.

    `fields` are those of events.operations.add_event. The unit is told; everything else is arranged with the event.
    Raises Refused, Conflict, and what adding an event raises. Returns the Event.
    """
    if error := talk_rules.why_not_route(request, by):
        raise error
    request = locked(request)
    if error := talk_rules.why_not_state(request, RequestState.ACCEPTED):
        raise error
    speaker = request.accepted.talent
    event = events.add_event(
        fields={"department": request.department} | fields | {"measure": 6}, by=by, now=now
    )
    start, end = map(timezone.localtime, (event.starts_at, event.ends_at))
    line = f"{start:%H:%M}–{end:%H:%M} {request.topic} | {speaker.code}"
    events.set_agenda(event=event, text=line, by=by, now=now)
    request.event = event
    _move(request, RequestState.PLANNED, now, "event")
    audit.record("role_models.plan_talk", request, by=by, at=now, event=event.pk)
    talk_letters.planned(request, now)
    return event


@transaction.atomic
def unplan_talk(*, request, by, now):
    """Part a request from its event, to plan it anew; the event stays and is cancelled where it is kept.

    Raises Refused, Conflict. Returns the TalkRequest.
    """
    if error := talk_rules.why_not_route(request, by):
        raise error
    request = locked(request)
    if error := talk_rules.why_not_state(request, RequestState.PLANNED):
        raise error
    before, request.event = request.event_id, None
    # Who was to speak may have been erased meanwhile: then somebody else is asked.
    state = RequestState.ACCEPTED if request.accepted else RequestState.RECEIVED
    _move(request, state, now, "event")
    audit.record("role_models.unplan_talk", request, by=by, at=now, event=before)
    return request


def _let_off(request, now):
    """Cancel the invitation that stands, if any, and tell her."""
    rows = request.invitations.filter(
        state__in=(InvitationState.ASKED, InvitationState.ACCEPTED)
    ).select_related("talent__user")
    for invitation in rows:
        invitation.state, invitation.answered_at = InvitationState.CANCELLED, now
        invitation.contact = None
        invitation.save(update_fields=["state", "answered_at", "contact"])
        asking.answer(invitation=invitation, answer=Answer.WITHDRAWN, now=now)
        invitation.request = request
        talk_letters.let_off(invitation, now)


def _move(request, state, now, *more):
    """Put a request where it stands now."""
    request.state = state
    request.ended_at = None if state in OPEN else now
    if state == RequestState.RECEIVED:
        request.waits_since, request.reminded_at = now, None
    request.save(
        update_fields=[
            "state",
            "ended_at",
            "waits_since",
            "reminded_at",
            "refuse_reason",
            *more,
        ]
    )


# --- she ------------------------------------------------------------------------------------------
def _hers(invitation, by):
    """Return an invitation as it stands, its request locked."""
    if error := talk_rules.why_not_hers(invitation, by):
        raise error
    request = locked(invitation.request)
    invitation = TalkInvitation.objects.select_related("talent__user").get(pk=invitation.pk)
    invitation.request = request
    return invitation


@transaction.atomic
def accept_talk(*, invitation, contact, by, now):
    """Take it that she gives the talk; `contact` is what she lets the unit know besides her name, "" for nothing.

    Accepting again changes the contact. Raises Refused for anybody else, Conflict where it does not stand any more.
    Returns the TalkInvitation.
    """
    invitation = _hers(invitation, by)
    contact = " ".join((contact or "").split())[:100] or None
    again = invitation.state == InvitationState.ACCEPTED
    if again and contact == invitation.contact:
        return invitation
    if not again and (error := talk_rules.why_not_accept(invitation)):
        raise error
    invitation.state, invitation.contact = InvitationState.ACCEPTED, contact
    invitation.answered_at = invitation.answered_at or now
    invitation.save(update_fields=["state", "contact", "answered_at"])
    if again:
        audit.record("role_models.change_contact", invitation.request, by=by, at=now)
        return invitation
    asking.answer(invitation=invitation, answer=Answer.ACCEPTED, now=now)
    _move(invitation.request, RequestState.ACCEPTED, now)
    audit.record(
        "role_models.accept_talk", invitation.request, by=by, at=now, invitation=invitation.pk
    )
    talk_letters.accepted(invitation, now)
    return invitation


@transaction.atomic
def decline_talk(*, invitation, by, now):
    """Take it that she does not give the talk; nobody asks why. Staff ask another. Twice does nothing twice.

    Raises Refused for anybody else, Conflict where it does not stand any more. Returns the TalkInvitation.
    """
    invitation = _hers(invitation, by)
    if invitation.state == InvitationState.DECLINED:
        return invitation
    if error := talk_rules.why_not_decline(invitation):
        raise error
    invitation.state, invitation.answered_at = InvitationState.DECLINED, now
    invitation.contact = None
    invitation.save(update_fields=["state", "answered_at", "contact"])
    asking.answer(invitation=invitation, answer=Answer.DECLINED, now=now)
    _move(invitation.request, RequestState.RECEIVED, now)
    audit.record(
        "role_models.decline_talk", invitation.request, by=by, at=now, invitation=invitation.pk
    )
    talk_letters.declined(invitation, now)
    return invitation


# --- the clock ------------------------------------------------------------------------------------
@transaction.atomic
def remind_of_request(*, request, now):
    """Tell staff once that a request waits for somebody to be asked."""
    request = locked(request)
    if request.reminded_at or request.state != RequestState.RECEIVED:
        return
    request.reminded_at = now
    request.save(update_fields=["reminded_at"])
    talk_letters.request_waits(request, now)


@transaction.atomic
def remind_of_answer(*, invitation, now):
    """Tell staff once that a woman has not answered in time; whether they ask another they decide."""
    request = locked(invitation.request)
    invitation = TalkInvitation.objects.select_related("talent").get(pk=invitation.pk)
    if invitation.reminded_at or invitation.state != InvitationState.ASKED:
        return
    invitation.request, invitation.reminded_at = request, now
    invitation.save(update_fields=["reminded_at"])
    talk_letters.answer_waits(invitation, now)
