"""Order: reports, hidden posts and their appeals, closed topics, warnings, suspensions."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cloud_home import letters, rules
from cloud_home.models import Hiding, Report, ReportReason, Sanction
from cloud_home.operations.posts import lock_post, lock_topic
from kernel import reasons
from kernel.errors import Invalid
from privacy import audit
from talents.operations.records import lock_account


@transaction.atomic
def report_post(*, post, reason, note, by, now):
    """Tell staff that a post should not be there; `reason` is a ReportReason. Twice is the same report. Returns the Report.

    Raises Refused, Conflict, Invalid for no reason of the list, or "other" without a word.
    """
    if error := rules.why_not_report(post, by, now):
        raise error
    note = " ".join((note or "").split())[:200]
    if reason not in ReportReason.values:
        raise Invalid("reason_missing", _("请选择举报原因。"), field="reason")
    if reason == ReportReason.OTHER and not note:
        raise Invalid("note_missing", _("请说明有什么问题。"), field="note")
    lock_account(by.pk)
    if error := rules.why_not_report(post, by, now):
        raise error
    report, is_new = Report.objects.get_or_create(
        post=post,
        reporter=by,
        decided_at=None,
        defaults={"reason": reason, "note": note, "at": now},
    )
    if is_new:
        audit.record("cloud_home.report_post", report, by=by, at=now)
    return report


@transaction.atomic
def uphold_report(*, report, reason, by, now):
    """Hide the post somebody reported, and tell both; other reports of it are settled by that too. Returns the Report.

    Where its author deleted it, or it is hidden already, she is told nothing more.

    Raises Refused, Conflict where it is decided, Invalid without a reason.
    """
    if error := rules.why_not_decide_report(report, by):
        raise error
    reason = reasons.clean(reason, _("请写明隐藏原因，作者会看到。"))
    report, post = _locked_report(report, by)
    if rules.why_not_hide(post, by) is None:
        _hide(post, reason, by, now)
    for one in Report.objects.waiting().filter(post=post).select_related("reporter"):
        _decide(one, upheld=True, answer=reason, by=by, now=now)
    audit.record("cloud_home.uphold_report", report, by=by, at=now, reason_in="answer")
    report.refresh_from_db()
    return report


def _locked_report(report, by):
    """Return (report, its post) as they stand, the topic's row locked: what is decided about a post is decided in turn."""
    post = lock_post(report.post)
    report = Report.objects.get(pk=report.pk)
    report.post = post
    if error := rules.why_not_decide_report(report, by):
        raise error
    return report, post


def _decide(report, *, upheld, answer, by, now):
    report.upheld, report.answer = upheld, answer
    report.decided_at, report.decided_by = now, by
    report.save(update_fields=["upheld", "answer", "decided_at", "decided_by"])
    if report.reporter_id:
        letters.send([letters.report_decided(report, now)], now)


@transaction.atomic
def dismiss_report(*, report, reason, by, now):
    """Let the post stand, and tell who reported it why. Returns the Report.

    Raises Refused, Conflict where it is decided, Invalid without a reason.
    """
    if error := rules.why_not_decide_report(report, by):
        raise error
    reason = reasons.clean(reason, _("请写明不成立的理由，举报人会看到。"))
    report, _post = _locked_report(report, by)
    _decide(report, upheld=False, answer=reason, by=by, now=now)
    audit.record("cloud_home.dismiss_report", report, by=by, at=now, reason_in="answer")
    return report


@transaction.atomic
def hide_post(*, post, reason, by, now):
    """Hide a post from all but its author and who keeps order, and tell the author why. Returns the Hiding.

    Raises Refused, Conflict where it is hidden or gone, Invalid without a reason.
    """
    if error := rules.why_not_hide(post, by):
        raise error
    reason = reasons.clean(reason, _("请写明隐藏原因，作者会看到。"))
    post = lock_post(post)
    if error := rules.why_not_hide(post, by):
        raise error
    return _hide(post, reason, by, now)


def _hide(post, reason, by, now):
    hiding = Hiding.objects.create(post=post, reason=reason, hidden_at=now, hidden_by=by)
    _mark(post, now)
    audit.record("cloud_home.hide_post", hiding, by=by, at=now, reason_in="reason")
    _tell(hiding, letters.hidden, now)
    return hiding


def _mark(post, hidden_at):
    post.hidden_at = hidden_at
    post.save(update_fields=["hidden_at"])
    if post.opens:
        post.topic.hidden_at = hidden_at
        post.topic.save(update_fields=["hidden_at"])


def _tell(hiding, letter, now):
    if hiding.post.author_id:
        letters.send([letter(hiding, now)], now)


