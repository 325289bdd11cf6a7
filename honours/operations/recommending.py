"""Somebody is recommended to the city or the nation; the answer comes back."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from honours import letters, rules
from honours.models import AwardSource, Recommendation, RecommendationState
from honours.operations import awarding
from kernel import reasons
from privacy import audit

State = RecommendationState
RIGHT = "honours.change_recommendation"


@transaction.atomic
def recommend(*, award, honour, sent_to, sent_on, by, now):
    """Recommend who holds `award` for a higher honour; sent to whom and on which day (a date). She is told.

    Raises Refused, Invalid, Conflict("recommendation_open"). Returns the Recommendation.
    """
    if error := (
        rules.why_not_handle(award, by, RIGHT)
        or rules.why_not_change(award)
        or rules.why_not_put_forward(award.talent, honour)
        or rules.why_not_sent(sent_to, sent_on, now)
    ):
        raise error
    try:
        with transaction.atomic():
            made = Recommendation.objects.create(
                talent=award.talent,
                honour=honour,
                department=award.department,
                based_on=award,
                state=State.SENT,
                sent_to=sent_to.strip(),
                sent_on=sent_on,
                made_at=now,
            )
    except IntegrityError as error:  # somebody was quicker
        raise rules.why_not_put_forward(award.talent, honour) from error
    audit.record("honours.recommend", made, by=by, at=now)
    letters.sent(made, now)
    return made


def _locked(recommendation, by):
    if error := rules.why_not_handle(recommendation, by, RIGHT):
        raise error
    rows = Recommendation.objects.select_related(
        "honour", "talent__user", "department", "award", "based_on"
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=recommendation.pk)


@transaction.atomic
def send_recommendation(*, recommendation, sent_to, sent_on, by, now):
    """Note where and when it went, or put that right. She is told the first time. Returns the Recommendation."""
    row = _locked(recommendation, by)
    if error := rules.why_not_send(row) or rules.why_not_sent(sent_to, sent_on, now):
        raise error
    first, sent_to = row.state == State.PENDING, sent_to.strip()
    if (row.state, row.sent_to, row.sent_on) == (State.SENT, sent_to, sent_on):
        return row
    row.state, row.sent_to, row.sent_on = State.SENT, sent_to, sent_on
    row.save(update_fields=["state", "sent_to", "sent_on"])
    audit.record("honours.send_recommendation", row, by=by, at=now)
    if first:
        letters.sent(row, now)
    return row


@transaction.atomic
def answer_recommendation(
    *, recommendation, granted, answered_on, by, now, document_number="", note=""
):
    """Note the answer: granted makes an award of that honour, as of `answered_on` (a date). She is told.

    The same answer again does nothing. Raises Refused, Invalid, Conflict. Returns the Recommendation.
    """
    row = _locked(recommendation, by)
    if row.state == (State.GRANTED if granted else State.NOT_GRANTED):
        return row
    if error := rules.why_not_answer(row) or rules.why_not_answered_on(row, answered_on, now):
        raise error
    if granted:
        row.award = awarding.grant_award(
            talent=row.talent,
            honour=row.honour,
            values=_facts(row, answered_on, document_number, note),
            department=row.department,
            source=AwardSource.UPWARD,
            by=by,
            now=now,
        )
    row.state = State.GRANTED if granted else State.NOT_GRANTED
    row.answered_on, row.note = answered_on, note.strip()
    row.save(update_fields=["state", "answered_on", "note", "award"])
    audit.record("honours.answer_recommendation", row, by=by, at=now)
    if not granted:
        letters.not_granted(row, now)
    return row


def _facts(row, answered_on, document_number, note):
    """Return what an award says that comes of a recommendation."""
    talent, honour, before = row.talent, row.honour, row.based_on
    recipient = talent.full_name if honour.is_personal else talent.unit_name
    same_kind = before is not None and before.honour.for_whom == honour.for_whom
    return {
        "recipient": before.recipient if same_kind else recipient,
        "recipient_en": before.recipient_en if same_kind else "",
        "unit_text": talent.unit_name,
        "granted_on": answered_on,
        "granted_by": honour.granted_by or row.sent_to,
        "document_number": document_number,
        "evidence": note,
    }


@transaction.atomic
def undo_answer(*, recommendation, reason, by, now):
    """Take an answer back that was noted by mistake; an honour it gave is revoked. Returns the Recommendation."""
    row = _locked(recommendation, by)
    if row.state == State.SENT:
        return row
    if error := rules.why_not_undo_answer(row):
        raise error
    reason = reasons.clean(reason, _("请写明原因，本人会看到。"))
    if row.award is not None:
        awarding.revoke_award(award=row.award, reason=reason, by=by, now=now)
    else:
        letters.looked_at_again(row, now)
    row.state, row.answered_on, row.award, row.note = State.SENT, None, None, ""
    row.save(update_fields=["state", "answered_on", "award", "note"])
    audit.record("honours.undo_answer", row, by=by, at=now, reason=reason)
    return row


@transaction.atomic
def withdraw_recommendation(*, recommendation, reason, by, now):
    """Take a recommendation back before an answer came. She reads the reason. Returns the Recommendation."""
    row = _locked(recommendation, by)
    if row.state == State.WITHDRAWN:
        return row
    if error := rules.why_not_send(row):
        raise error
    row.note = reasons.clean(reason, _("请写明撤回的原因，本人会看到。"))
    row.state = State.WITHDRAWN
    row.save(update_fields=["state", "note"])
    audit.record("honours.withdraw_recommendation", row, by=by, at=now, reason=row.note)
    letters.withdrawn(row, now)
    return row
