"""Certificates of volunteer hours: she has them issued for a period she chooses; they fall with what they say."""

from collections import Counter

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from care_points import ledger
from care_points.models import HoursCertificate, HoursRevoked, HoursState
from kernel import days, reasons, rights
from kernel.errors import Conflict, Invalid, Refused
from privacy import audit
from talents.cv.content import name_of

RIGHT = "care_points.change_hourscertificate"


def confirmed_in(talent, from_on, until_on):
    """Return her confirmed hours that began from one day to another (dates), the earliest first."""
    bounds = days.begin(from_on), days.begin(until_on + days.DAY)
    confirmed = talent.service_hours.filter(state=HoursState.CONFIRMED)
    return confirmed.filter(**days.within("starts_at", *bounds)).order_by("starts_at", "pk")


def why_not_period_of(from_on, until_on, at):
    """Return why no certificate can be issued from one day to another at the moment `at`, as a DomainError, else None."""
    if until_on < from_on:
        sentence = _("结束日期不能早于开始日期，请修改。")
        return Invalid("period_reversed", sentence, field="until_on")
    if until_on > timezone.localdate(at):
        sentence = _("结束日期最晚到今天，请修改。")
        return Invalid("period_in_future", sentence, field="until_on")
    return None


@transaction.atomic
def certify_hours(*, talent, from_on, until_on, by, now):
    """Issue the certificate of her confirmed hours that began from `from_on` to `until_on` (dates); returns it.

    By herself. Asked for again it is the same one, unless more was confirmed since: then a new one takes its place.
    Raises Refused("not_yours"), what `why_not_period_of` returns, Conflict("no_hours").
    """
    if by is None or talent is None or talent.user_id != by.pk:
        raise Refused("not_yours", _("志愿服务证书只能由本人开具。"))
    if error := why_not_period_of(from_on, until_on, now):
        raise error
    ledger.lock_account(talent)  # what is confirmed or taken back meanwhile waits
    served = Counter()
    for hours in confirmed_in(talent, from_on, until_on):
        served[hours.activity] += hours.half_hours
    if not served:
        sentence = _("这段时间没有已确认的志愿时长，请换一段时间；待确认的时长确认后才能开具。")
        raise Conflict("no_hours", sentence, field="from_on")
    facts = {
        "name": talent.full_name,
        "half_hours": served.total(),
        "activities": [list(pair) for pair in served.most_common()],
    }
    same_days = talent.hours_certificates.valid().filter(from_on=from_on, until_on=until_on)
    if old := same_days.first():
        if all(getattr(old, name) == value for name, value in facts.items()):
            return old
        _revoke(old, HoursRevoked.REPLACED, now)
    department = talent.department
    issued = HoursCertificate.objects.create(
        talent=talent,
        name_en=_english_name(talent),
        from_on=from_on,
        until_on=until_on,
        issuers=[[department.name, department.name_en]] if department else [],
        issued_at=now,
        **facts,
    )
    audit.record("care_points.certify_hours", issued, by=by, at=now)
    return issued


def _english_name(talent):
    with translation.override("en"):
        sound = name_of(talent).partition(" (")[0]
    return sound if sound != talent.full_name else ""


def why_not_revoke_certificate(certificate, by):
    """Return why `by` may not revoke a certificate of hours, as a DomainError, else None: never her own."""
    if certificate.talent and by is not None and certificate.talent.user_id == by.pk:
        return Refused("own_certificate", _("不能撤销自己的证书，请同事办理。"))
    if not certificate.is_valid:
        return Conflict("certificate_revoked", _("这份证书已经失效。"))
    return None


@transaction.atomic
def revoke_hours_certificate(*, certificate, reason, by, now):
    """Take a certificate's validity; the check page says so. `reason` (4 to 200 characters) is kept and read by her.

    The hours stay as they are: what is wrong with them is corrected there. Undone by her having one issued anew.
    Raises Refused, what `why_not_revoke_certificate` returns, what kernel.reasons.clean raises. Returns it.
    """
    rights.require(by, RIGHT)
    certificate = HoursCertificate.objects.select_for_update().get(pk=certificate.pk)
    if error := why_not_revoke_certificate(certificate, by):
        raise error
    reason = reasons.clean(reason, _("请写明撤销的原因，本人会看到。"))
    _revoke(certificate, HoursRevoked.STAFF, now, reason, by)
    audit.record("care_points.revoke_hours_certificate", certificate, by=by, at=now, reason=reason)
    return certificate


def drop_certificates(hours, now):
    """Let the certificates fall that say hours which count no more; the caller holds her account."""
    day = timezone.localdate(hours.starts_at)
    saying = HoursCertificate.objects.valid().filter(
        talent=hours.talent, from_on__lte=day, until_on__gte=day
    )
    for certificate in saying:
        _revoke(certificate, HoursRevoked.HOURS, now)
        audit.record("care_points.revoke_hours_certificate", certificate, by=None, at=now)


def _revoke(certificate, cause, now, reason="", by=None):
    certificate.revoked_at, certificate.revoke_cause = now, cause
    certificate.revoke_reason, certificate.revoked_by = reason, by
    certificate.save(update_fields=["revoked_at", "revoke_cause", "revoke_reason", "revoked_by"])
