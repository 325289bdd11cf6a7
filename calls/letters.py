"""What women are told about their applications. An application may be told the same thing twice, so the moment is in the key."""

from dataclasses import replace

from calls.models import ApplicationState
from kernel.words import day_text, in_both_languages
from notices.operations import Letter, page_link, queue_all

RESULT_KINDS = {
    ApplicationState.AWARDED: "calls.awarded",
    ApplicationState.RESERVE: "calls.reserve",
    ApplicationState.NOT_AWARDED: "calls.not_awarded",
}


def _letter(kind, application, at, **context):
    return Letter(
        kind,
        application.talent.user,
        f"{application.pk}@{at:%Y%m%d%H%M%S}",
        {"title": application.call.title} | context,
        link=page_link("application", application.code),
    )


def _send(letters, now):
    queue_all([letter for letter in letters if letter.to], at=now)


def received(application, now):
    """Tell her it has come in, and its number."""
    _send([_letter("calls.received", application, now, number=application.number_text)], now)


def accepted(application, now):
    """Tell her it was accepted."""
    _send([_letter("calls.accepted", application, now)], now)


def returned(application, back, now):
    """Tell her it needs more, and until when."""
    _send([_letter("calls.returned", application, now, until=back.due_at)], now)


def refused(application, now):
    """Tell her it was not accepted, and why."""
    _send([_letter("calls.refused", application, now, reason=application.refuse_reason)], now)


def checked_again(application, now):
    """Tell her it is looked at once more."""
    _send([_letter("calls.checked_again", application, now)], now)


def cancelled(call, applications, now):
    """Tell everybody who has applied, or begun to, that the call is off."""
    rows = list(applications.select_related("talent__user"))
    for row in rows:
        row.call = call
    _send([_letter("calls.cancelled", row, now, reason=call.cancel_reason) for row in rows], now)


def decided(applications, now):
    """Tell each woman her own result."""
    _send([_letter(RESULT_KINDS[row.state], row, now) for row in applications], now)


# --- what is due after an award --------------------------------------------------------------------
def _about_due(kind, due, at, *, day=False, **context):
    """Return the letter about one step; `day` says its last day, in both languages."""
    application, last_day = due.application, due.due_on
    if day:
        context["until"] = in_both_languages(lambda: day_text(last_day))
    letter = _letter(kind, application, at, step=due.step.title, **context)
    return replace(letter, obj=f"due{due.pk}@{at:%Y%m%d%H%M%S}", link=page_link("due", due.code))


def due_asked(dues, now):
    """Tell her what is to be handed in, and until when: its turn has come."""
    _send([_about_due("calls.due_asked", due, now, day=True) for due in dues], now)


def due_received(due, now):
    """Tell her it has come in."""
    _send([_about_due("calls.due_received", due, now)], now)


def due_accepted(due, now):
    """Tell her it was accepted."""
    _send([_about_due("calls.due_accepted", due, now)], now)


def due_returned(due, now):
    """Tell her it came back, and until when."""
    _send([_about_due("calls.due_returned", due, now, day=True)], now)


def due_moved(due, now):
    """Tell her there is more time."""
    _send([_about_due("calls.due_moved", due, now, day=True)], now)


def due_waived(due, now):
    """Tell her it is done without."""
    _send([_about_due("calls.due_waived", due, now)], now)


def due_reopened(due, now):
    """Tell her a decision was taken back."""
    _send([_about_due("calls.due_reopened", due, now)], now)


def due_paid(due, now):
    """Tell her an instalment was paid; how much stands on her page."""
    _send([_about_due("calls.due_paid", due, now)], now)


def due_payment_changed(due, now):
    """Tell her what was noted of a payment was put right."""
    _send([_about_due("calls.due_payment_changed", due, now)], now)


def due_reminder(due, now):
    """Remind her of a report, before its last day or after it."""
    kind = "calls.due_late" if due.is_late_at(now) else "calls.due_soon"
    _send([_about_due(kind, due, now, day=True)], now)


