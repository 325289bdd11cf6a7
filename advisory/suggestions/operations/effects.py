"""Adoptions are entered, confirmed by another, withdrawn; their effect is told; authors may say that it is not so."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from advisory.suggestions import letters, limits
from advisory.suggestions.models import (
    Adoption,
    AdoptionState,
    Authorship,
    Contest,
    ContestOutcome,
    EffectReport,
    Named,
)
from advisory.suggestions.operations.locking import locked, locked_adoption
from advisory.suggestions.rules import effects as rules
from advisory.suggestions.rules import who
from care_points.operations import earn, reverse
from kernel import content, reasons
from kernel.errors import Conflict, raise_if
from privacy import audit, pieces
from talents.career import files
from talents.operations import own_record

RULE = "suggestion_adopted"
MONTHS = (6, 12)
AGAIN_DAYS = 30  # to tell an effect anew that was not so
MOST_PROOFS = 10


@transaction.atomic
def add_adoption(*, suggestion, values, by, now):
    """Enter what took a suggestion up: `kind` (AdoptionKind), `what`, `on` (a date), `link`.

    Raises Refused, Conflict, Invalid. Returns the Adoption.
    """
    raise_if(who.why_not_lead_or_coordinate(suggestion, by))
    suggestion = locked(suggestion)
    raise_if(rules.why_not_adopt(suggestion) or rules.why_not_values(suggestion, values, now))
    adoption = Adoption.objects.create(
        suggestion=suggestion,
        kind=values["kind"],
        what=" ".join(values["what"].split())[: rules.MOST_WHAT],
        on=values["on"],
        link=values.get("link") or "",
        entered_at=now,
        entered_by=by,
    )
    audit.record("advisory.add_adoption", suggestion, by=by, at=now, adoption=adoption.pk)
    return adoption


@transaction.atomic
def add_proof(*, adoption, sent, by, now):
    """Keep a (file name, bytes) that proves an adoption; what is no PDF or picture is refused.

    Raises Refused, Conflict, what talents.career.files.plain raises. Returns the AdoptionProof.
    """
    raise_if(who.why_not_lead_or_coordinate(adoption.suggestion, by))
    adoption = locked_adoption(adoption)
    raise_if(rules.why_not_proof(adoption))
    if adoption.proofs.count() >= MOST_PROOFS:
        sentence = _("最多 %(most)s 份证明。") % {"most": MOST_PROOFS}
        raise Conflict("too_many_proofs", sentence)
    name, data = files.plain(sent)
    kind = files.kind_of(data)
    named = (files.tidy_name(name, kind), data)
    proof, new = pieces.keep_once(adoption.proofs, named, kind=kind, added_at=now)
    if new:
        audit.record("advisory.add_proof", adoption.suggestion, by=by, at=now, proof=proof.pk)
    return proof


@transaction.atomic
def remove_proof(*, proof, by, now):
    """Take a proof away for good. Raises Refused, Conflict where the adoption was withdrawn."""
    raise_if(who.why_not_lead_or_coordinate(proof.adoption.suggestion, by))
    adoption = locked_adoption(proof.adoption)
    raise_if(rules.why_not_remove_proof(adoption))
    audit.record("advisory.remove_proof", adoption.suggestion, by=by, at=now, proof=proof.pk)
    adoption.proofs.filter(pk=proof.pk).delete()


@transaction.atomic
def read_proof(*, proof, by, now):
    """Return (file name, bytes) of a proof for staff of lead or coordinator; on record. Raises Refused."""
    raise_if(who.why_not_lead_or_coordinate(proof.adoption.suggestion, by))
    audit.record("advisory.read_proof", proof.adoption.suggestion, by=by, at=now, proof=proof.pk)
    return proof.file_name, pieces.read(proof.pieces.all())


@transaction.atomic
def confirm_adoption(*, adoption, by, now):
    """Stand for an adoption as a second person: authors are told and get points, its effect is due in 6 and 12 months.

    Twice is once. Raises Refused, Conflict. Returns the Adoption.
    """
    raise_if(who.why_not_coordinate(adoption.suggestion.campaign, by))
    adoption = locked_adoption(adoption)
    if adoption.state == AdoptionState.CONFIRMED:
        return adoption
    raise_if(rules.why_not_confirm(adoption, by))
    adoption.state = AdoptionState.CONFIRMED
    adoption.confirmed_at, adoption.confirmed_by = now, by
    adoption.save()
    today = timezone.localdate(now)
    for months in MONTHS:
        due = limits.after_months(today, months)
        EffectReport.objects.create(adoption=adoption, months=months, due_on=due)
    suggestion = adoption.suggestion
    audit.record("advisory.confirm_adoption", suggestion, by=by, at=now, adoption=adoption.pk)
    _settle_points(suggestion, now)
    letters.adopted(adoption, now)
    content.touch()
    return adoption


@transaction.atomic
def withdraw_adoption(*, adoption, reason, by, now):
    """Say that an adoption is not so; points are taken back where no other stands. Twice is once.

    Raises Refused, Conflict, Invalid. Returns the Adoption.
    """
    raise_if(who.why_not_coordinate(adoption.suggestion.campaign, by))
    adoption = locked_adoption(adoption)
    if adoption.state == AdoptionState.WITHDRAWN:
        return adoption
    raise_if(rules.why_not_withdraw(adoption))
    _withdraw(adoption, reasons.clean(reason, _("请写明撤销的原因。")), by, now)
    return adoption


def _withdraw(adoption, reason, by, now):
    was_confirmed = adoption.state == AdoptionState.CONFIRMED
    adoption.state, adoption.withdrawn_at = AdoptionState.WITHDRAWN, now
    adoption.withdraw_reason = reason
    adoption.save()
    detail = {"adoption": adoption.pk, "reason": reason}
    audit.record("advisory.withdraw_adoption", adoption.suggestion, by=by, at=now, **detail)
    if was_confirmed:
        _settle_points(adoption.suggestion, now)
        letters.adoption_withdrawn(adoption, now)
        content.touch()


def _settle_points(suggestion, now):
    """Bring the points of each author in line with what stands: given once however often it was taken up.

    The statement, which is kept unencrypted, names what everybody may read with her name on it, and nothing else.
    """
    due = suggestion.adoptions.confirmed().exists()
    authors = Authorship.objects.of(suggestion).select_related("suggestion", "user", "earned")
    for author in authors.order_by("pk"):
        talent = own_record(author.user)
        if due and author.earned is None and talent is not None:
            said = author.suggestion.named == Named.OWN and author.suggestion.is_public
            author.earned = earn(
                rule_code=RULE,
                talent=talent,
                key=f"suggestion:{author.pk}:{author.turns}",
                by=None,
                now=now,
                about=(author.suggestion.title or "") if said else "",
            )
            author.save(update_fields=["earned"])
        elif author.earned is not None and not due:
            gone, author.earned = author.earned, None
            author.turns += 1
            author.save(update_fields=["earned", "turns"])
            reverse(transfer=gone, by=None, now=now)


@transaction.atomic
def report_effect(*, effect, words, proven, by, now):
    """Tell what an adoption brought about; `proven`: whether there is an effect to be seen. Authors are told.

    Raises Refused, Conflict, Invalid. Returns the EffectReport.
    """
    raise_if(who.why_not_lead_or_coordinate(effect.adoption.suggestion, by))
    adoption = locked_adoption(effect.adoption)
    effect = EffectReport.objects.get(pk=effect.pk)
    effect.adoption = adoption
    raise_if(rules.why_not_report(effect, words))
    effect.words, effect.proven = words.strip()[: rules.MOST_WORDS], proven
    effect.told_at, effect.told_by = now, by
    effect.save()
    detail = {"adoption": adoption.pk, "months": effect.months, "proven": proven}
    audit.record("advisory.report_effect", adoption.suggestion, by=by, at=now, **detail)
    letters.effect_told(effect, now)
    content.touch()
    return effect


@transaction.atomic
def contest(*, adoption, effect, words, by, now):
    """Take it that an author says an adoption (`effect` None) or a told effect of it is not so; once for each.

    Raises Refused for anybody else, Conflict, Invalid without words. Returns the Contest.
    """
    raise_if(rules.why_not_author(adoption, by))
    adoption = locked_adoption(adoption)
    raise_if(rules.why_not_contest(adoption, effect, by))
    words = reasons.clean(words, _("请写明哪里与事实不符。"))
    author = rules.author_of(adoption, by)
    try:
        with transaction.atomic():
            row = Contest.objects.create(
                adoption=adoption, effect=effect, author=author, words=words, at=now
            )
    except IntegrityError as error:
        raise rules.why_not_contest(adoption, effect, by) from error
    audit.record("advisory.contest_adoption", adoption.suggestion, by=None, at=now)
    letters.contested(row, now)
    return row


@transaction.atomic
def decide_contest(*, contest, outcome, words, by, now):
    """Say what comes of it (ContestOutcome), with words to her: put right withdraws the adoption, or has the effect told anew.

    Raises Refused, Conflict, Invalid. Returns the Contest.
    """
    raise_if(who.why_not_coordinate(contest.adoption.suggestion.campaign, by))
    adoption = locked_adoption(contest.adoption)
    contest = Contest.objects.select_related("effect", "author__user").get(pk=contest.pk)
    contest.adoption = adoption
    raise_if(rules.why_not_decide(contest, outcome, words, by))
    contest.outcome = outcome
    contest.decision = reasons.clean(words, _("请写明处理的理由，她会看到。"), field="words")
    contest.decided_at, contest.decided_by = now, by
    contest.save()
    detail = {"adoption": adoption.pk, "outcome": outcome}
    audit.record("advisory.decide_contest", adoption.suggestion, by=by, at=now, **detail)
    if outcome == ContestOutcome.PUT_RIGHT:
        _put_right(contest, by, now)
    letters.contest_decided(contest, now)
    return contest


def _put_right(contest, by, now):
    if contest.effect is None:
        if contest.adoption.state != AdoptionState.WITHDRAWN:
            _withdraw(contest.adoption, contest.decision, by, now)
        return
    effect = contest.effect
    effect.words, effect.proven = "", False
    effect.told_at = effect.told_by = effect.reminded_of = None
    effect.due_on = limits.limit(timezone.localdate(now), AGAIN_DAYS)
    effect.save()
    content.touch()
