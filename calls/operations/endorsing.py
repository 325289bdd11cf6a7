"""A unit says of its people's applications whether it stands for them, before the department accepts any."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls import letters, nominating_rules
from calls.locking import lock_application, lock_unit_places, share_call
from calls.models import ApplicationState, UnitOpinion
from kernel import reasons
from privacy import audit

State = ApplicationState


def _locked(application, by):
    """Return the application locked, its unit's places before it: what is counted is counted alone."""
    if error := nominating_rules.why_not_speak(application, by):
        raise error
    call = share_call(application.call_id)
    lock_unit_places(call, application.talent.unit_id)
    locked = lock_application(application, call=call)
    if error := nominating_rules.why_not_speak(locked, by):  # her unit may have changed meanwhile
        raise error
    return locked


def _paper(paper, by):
    if not nominating_rules.speaks_on_paper(by):
        return ""
    return reasons.clean(paper, _("请写明依据，例如盖章的推荐表，至少四个字。"))


def _say(application, endorsed, by, now, **words):
    UnitOpinion.objects.update_or_create(
        application=application,
        defaults={
            "call": application.call,
            "unit": application.talent.unit,
            "endorsed": endorsed,
            "reason": "",
            "by": by,
            "at": now,
        }
        | words,
    )


def _move(application, state):
    if application.state != state:
        application.state = state
        application.save(update_fields=["state"])


@transaction.atomic
def endorse_application(*, application, paper="", by, now):
    """Stand for an application; it takes one of the unit's places. Twice is once; a no becomes a yes.

    `paper` says what staff hold where the unit said so on paper. Raises Refused, Conflict, Invalid; returns the
    Application.
    """
    application = _locked(application, by)
    if _said(application) is True and application.state == State.SUBMITTED:
        return application
    if error := nominating_rules.why_not_endorse(application, now):
        raise error
    _say(application, True, by, now, paper=_paper(paper, by))
    _move(application, State.SUBMITTED)
    audit.record("calls.endorse_application", application, by=by, at=now)
    letters.endorsed(application, now)
    return application


@transaction.atomic
def decline_application(*, application, reason, paper="", by, now):
    """Do not stand for it, and say why: she reads it. Returns the Application."""
    application = _locked(application, by)
    if _said(application) is False:
        return application
    if error := nominating_rules.why_not_endorsing(application, now):
        raise error
    reason = reasons.clean(reason, _("请写明不推荐的原因，她会读到。"))
    _say(application, False, by, now, reason=reason, paper=_paper(paper, by))
    _move(application, State.NOT_ENDORSED)
    audit.record("calls.decline_application", application, by=by, at=now)
    letters.not_endorsed(application, reason, now)
    return application


@transaction.atomic
def undo_opinion(*, application, by, now):
    """Take back what the unit said, while it still may speak; its place is free again and she is told."""
    application = _locked(application, by)
    if error := nominating_rules.why_not_undo(application, now):
        raise error
    UnitOpinion.objects.filter(application=application).delete()
    _move(application, State.SUBMITTED)
    audit.record("calls.undo_opinion", application, by=by, at=now)
    letters.opinion_undone(application, now)
    return application


def _said(application):
    return (
        UnitOpinion.objects.filter(application=application)
        .values_list("endorsed", flat=True)
        .first()
    )