def _locked_hiding(hiding):
    """Return a hiding as it stands, the topic of its post locked first."""
    post = lock_post(hiding.post)
    hiding = Hiding.objects.select_for_update(of=("self",), no_key=True).get(pk=hiding.pk)
    hiding.post = post
    return hiding


@transaction.atomic
def unhide_post(*, hiding, reason, by, now):
    """Show a post again that was hidden by mistake, and tell its author. Returns the Hiding.

    Raises Refused, Conflict where it is shown or its author has appealed, Invalid without a reason.
    """
    if error := rules.why_not_unhide(hiding, by):
        raise error
    reason = reasons.clean(reason, _("请写明恢复显示的原因。"))
    hiding = _locked_hiding(hiding)
    if error := rules.why_not_unhide(hiding, by):
        raise error
    _answer(hiding, reason, by, now)
    _show(hiding, now)
    audit.record("cloud_home.unhide_post", hiding, by=by, at=now, reason_in="answer")
    return hiding


def _answer(case, reason, by, now):
    """Keep what staff answered in a hiding or a sanction."""
    case.answer, case.decided_at, case.decided_by = reason, now, by
    case.save(update_fields=["answer", "decided_at", "decided_by"])


def _show(hiding, now):
    """Show the post again; its author hears why, and who had reported it that it stands after all."""
    hiding.ended_at = now
    hiding.save(update_fields=["ended_at"])
    _mark(hiding.post, None)
    _tell(hiding, letters.shown_again, now)
    letters.send([letters.report_reversed(report, now) for report in _reports_behind(hiding)], now)


def _reports_behind(hiding):
    """Return the reports upheld while the post was hidden: those people were told that it is gone."""
    upheld = Report.objects.filter(
        post=hiding.post,
        upheld=True,
        decided_at__gte=hiding.hidden_at,
        reporter__isnull=False,
    )
    return upheld.select_related("reporter", "post__topic__circle").order_by("pk")


@transaction.atomic
def appeal(*, hiding, text, by, now):
    """Say, as the author, why a hidden post should be shown (4 to 500 characters). Returns the Hiding.

    Raises Refused, Conflict the second time, Invalid for the text.
    """
    if error := rules.why_not_appeal(hiding, by):
        raise error
    text = _argument(text, _("请说明为什么应当恢复显示，4 到 500 字。"))
    hiding = _locked_hiding(hiding)
    if error := rules.why_not_appeal(hiding, by):
        raise error
    _keep_appeal(hiding, text, now)
    audit.record("cloud_home.appeal", hiding, by=by, at=now)
    return hiding


def _argument(text, missing):
    """Return what she says in an appeal as one line. Raises Invalid with the sentence `missing` for the length."""
    text = " ".join((text or "").replace("\0", "").split())
    if not rules.APPEAL_LEAST <= len(text) <= rules.APPEAL_MOST:
        raise Invalid("appeal_length", missing, field="text")
    return text


def _keep_appeal(case, text, now):
    case.appeal, case.appealed_at = text, now
    case.save(update_fields=["appeal", "appealed_at"])


@transaction.atomic
def grant_appeal(*, hiding, reason, by, now):
    """Show the post again because its author is right, and tell her. Returns the Hiding.

    Raises Refused for who hid it, Conflict where it is decided, Invalid without a reason.
    """
    hiding = _answered(hiding, reason, by, now)
    _show(hiding, now)
    audit.record("cloud_home.grant_appeal", hiding, by=by, at=now, reason_in="answer")
    return hiding


@transaction.atomic
def refuse_appeal(*, hiding, reason, by, now):
    """Let the post stay hidden, and tell its author why. Returns the Hiding. Errors as of `grant_appeal`."""
    hiding = _answered(hiding, reason, by, now)
    audit.record("cloud_home.refuse_appeal", hiding, by=by, at=now, reason_in="answer")
    _tell(hiding, letters.appeal_refused, now)
    return hiding


def _answered(hiding, reason, by, now):
    if error := rules.why_not_decide_appeal(hiding, by):
        raise error
    reason = reasons.clean(reason, _("请写明答复，作者会看到。"))
    hiding = _locked_hiding(hiding)
    if error := rules.why_not_decide_appeal(hiding, by):
        raise error
    _answer(hiding, reason, by, now)
    return hiding


@transaction.atomic
def close_topic(*, topic, reason, by, now):
    """Let nothing more be added to a topic; its author may, and who keeps order. Returns the Topic.

    Raises Refused, Conflict where it is closed, Invalid without a reason.
    """
    if error := rules.why_not_close_topic(topic, by):
        raise error
    reason = reasons.clean(reason, _("请写明关闭原因，大家会看到。"))
    topic = lock_topic(topic)
    if error := rules.why_not_close_topic(topic, by):
        raise error
    topic.closed_at, topic.close_reason = now, reason
    topic.save(update_fields=["closed_at", "close_reason"])
    audit.record("cloud_home.close_topic", topic, by=by, at=now, reason_in="close_reason")
    return topic


