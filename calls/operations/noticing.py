"""Public notices: written, begun, suspended, resumed, withdrawn, ended by the clock.

Locks: the call, then its notice.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import letters, rules
from calls import noticing_rules as notice_rules
from calls.locking import lock_call
from calls.models import Application, ApplicationState, NoticeEntry, NoticeState, PublicNotice
from calls.operations.applying import words_of
from kernel import days, masking, reasons
from places.holidays import working_days_after, working_days_between
from privacy import audit

State = ApplicationState
WRITTEN = ("authority", "text", "masked", "shows_unit", "contact", "days")
PERMISSION = "calls.run_publicnotice"


def _locked(notice, by):
    """Return the notice locked under its call, once it is known that `by` may."""
    if error := rules.why_not_manage(notice.call, by, PERMISSION):
        raise error
    call = lock_call(notice.call)
    found = PublicNotice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    found.call = call
    return found


@transaction.atomic
def draft_notice(*, call, values, fields=(), by, now):
    """Write a public notice of a call; nobody sees it before it begins.

    `values` are names of WRITTEN, `fields` the calls.Fields whose answers are made known too. Raises Refused,
    Conflict while another one is unfinished, Invalid. Returns the PublicNotice.
    """
    if error := rules.why_not_manage(call, by, PERMISSION):
        raise error
    call = lock_call(call)
    if error := notice_rules.why_not_draft(call):
        raise error
    notice = PublicNotice(call=call, number=call.notices.count() + 1)
    _write(notice, values, fields)
    audit.record("calls.draft_notice", notice, by=by, at=now)
    return notice


@transaction.atomic
def edit_notice(*, notice, values, fields=None, by, now):
    """Change a notice that has not begun. Returns the PublicNotice."""
    notice = _locked(notice, by)
    if error := notice_rules.why_not_edit(notice):
        raise error
    _write(notice, values, fields)
    audit.record("calls.edit_notice", notice, by=by, at=now)
    return notice


def _write(notice, values, fields):
    for name in WRITTEN:
        if name in values:
            setattr(notice, name, values[name])
    if error := notice_rules.why_not_days(notice.days):
        raise error
    notice.save()
    if fields is not None:
        notice.fields.set(
            [one for one in fields if one.call_id == notice.call_id and not one.is_file]
        )


@transaction.atomic
def discard_notice(*, notice, by, now):
    """Throw a notice away that has not begun."""
    notice = _locked(notice, by)
    if error := notice_rules.why_not_edit(notice):
        raise error
    audit.record("calls.discard_notice", notice, by=by, at=now)
    notice.delete()


@transaction.atomic
def start_notice(*, notice, by, now):
    """Make it known: who is noted as selected stands in it as of now, and each of them is told. Returns the PublicNotice.

    Beginning twice does nothing twice.
    """
    notice = _locked(notice, by)
    if notice.state == NoticeState.RUNNING:
        return notice
    if error := notice_rules.why_not_start(notice, now):
        raise error
    selected = notice.call.applications.filter(state=State.ACCEPTED, result=State.AWARDED)
    selected = list(
        selected.select_related("talent__unit", "talent__user")
        .prefetch_related("answers", "attachments")
        .order_by("number")
    )
    fields = list(notice.fields.all())
    NoticeEntry.objects.bulk_create(
        _entry(notice, order, application, fields) for order, application in enumerate(selected, 1)
    )
    notice.state, notice.started_at = NoticeState.RUNNING, now
    _count(notice, notice.days, now)
    notice.save()
    audit.record("calls.start_notice", notice, by=by, at=now)
    letters.on_notice(notice, selected, now)
    return notice


def _entry(notice, order, application, fields):
    """Return the line of one selected woman, with what was approved of it and nothing else."""
    talent, answers = application.talent, words_of(application, fields)
    hidden = notice.masked and not application.is_together  # a collective's name is nobody's own
    return NoticeEntry(
        notice=notice,
        application=application,
        order=order,
        name=masking.name(talent.full_name) if hidden else application.puts_forward,
        unit=talent.unit_name if notice.shows_unit else "",
        lines=[[field.label, answers[field.pk]] for field in fields if answers.get(field.pk)],
    )


def _count(notice, count, now):
    """Let `count` working days run from today on."""
    notice.counted_from, notice.counted_days = timezone.localdate(now), count
    notice.ends_on = working_days_after(notice.counted_from, count)


@transaction.atomic
def suspend_notice(*, notice, reason, by, now):
    """Let the days stand still, and say why on the page. Returns the PublicNotice."""
    notice = _locked(notice, by)
    if notice.state == NoticeState.SUSPENDED:
        return notice
    if error := notice_rules.why_not_suspend(notice):
        raise error
    notice.reason = reasons.clean(reason, _("请写明暂停的原因，公示页上会显示。"))
    notice.state = NoticeState.SUSPENDED
    # The day it stands still on has not been a whole one.
    yesterday = timezone.localdate(now) - days.DAY
    notice.counted_days = max(1, working_days_between(yesterday, notice.ends_on))
    notice.save()
    audit.record("calls.suspend_notice", notice, by=by, at=now, reason=notice.reason)
    return notice


@transaction.atomic
def resume_notice(*, notice, by, now):
    """Let it go on for the days that were left. Returns the PublicNotice."""
    notice = _locked(notice, by)
    if notice.state == NoticeState.RUNNING:
        return notice
    if error := notice_rules.why_not_resume(notice):
        raise error
    notice.state, notice.reason = NoticeState.RUNNING, ""
    before = notice.ends_on
    _count(notice, notice.counted_days, now)
    notice.ends_on = max(before, notice.ends_on)
    notice.save()
    audit.record("calls.resume_notice", notice, by=by, at=now)
    return notice


@transaction.atomic
def withdraw_notice(*, notice, reason, by, now):
    """Take a notice back that was wrong, and say why on the page; who stood in it is told. Returns the PublicNotice.

    Its names are gone from the page at once. Another one may be written then.
    """
    notice = _locked(notice, by)
    if notice.state == NoticeState.WITHDRAWN:
        return notice
    if error := notice_rules.why_not_withdraw_notice(notice):
        raise error
    notice.reason = reasons.clean(reason, _("请写明撤销的原因，公示页上会显示。"))
    notice.state = NoticeState.WITHDRAWN
    notice.save(update_fields=["state", "reason"])
    audit.record("calls.withdraw_notice", notice, by=by, at=now, reason=notice.reason)
    rows = Application.objects.filter(entries__notice=notice, entries__struck_at=None)
    letters.notice_withdrawn(notice, list(rows.select_related("talent__user")), now)
    return notice


@transaction.atomic
def end_notice(*, notice, by, now):
    """Note that its last day is over; the clock does so, once. Returns the PublicNotice.

    Days that were made free meanwhile are waited for first.
    """
    notice = _locked(notice, by)
    if notice.state != NoticeState.RUNNING or not notice_rules.is_over(notice, now):
        return notice
    if _moved(notice, now) and not notice_rules.is_over(notice, now):
        return notice
    notice.state, notice.ended_at = NoticeState.ENDED, now
    notice.save(update_fields=["state", "ended_at"])
    audit.record("calls.end_notice", notice, by=by, at=now)
    return notice


@transaction.atomic
def end_again(*, row, by, now):
    """Let the clock take a notice up again it could not end; `row` is the PublicNotice. Returns whether it was set aside."""
    notice = _locked(row, by)
    count = PublicNotice.objects.filter(pk=notice.pk).try_again()
    if count:
        audit.record("calls.end_notice_again", notice, by=by, at=now)
    return bool(count)


def _moved(notice, now):
    """Move its end later where the calendar says so, and tell whether it did; never earlier."""
    end = working_days_after(notice.counted_from, notice.counted_days)
    if end <= notice.ends_on:
        return False
    notice.ends_on = end
    notice.save(update_fields=["ends_on"])
    audit.record("calls.move_notice", notice, by=None, at=now, day=end.isoformat())
    return True


@transaction.atomic
def move_terms(*, now):
    """Have what runs end later where days were made free (kernel.portal, field `terms`)."""
    running = PublicNotice.objects.filter(state=NoticeState.RUNNING).select_related("call")
    for notice in running.order_by("call", "pk"):
        _moved(_locked(notice, None), now)
