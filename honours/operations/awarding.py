"""An honour is granted, put right, revoked, made to stand again; what hangs on it follows in the same transaction."""

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from calls.models import ApplicationState
from calls.operations import note_taken_back
from care_points.models import EarningRule
from care_points.operations import earn, reverse
from honours import evidence, letters, rules
from honours.models import (
    OPEN,
    Award,
    AwardSource,
    CallHonour,
    HonourCertificate,
    HonourVoid,
    Recommendation,
)
from kernel import reasons
from kernel.errors import Conflict, Refused
from privacy import audit, consents
from talents.cv.content import name_of

# What staff write of an award, and what of it stands on the certificate.
FACTS = (
    "recipient",
    "recipient_en",
    "unit_text",
    "granted_on",
    "granted_by",
    "document_number",
    "evidence",
)
CERTIFIED = {
    "recipient": "name",
    "recipient_en": "name_en",
    "granted_on": "granted_on",
    "granted_by": "granted_by",
    "document_number": "document_number",
}
PURPOSE = "honour_roll"


# --- granted ---------------------------------------------------------------------------------------
@transaction.atomic
def grant_award(
    *, talent, honour, values, by, now, department=None, source=AwardSource.STAFF, files=()
):
    """Put an honour on a woman's record that was granted to her, or to the team or post she stands for.

    By hand it needs its document number or what else it can be checked by: words, or `files`, [(file name, bytes)].
    `values` are of FACTS; `department` (None: that of `by`, else hers) answers for it. Raises Refused, Invalid,
    Conflict("award_twice"). Returns the Award.
    """
    department = department or getattr(by, "department", None) or talent.department
    if error := (
        rules.why_not_work_for(department, by, "honours.add_award")
        or (source == AwardSource.STAFF and rules.why_not_register(talent, by))
        or rules.why_not_own(talent, by)
        or rules.why_not_facts(values, now)
        or (source == AwardSource.STAFF and rules.why_not_evidence(values, has_files=bool(files)))
        or rules.why_not_again(talent, honour, values["granted_on"])
    ):
        raise error
    sent = evidence.plain(files)
    award = _made(talent, honour, values, department, source, now)
    if award is None:  # somebody was quicker
        raise rules.why_not_again(talent, honour, values["granted_on"])
    _follow_granting(award, by, now)
    evidence.keep(award, sent, by, now)
    return award


def follow_result(*, application, now):
    """Grant what the call leads to to whom it selected, or recommend her for it (kernel.portal, field `results`).

    Asked twice it does so once. Returns the Award or Recommendation, None where nothing follows.
    """
    if application.state != ApplicationState.AWARDED:
        return None
    leads_to = CallHonour.objects.select_related("honour").filter(call=application.call).first()
    if leads_to is None:
        return None
    if not leads_to.honour.is_ours:
        return _put_forward(application, leads_to.honour, now)
    if found := Award.objects.filter(application=application).first():
        return found
    talent, call, honour = application.talent, application.call, leads_to.honour
    values = {
        "recipient": talent.full_name if honour.is_personal else talent.unit_name or _TEAM,
        "unit_text": talent.unit_name,
        "granted_on": timezone.localdate(now),
        "granted_by": honour.granted_by or call.department.name,
    }
    award = _made(talent, honour, values, call.department, AwardSource.CALL, now, application)
    if award is not None:
        _follow_granting(award, None, now)
    return award


# Stored until staff write the team's name.
_TEAM = "（集体名称待补）"


def _put_forward(application, honour, now):
    known = Recommendation.objects.filter(talent=application.talent, honour=honour)
    open_one = known.filter(state__in=OPEN).first()
    if found := known.filter(application=application).first() or open_one:
        return found
    try:
        with transaction.atomic():
            made = Recommendation.objects.create(
                talent=application.talent,
                honour=honour,
                department=application.call.department,
                application=application,
                made_at=now,
            )
    except (
        IntegrityError
    ):  # staff have recommended her meanwhile, which no result of a call fails over
        return known.filter(state__in=OPEN).first()
    audit.record("honours.recommend", made, by=None, at=now)
    return made


def _made(talent, honour, values, department, source, now, application=None):
    """Store an award; None where the same one stands already, whoever wrote it meanwhile."""
    facts = {name: values[name] for name in FACTS if values.get(name)}
    if honour.is_personal and not facts.get("recipient_en"):
        facts["recipient_en"] = english_name(talent)
    agrees = talent.user_id and honour.is_personal and _agrees(talent)
    try:
        with transaction.atomic():
            return Award.objects.create(
                talent=talent,
                honour=honour,
                department=department,
                source=source,
                application=application,
                noted_at=now,
                named=bool(agrees),
                **facts,
            )
    except IntegrityError:
        return None