def dues_closed(application, closed, now):
    """Tell her that what was due of it is off, or on again."""
    kind = "calls.dues_closed" if closed else "calls.dues_open_again"
    _send([_letter(kind, application, now)], now)


# --- public notices --------------------------------------------------------------------------------
def on_notice(notice, applications, now):
    """Tell each woman who stands in a public notice, and where it is."""
    _send([_about_notice("calls.on_notice", notice, row, now) for row in applications], now)


def notice_withdrawn(notice, applications, now):
    """Tell those who stood in it that it was taken back, and why."""
    kind = "calls.notice_withdrawn"
    _send(
        [_about_notice(kind, notice, row, now, reason=notice.reason) for row in applications], now
    )


def _about_notice(kind, notice, application, now, **context):
    application.call = notice.call
    letter = _letter(kind, application, now, **context)
    return replace(letter, link=page_link("public_notice", notice.code))


# --- brought forward, endorsed ---------------------------------------------------------------------
def nominated(nomination, now):
    """Tell her, where she is known, that she is brought forward and by whom."""
    _send_nominee("calls.nominated", nomination, now, until=nomination.call.closes_at)


def nomination_taken_back(nomination, now):
    """Tell her that whoever brought her forward has taken it back."""
    _send_nominee("calls.nomination_taken_back", nomination, now)


def _send_nominee(kind, nomination, now, **context):
    if nomination.talent is None or nomination.talent.user is None:
        return
    letter = Letter(
        kind,
        nomination.talent.user,
        f"{nomination.pk}@{now:%Y%m%d%H%M%S}",
        {"title": nomination.call.title, "by": nomination.by_whom} | context,
        link=page_link("nomination", nomination.code),
    )
    _send([letter], now)


def joined(colleague, now):
    """Tell her that a colleague has accepted her link."""
    by = colleague.user.full_name or colleague.user.masked_name
    _send([_letter("calls.joined", colleague.application, now, by=by)], now)


def endorsed(application, now):
    """Tell her that her unit stands for her."""
    _send([_letter("calls.endorsed", application, now)], now)


def not_endorsed(application, reason, now):
    """Tell her that her unit does not stand for her, and why."""
    _send([_letter("calls.not_endorsed", application, now, reason=reason)], now)


def opinion_undone(application, now):
    """Tell her that her unit has taken back what it said."""
    _send([_letter("calls.opinion_undone", application, now)], now)


# --- reviewers -------------------------------------------------------------------------------------
def _to_reviewer(kind, reviewer, at, **context):
    return Letter(
        kind,
        reviewer.user,
        f"{reviewer.pk}@{at:%Y%m%d%H%M%S}",
        {"title": reviewer.review.call.title} | context,
        link=page_link("review_panel", reviewer.code),
    )


def review_began(reviewers, now):
    """Tell reviewers that they may begin, and until when."""
    _send(
        [
            _to_reviewer("calls.review_began", one, now, until=one.review.due_at)
            for one in reviewers
        ],
        now,
    )


def review_assigned(reviewers, now):
    """Tell reviewers that something was given to them while they are at work."""
    _send(
        [
            _to_reviewer("calls.review_assigned", one, now, until=one.review.due_at)
            for one in reviewers
        ],
        now,
    )


def review_due(reviewer, now):
    """Remind a reviewer of her scores."""
    _send([_to_reviewer("calls.review_due", reviewer, now, until=reviewer.review.due_at)], now)


def review_reopened(sheet, reason, now):
    """Tell a reviewer that a sheet of hers came back, and why."""
    letter = _to_reviewer(
        "calls.review_reopened",
        sheet.reviewer,
        now,
        label=sheet.candidate.label,
        reason=reason,
    )
    _send([letter], now)


def review_left(reviewer, now):
    """Tell a reviewer that another judges in her place."""
    letter = Letter(
        "calls.review_left",
        reviewer.user,
        f"{reviewer.pk}@{now:%Y%m%d%H%M%S}",
        {"title": reviewer.review.call.title},
        link=page_link("reviews"),
    )
    _send([letter], now)