@transaction.atomic
def reopen_topic(*, topic, by, now):
    """Let a closed topic be answered again. Returns the Topic. Raises Refused, Conflict where it is open."""
    if error := rules.why_not_reopen_topic(topic, by):
        raise error
    topic = lock_topic(topic)
    if error := rules.why_not_reopen_topic(topic, by):
        raise error
    topic.closed_at, topic.close_reason = None, ""
    topic.save(update_fields=["closed_at", "close_reason"])
    audit.record("cloud_home.reopen_topic", topic, by=by, at=now)
    return topic


@transaction.atomic
def sanction(*, post, days, reason, by, now):
    """Warn the author of a post (`days` 0), or let her write nothing for 1 to 90 days; she is told why. Returns the Sanction.

    Raises Refused, Conflict where there is nobody to warn or it was done, Invalid for days or reason.
    """
    if error := rules.why_not_sanction(post, by) or rules.why_not_days(days):
        raise error
    reason = reasons.clean(reason, _("请写明原因，会告知她本人。"))
    lock_account(post.author_id)
    post = lock_post(post)
    if error := rules.why_not_sanction(post, by):
        raise error
    until = now + timedelta(days=days) if days else None
    made = Sanction.objects.create(
        post=post, user=post.author, reason=reason, at=now, by=by, until=until
    )
    verb = "cloud_home.sanction"
    audit.record(verb, made, by=by, at=now, reason_in="reason", days=days)
    letters.send([letters.sanctioned(made, now)], now)
    return made


@transaction.atomic
def lift_suspension(*, sanction, reason, by, now):
    """Let somebody write again before her suspension is over, and tell her. Returns the Sanction.

    Raises Refused, Conflict where it is over, Invalid without a reason.
    """
    if error := rules.why_not_lift(sanction, by, now):
        raise error
    reason = reasons.clean(reason, _("请写明提前解除的原因。"))
    sanction = _locked_sanction(sanction)
    if error := rules.why_not_lift(sanction, by, now):
        raise error
    _answer(sanction, reason, by, now)
    _lift(sanction, now)
    audit.record("cloud_home.lift_suspension", sanction, by=by, at=now, reason_in="answer")
    return sanction


def _locked_sanction(sanction):
    rows = Sanction.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user", "post__topic__circle").get(pk=sanction.pk)


def _lift(sanction, now):
    sanction.lifted_at = now
    sanction.save(update_fields=["lifted_at"])
    letters.send([letters.lifted(sanction, now)], now)


@transaction.atomic
def appeal_suspension(*, sanction, text, by, now):
    """Say, as whom it keeps from writing, why a suspension should end (4 to 500 characters). Returns the Sanction.

    Raises Refused, Conflict the second time or where it is over, Invalid for the text.
    """
    if error := rules.why_not_appeal_suspension(sanction, by, now):
        raise error
    text = _argument(text, _("请说明为什么应当恢复发言，4 到 500 字。"))
    sanction = _locked_sanction(sanction)
    if error := rules.why_not_appeal_suspension(sanction, by, now):
        raise error
    _keep_appeal(sanction, text, now)
    audit.record("cloud_home.appeal_suspension", sanction, by=by, at=now)
    return sanction


@transaction.atomic
def grant_suspension_appeal(*, sanction, reason, by, now):
    """Let her write again because she is right, and tell her. Returns the Sanction.

    Raises Refused for who suspended her, Conflict where it is decided, Invalid without a reason.
    """
    sanction = _decided(sanction, reason, by, now)
    _lift(sanction, now)
    verb = "cloud_home.grant_suspension_appeal"
    audit.record(verb, sanction, by=by, at=now, reason_in="answer")
    return sanction


@transaction.atomic
def refuse_suspension_appeal(*, sanction, reason, by, now):
    """Let a suspension stand, and tell her why. Returns the Sanction. Errors as of `grant_suspension_appeal`."""
    sanction = _decided(sanction, reason, by, now)
    verb = "cloud_home.refuse_suspension_appeal"
    audit.record(verb, sanction, by=by, at=now, reason_in="answer")
    letters.send([letters.suspension_upheld(sanction, now)], now)
    return sanction


def _decided(sanction, reason, by, now):
    if error := rules.why_not_decide_suspension(sanction, by):
        raise error
    reason = reasons.clean(reason, _("请写明答复，她会看到。"))
    sanction = _locked_sanction(sanction)
    if error := rules.why_not_decide_suspension(sanction, by):
        raise error
    _answer(sanction, reason, by, now)
    return sanction