def _agrees(talent):
    mine = type(talent).objects.filter(pk=talent.pk)
    return consents.agreeing(mine, PURPOSE).exists()


def english_name(talent):
    """Return her name as an English certificate writes it, "" where its sound is not known."""
    with translation.override("en"):
        sound = name_of(talent).partition(" (")[0]
    return sound if sound != talent.full_name else ""


def _follow_granting(award, by, now):
    _certify(award, now)
    _settle_points(award, now)
    audit.record("honours.grant_award", award, by=by, at=now)
    letters.granted(award, now)


# --- what hangs on it ------------------------------------------------------------------------------
def _certify(award, now):
    """Issue the certificate of what the award says now; the caller has voided the one before."""
    honour, department = award.honour, award.department
    return HonourCertificate.objects.create(
        award=award,
        honour=honour.name,
        honour_en=honour.name_en,
        level=honour.level,
        issuers=[[department.name, department.name_en]],
        issued_at=now,
        **{field: getattr(award, name) for name, field in CERTIFIED.items()},
    )


def _void(award, cause, now):
    award.certificates.valid().update(revoked_at=now, cause=cause)


def _settle_points(award, now):
    """Bring the points in line with the award: given while it stands, once; taken back when it does not.

    One person's honour earns them, by the rule of its level that holds now and held on the day it was granted:
    honours from before the rule earn nothing. What she has spent meanwhile the programme bears (care_points).
    """
    code = f"honour_{award.honour.level}"
    due = award.stands and award.honour.is_personal
    due = due and EarningRule.objects.active(award.granted_on).filter(code=code).exists()
    if due and award.earned is None:
        award.earned = earn(
            rule_code=code,
            talent=award.talent,
            key=f"honour:{award.pk}:{award.turns}",
            by=None,
            now=now,
            about=award.honour.name,
        )
        award.save(update_fields=["earned"])
    elif award.earned is not None and not due:
        gone, award.earned = award.earned, None
        award.turns += 1
        award.save(update_fields=["earned", "turns"])
        reverse(transfer=gone, by=None, now=now)


def _tell_call(award, now):
    """Have the application it came from say whether it stands."""
    if award.application_id:
        note_taken_back(application=award.application, taken_back=not award.stands, now=now)


def locked_award(award, by, permission):
    """Return the award locked, once it is known that `by` may."""
    if error := rules.why_not_handle(award, by, permission):
        raise error
    rows = Award.objects.select_related("honour", "talent__user", "department", "earned__rule")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=award.pk)


def _save(award, fields):
    """Save an award; raises Conflict where the same one was written meanwhile."""
    try:
        with transaction.atomic():
            award.save(update_fields=fields)
    except IntegrityError as error:
        known = rules.why_not_again(award.talent, award.honour, award.granted_on, besides=award)
        raise known from error


# --- put right, revoked, restored ------------------------------------------------------------------
@transaction.atomic
def correct_award(*, award, values, by, now):
    """Put right what is written of an award; `values` are of FACTS. Returns the Award.

    Where the certificate says so, a new one takes its place and she is told. The honour itself does not change:
    that would be another award. Saving what is there already does nothing.
    """
    award = locked_award(award, by, "honours.change_award")
    if error := rules.why_not_change(award):
        raise error
    facts = {name: values.get(name, getattr(award, name)) for name in FACTS}
    if error := (
        rules.why_not_facts(facts, now)
        or (
            award.source == AwardSource.STAFF
            and rules.why_not_evidence(facts, award.files.exists())
        )
        or rules.why_not_again(award.talent, award.honour, facts["granted_on"], besides=award)
    ):
        raise error
    changed = [name for name in FACTS if getattr(award, name) != facts[name]]
    if not changed:
        return award
    for name in changed:
        setattr(award, name, facts[name])
    _save(award, changed)
    _settle_points(award, now)
    audit.record("honours.correct_award", award, by=by, at=now, fields=changed)
    if CERTIFIED.keys() & set(changed):
        _void(award, HonourVoid.REPLACED, now)
        _certify(award, now)
        letters.corrected(award, now)
    return award


