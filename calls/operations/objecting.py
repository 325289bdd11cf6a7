"""Objections to a public notice: anybody brings one, staff of the lead department decide it.

Locks: the call, its notice, then the objection.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from calls import noticing_rules as notice_rules
from calls import rules
from calls.locking import lock_application, lock_call
from calls.models import (
    ApplicationState,
    NoticeEntry,
    NoticeState,
    Objection,
    ObjectionState,
    PublicNotice,
)
from kernel import reasons
from kernel.errors import Conflict, Invalid
from privacy import audit

State = ApplicationState


@transaction.atomic
def file_objection(*, notice, entry=None, text, name="", contact="", anonymous=False, key, now):
    """Take an objection in. Anybody may object, so nothing asks who does; without a name it stays without.

    `entry` is the line it is about, None for the notice as a whole; `key` is the form's own code, so that what is
    sent twice is taken in once. Raises Conflict once the notice is over, Invalid for too few words. Returns the
    Objection.
    """
    text, name, contact = text.strip(), name.strip(), contact.strip()
    notice = _shared(notice)
    if found := notice.objections.filter(key=key).first():
        return found
    if error := notice_rules.why_not_object(notice, now):
        raise error
    if error := notice_rules.why_not_words(text, name, contact, anonymous):
        raise error
    if entry is not None and (entry.notice_id != notice.pk or entry.struck_at):
        raise Invalid("entry_unknown", _("名单里没有这个人，请重新选择。"), field="entry")
    objection = Objection.objects.create(
        key=key,
        notice=notice,
        entry=entry,
        text=text,
        name="" if anonymous else name,
        contact="" if anonymous else contact,
        anonymous=anonymous,
        received_at=now,
    )
    audit.record("calls.file_objection", objection, by=None, at=now)
    return objection


def _shared(notice):
    """Return the notice as it stands and keep it so: it does not end beside an objection."""
    rows = PublicNotice.objects.select_related("call").select_for_update(of=("self",))
    return rows.get(pk=notice.pk)


def _locked(objection, by):
    if error := notice_rules.why_not_decide_objection(objection, by):
        raise error
    call = lock_call(objection.notice.call)
    notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=objection.notice_id)
    found = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    notice.call, found.notice = call, notice
    return found


@transaction.atomic
def decide_objection(*, objection, upheld, answer, by, now):
    """Say whether an objection holds, and why; whoever holds its code reads the answer. Returns the Objection.

    Where it holds and is about one woman, she is struck out of the notice and her noted result becomes
    "not awarded". Deciding the same twice does nothing twice.
    """
    objection = _locked(objection, by)
    state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    if objection.state == state:
        return objection
    if error := notice_rules.why_not_settle(objection):
        raise error
    objection.answer = reasons.clean(answer, _("请写明处理结果和理由，提出人会看到。"))
    objection.state, objection.decided_at, objection.decided_by = state, now, by
    objection.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    if upheld and objection.entry_id:
        _take_out(objection, now)
    audit.record("calls.decide_objection", objection, by=by, at=now)
    return objection


def _take_out(objection, now):
    entry = objection.entry
    NoticeEntry.objects.filter(pk=entry.pk, struck_at=None).update(struck_at=now)
    application = lock_application(entry.application, call=objection.notice.call)
    if application.state == State.ACCEPTED and application.result == State.AWARDED:
        application.result = State.NOT_AWARDED
        application.save(update_fields=["result"])


@transaction.atomic
def reopen_objection(*, objection, by, now):
    """Take a decision back that was wrong: it waits again, and who was struck out stands there again. Returns the Objection."""
    objection = _locked(objection, by)
    if objection.state == ObjectionState.OPEN:
        return objection
    if error := notice_rules.why_not_reopen(objection):
        raise error
    if objection.state == ObjectionState.UPHELD and objection.entry_id:
        _put_back(objection)
    objection.state, objection.decided_at, objection.decided_by = ObjectionState.OPEN, None, None
    objection.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("calls.reopen_objection", objection, by=by, at=now)
    return objection


def _put_back(objection):
    """Let her stand in the notice again, unless another objection keeps her out, or she went herself."""
    entry, call = objection.entry, objection.notice.call
    others = entry.objections.filter(state=ObjectionState.UPHELD).exclude(pk=objection.pk)
    application = lock_application(entry.application, call=call)
    if others.exists() or application.state != State.ACCEPTED:
        return
    if objection.notice.state == NoticeState.WITHDRAWN:
        raise Conflict("notice_withdrawn", _("公示已经撤销，不用重新处理。"))
    taken = call.applications.filter(result=State.AWARDED).exclude(pk=application.pk)
    if call.places and taken.count() >= call.places:
        raise rules.places_taken(call.places)
    NoticeEntry.objects.filter(pk=entry.pk).update(struck_at=None)
    application.result = State.AWARDED
    application.save(update_fields=["result"])
