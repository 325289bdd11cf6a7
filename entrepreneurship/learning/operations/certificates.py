"""Certificates of training: issued when a programme is concluded, kept true after that, revoked and issued anew."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from entrepreneurship.learning import letters, rules
from entrepreneurship.learning.models import (
    PERIOD,
    Programme,
    TrainingCertificate,
    TrainingKind,
    TrainingVoid,
)
from kernel import reasons
from kernel.errors import Invalid
from privacy import audit
from talents.cv.content import name_of


def due_kind(made):
    """Return which certificate somebody gets by her Progress: of completion, of attendance from one 学时 on, "" for none."""
    if made.is_complete:
        return TrainingKind.COMPLETION
    return TrainingKind.ATTENDANCE if made.whole.done >= PERIOD else ""


def keep_true(programme, found, rows, now):
    """Issue what is due and revoke what is not true any more, of enrolments with their Progress as `made`.

    The caller holds the programme's lock. One that staff revoked is issued anew by hand alone. Returns how many changed.
    """
    standing = {one.talent_id: one for one in programme.certificates.valid()}
    by_hand = programme.certificates.filter(cause=TrainingVoid.STAFF)
    by_hand = set(by_hand.values_list("talent_id", flat=True)) - standing.keys()
    return sum(
        _keep(programme, found, row, standing.get(row.talent_id), now)
        for row in rows
        if row.talent_id not in by_hand
    )


def _keep(programme, found, row, standing, now):
    """Bring one woman's certificate in line with what was counted; returns whether anything changed."""
    kind = due_kind(row.made)
    facts = _counted(row.made) | {"kind": kind}
    if standing and kind and all(getattr(standing, n) == value for n, value in facts.items()):
        return False
    if standing:
        _revoke(standing, TrainingVoid.ATTENDANCE, now)
        audit.record("entrepreneurship.revoke_training_certificate", standing, by=None, at=now)
    if kind:
        issued = TrainingCertificate.objects.create(
            programme=programme,
            talent=row.talent,
            name=row.talent.full_name,
            name_en=english_name(row.talent),
            title=programme.name,
            title_en=programme.name_en,
            began_on=timezone.localdate(found.begins_at),
            ended_on=timezone.localdate(found.ends_at),
            issuers=[[programme.department.name, programme.department.name_en]],
            issued_at=now,
            **facts,
        )
        audit.record("entrepreneurship.issue_training_certificate", issued, by=None, at=now)
        letters.send(letters.certified(issued), now)
    elif standing:
        letters.send(letters.certificate_revoked(standing), now)
    return bool(kind or standing)


def _counted(made):
    """Return the facts of a certificate that are counted."""
    parts = [[part.name, part.done] for part in made.modules if part.done]
    return {"minutes": made.whole.done, "modules": parts}


def english_name(talent):
    """Return her name as an English certificate writes it, "" where its sound is not known."""
    with translation.override("en"):
        sound = name_of(talent).partition(" (")[0]
    return sound if sound != talent.full_name else ""


def _revoke(certificate, cause, now, reason=""):
    certificate.revoked_at, certificate.cause = now, cause
    certificate.revoke_reason = reason
    certificate.save(update_fields=["revoked_at", "cause", "revoke_reason"])


def _locked(certificate, by):
    """Return the certificate as it stands, its programme locked, if `by` may change it."""
    if error := rules.why_not_handle_certificate(certificate, by):
        raise error
    Programme.objects.locked(certificate.programme)
    rows = TrainingCertificate.objects.select_related("programme__series", "talent__user")
    return rows.get(pk=certificate.pk)


@transaction.atomic
def revoke_training_certificate(*, certificate, reason, by, now):
    """Take a certificate's validity: the check page says so. `reason` (4 to 200 characters) is kept, and read by her.

    Undone by issuing anew. Minutes that are wrong are corrected at the event, and the certificate follows by itself.
    Raises Refused, Conflict, what kernel.reasons.clean raises. Returns it.
    """
    certificate = _locked(certificate, by)
    if error := rules.why_not_revoke_certificate(certificate):
        raise error
    reason = reasons.clean(reason, _("请写明撤销的原因，本人会看到。"))
    _revoke(certificate, TrainingVoid.STAFF, now, reason)
    audit.record(
        "entrepreneurship.revoke_training_certificate", certificate, by=by, at=now, reason=reason
    )
    letters.send(letters.certificate_revoked(certificate), now)
    return certificate


@transaction.atomic
def reissue_training_certificate(*, certificate, name, name_en="", reason, by, now):
    """Issue one anew under a new number, with the name put right; also what undoes a revocation.

    What was counted stays as it was; `reason` is kept. Raises Refused, Conflict, Invalid, what kernel.reasons.clean
    raises. Returns the new TrainingCertificate.
    """
    old = _locked(certificate, by)
    if error := rules.why_not_reissue_certificate(old):
        raise error
    reason = reasons.clean(reason, _("请写明换发的原因，本人会看到。"))
    name, name_en = " ".join((name or "").split())[:60], " ".join((name_en or "").split())[:120]
    if not name:
        raise Invalid("name_missing", _("请填写证书上的姓名。"), field="name")
    if old.is_valid:
        _revoke(old, TrainingVoid.REPLACED, now, reason)
    copied = ("programme", "talent", "kind", "title", "title_en", "minutes", "modules")
    copied += ("began_on", "ended_on", "issuers")
    values = {field: getattr(old, field) for field in copied}
    new = TrainingCertificate.objects.create(**values, name=name, name_en=name_en, issued_at=now)
    audit.record(
        "entrepreneurship.reissue_training_certificate",
        new,
        by=by,
        at=now,
        reason=reason,
        replaces=old.pk,
    )
    letters.send(letters.certified(new), now)
    return new


@transaction.atomic
def fetch_training_certificate(*, certificate, by, now):
    """Record that a certificate's file was handed out to staff; she has hers without a note. Raises Refused, Conflict."""
    if error := rules.why_not_fetch_certificate(certificate, by):
        raise error
    if by and not (certificate.talent and certificate.talent.user_id == by.pk):
        audit.record("entrepreneurship.fetch_training_certificate", certificate, by=by, at=now)
    return certificate