@transaction.atomic
def revoke_award(*, award, reason, by, now):
    """Take an honour away, with everything that follows: certificate void, points back, off the roll, she is told.

    This is also how a result that was told by mistake is taken back. `reason` is kept and read by her; the notice
    does not carry it. Revoking twice does nothing twice; undone by `restore_award`. Raises Refused, Invalid. Returns
    the Award.
    """
    award = locked_award(award, by, "honours.revoke_award")
    if not award.stands:
        return award
    reason = reasons.clean(reason, _("请写明撤销的原因，本人会看到。"))
    award.revoked_at, award.revoked_by, award.revoke_reason = now, by, reason
    _settle_points(award, now)  # first: a constraint lets no revoked award keep any
    award.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    _void(award, HonourVoid.REVOKED, now)
    _tell_call(award, now)
    audit.record("honours.revoke_award", award, by=by, at=now, reason=reason)
    letters.revoked(award, now)
    return award


@transaction.atomic
def restore_award(*, award, by, now):
    """Take a revocation back: it stands again, with a new certificate and points by the rule of today. Returns the Award."""
    award = locked_award(award, by, "honours.revoke_award")
    if award.stands:
        return award
    if error := rules.why_not_restore(award):
        raise error
    award.revoked_at, award.revoked_by, award.revoke_reason = None, None, ""
    _save(award, ["revoked_at", "revoked_by", "revoke_reason"])
    _certify(award, now)
    _settle_points(award, now)
    _tell_call(award, now)
    audit.record("honours.restore_award", award, by=by, at=now)
    letters.restored(award, now)
    return award


@transaction.atomic
def reissue_certificate(*, award, reason, by, now):
    """Void the certificate and issue a new one, with another code and number. Returns the HonourCertificate."""
    award = locked_award(award, by, "honours.change_award")
    if error := rules.why_not_change(award):
        raise error
    reason = reasons.clean(reason, _("请写明换发的原因。"))
    _void(award, HonourVoid.REPLACED, now)
    issued = _certify(award, now)
    audit.record("honours.reissue_certificate", award, by=by, at=now, reason=reason)
    letters.corrected(award, now)
    return issued


@transaction.atomic
def fetch_certificate(*, certificate, by, now):
    """Note that staff took a certificate's file out; hers she has without a note. Returns the HonourCertificate."""
    award = certificate.award
    if by is not None and award.talent.user_id == by.pk:
        return certificate
    if error := rules.why_not_work_for(award.department, by, "honours.view_award"):
        raise error
    audit.record("honours.fetch_certificate", award, by=by, at=now)
    return certificate


# --- the roll --------------------------------------------------------------------------------------
@transaction.atomic
def list_award(*, award, listed, by, now):
    """Let her take one of her honours off the public roll, or put it back. Returns the Award."""
    if by is not None and award.talent.user_id != by.pk:
        raise Refused("not_yours", _("只有本人可以决定是否列入荣誉榜。"))
    award = Award.objects.select_for_update(of=("self",), no_key=True).get(pk=award.pk)
    if award.hidden != listed:
        return award
    if not award.honour.is_personal:
        raise Conflict("roll_of_team", _("集体和文明岗的荣誉不属于个人，不能从荣誉榜撤下。"))
    award.hidden = not listed
    award.save(update_fields=["hidden"])
    verb = "honours.list_award" if listed else "honours.unlist_award"
    audit.record(verb, award, by=by, at=now)
    return award


def follow_consent(*, user, granted, by, now):
    """Write her name in full on the roll from now on, or mask it: she changed her answer."""
    rows = Award.objects.of_woman(user).select_related("honour")
    show_names(rows.filter(honour__for_whom="person"), granted)


def show_names(awards, named):
    """Have the roll write these names in full, or masked; what they are found by follows. Returns how many changed."""
    changed = 0
    for award in awards.exclude(named=named).select_for_update(of=("self",)).order_by("pk"):
        award.named = named
        award.save(update_fields=["named"])
        changed += 1
    return changed


@transaction.atomic
def export_awards(*, rows, by, now):
    """Note that a list of awards is taken out; returns those of `rows` that `by` may see, the newest first."""
    if by is not None and not by.has_perm("honours.export_award"):
        raise Refused("not_allowed", _("您没有导出荣誉名单的权限，请联系系统管理员。"))
    seen = rows if by is None else rows.filter(pk__in=Award.objects.visible_to(by).values("pk"))
    found = list(seen.select_related("honour", "department").order_by("-granted_on", "-pk"))
    about = by or None
    if about is not None:
        audit.record("honours.export_awards", about, by=by, at=now, count=len(found))
    return found
