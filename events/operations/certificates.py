"""Certificates: offered, issued by the worker for who came, revoked, issued anew."""

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Department
from events import letters, minutes, rules
from events.models import (
    Booking,
    BookingState,
    Certificate,
    CertificateKind,
    CertificateOffer,
    RevokeCause,
    Speaker,
)
from events.operations.locking import lock_event
from kernel import reasons
from kernel.errors import Conflict, Invalid
from kernel.worker import nudge_on_commit
from privacy import audit
from talents.cv.content import name_of

CHUNK = 50
PRINTED = 200  # certificates in one file: a few seconds, and about one megabyte
TERMS = ("least_percent", "hours", "title_en", "issuers", "speakers")


# --- what an event offers -------------------------------------------------------------------------
@transaction.atomic
def offer_certificates(*, event, terms, by, now):
    """Say that the event gives certificates and on what terms ({name of TERMS: value}); what was issued stays as it is.

    `issuers` are codes of departments, one at least. Raises Refused, Conflict for a cancelled event,
    Invalid("issuer_unknown"). Returns the CertificateOffer.
    """
    event = lock_event(event, rules.why_not_offer, by)
    known = set(Department.objects.values_list("code", flat=True))
    issuers = list(terms.get("issuers") or [])
    if not issuers or not known.issuperset(issuers):
        raise Invalid("issuer_unknown", _("请至少选择一个落款部门。"), field="issuers")
    values = {name: terms[name] for name in TERMS if name in terms}
    offer, _new = CertificateOffer.objects.update_or_create(event=event, defaults=values)
    audit.record("events.offer_certificates", event, by=by, at=now)
    return offer


@transaction.atomic
def withdraw_certificate_offer(*, event, by, now):
    """Give no more certificates of the event; those that were issued stay valid. Doing it twice does nothing twice.

    Raises Refused.
    """
    event = lock_event(event, rules.why_not_manage, by, "events.change_event")
    gone, _by_model = CertificateOffer.objects.filter(event=event).delete()
    if gone:
        audit.record("events.withdraw_certificate_offer", event, by=by, at=now)


def copy_offer(event, copy):
    """Let the copy of an event offer what the event does."""
    if offer := CertificateOffer.objects.filter(event=event).first():
        values = {name: getattr(offer, name) for name in TERMS}
        CertificateOffer.objects.create(event=copy, **values)


# --- issuing --------------------------------------------------------------------------------------
@transaction.atomic
def order_certificates(*, event, by, now):
    """Have certificates issued for whoever came and has none; the worker does so, in lots. Safe to repeat.

    Raises what rules.why_not_issue returns. Returns the CertificateOffer.
    """
    event = lock_event(event, rules.why_not_issue, by)
    audit.record("events.order_certificates", event, by=by, at=now)
    return ask_for(event, now)


def ask_for(event, now):
    """Wake the worker for what is lacking; the caller holds the event's lock. Returns the offer, None without one."""
    offer = CertificateOffer.objects.filter(event=event).first()
    if offer:
        offer.asked_at, offer.finished_at, offer.sweep_failures = now, None, 0
        offer.save(update_fields=["asked_at", "finished_at", "sweep_failures"])
        nudge_on_commit("events.tasks.issue_certificates")
    return offer


def lacking(event):
    """Return the bookings of who came and has no certificate, whatever she still lacks of it, in their order.

    Whom staff took it from gets no new one by herself: that is for staff to reissue.
    """
    taken = Q(revoked_at=None) | Q(revoke_cause=RevokeCause.STAFF, replaced_by=None)
    have = Certificate.objects.filter(taken, event=event, kind=CertificateKind.ATTENDANCE)
    came = Booking.objects.filter(event=event, state=BookingState.ATTENDED)
    came = came.exclude(talent__in=have.exclude(talent=None).values("talent"))
    return came.select_related("talent").prefetch_related("passages").order_by("place")


def issue_certificates(*, offer, now):
    """Issue what is lacking of an offer, in lots of CHUNK, each in a transaction of its own; returns how many.

    The worker does so. Killed at any moment it goes on where it was: what is lacking is read from what is there.
    """
    issued = 0
    while True:
        made, more = _issue_lot(offer, now)
        issued += made
        if not more:
            return issued


@transaction.atomic
def _issue_lot(offer, now):
    """Return (how many were issued, whether there are more)."""
    event = lock_event(offer.event, rules.why_not_manage, None, "events.change_event")
    offer = CertificateOffer.objects.filter(pk=offer.pk).first()
    if offer is None or not offer.is_working:
        return 0, False
    if event.is_cancelled or event.settled_at is None:
        due = speakers = []
    else:
        due, speakers = _due(event, offer), _speakers_due(event) if offer.speakers else []
    facts = _facts(event, offer, now)
    made = [
        Certificate(**facts, **_person(booking.talent), kind=CertificateKind.ATTENDANCE)
        for booking in due[:CHUNK]
    ]
    made += [Certificate(**facts, **person, kind=CertificateKind.SPEAKER) for person in speakers]
    for certificate in made:
        certificate.replaces = _fallen(certificate)
    Certificate.objects.bulk_create(made)
    if made:
        audit.record("events.issue_certificates", event, by=None, at=now, count=len(made))
    if len(due) <= CHUNK:
        offer.finished_at = now
        offer.save(update_fields=["finished_at"])
    return len(made), len(due) > CHUNK


def _due(event, offer):
    """Return the bookings the next lot is for, and one more where there are more."""
    prefetch_related_objects([event], "sessions")
    found = []
    for booking in lacking(event).iterator(chunk_size=CHUNK):
        booking.event = event
        percent = minutes.percent_inside(booking) if offer.least_percent else 0
        if rules.why_no_certificate(booking, offer, percent) is None:
            found.append(booking)
        if len(found) > CHUNK:
            break
    return found


def _speakers_due(event):
    """Return whom the event has to thank and has not yet, as _person does, each once."""
    speakers = Speaker.objects.named().filter(session__event=event).select_related("talent")
    had = Certificate.objects.filter(event=event, kind=CertificateKind.SPEAKER)
    known = {(c.talent_id, "" if c.talent_id else c.name) for c in had}
    due = {}
    for speaker in speakers.order_by("session__starts_at", "order", "pk"):
        key = speaker.talent_id, speaker.guest_name
        if key not in known:
            due.setdefault(
                key, _person(speaker.talent) if speaker.talent_id else {"name": speaker.guest_name}
            )
    return list(due.values())


def _facts(event, offer, now):
    """Return what a certificate says of the event, as it is now."""
    names = {d.code: [d.name, d.name_en] for d in Department.objects.all()}
    return {
        "event": event,
        "title": event.title,
        "title_en": offer.title_en,
        "began_on": timezone.localdate(event.starts_at),
        "ended_on": timezone.localdate(event.ends_at),
        "hours": offer.hours,
        "issuers": [names[code] for code in offer.issuers if code in names],
        "issued_at": now,
    }


def _person(talent):
    with translation.override("en"):
        sound = name_of(talent).partition(" (")[0]
    english = sound if sound != talent.full_name else ""
    return {"talent": talent, "name": talent.full_name, "name_en": english}


def _fallen(certificate):
    """Return the one that fell when she was taken for absent: the new one stands in its place."""
    fallen = Certificate.objects.filter(
        event=certificate.event,
        talent=certificate.talent,
        kind=certificate.kind,
        revoke_cause=RevokeCause.ATTENDANCE,
        replaced_by=None,
    )
    return fallen.order_by("-pk").first() if certificate.talent else None


# --- revoking -------------------------------------------------------------------------------------
@transaction.atomic
def revoke_certificate(*, certificate, reason, by, now):
    """Take a certificate's validity: the check page says so. `reason` (≤ 200 characters) is kept and told her.

    Undone by reissuing. Raises Refused, Conflict("certificate_revoked"), what kernel.reasons.clean raises. Returns
    the Certificate.
    """
    certificate = _locked(certificate, by)
    if error := rules.why_not_revoke(certificate):
        raise error
    reason = reasons.clean(reason, _("请写明撤销的原因，会告知她本人。"))
    _revoke(certificate, RevokeCause.STAFF, now, reason)
    audit.record("events.revoke_certificate", certificate, by=by, at=now, reason=reason)
    letters.send(letters.certificate_revoked(certificate), now)
    return certificate


@transaction.atomic
def reissue_certificate(*, certificate, name, name_en="", reason, by, now):
    """Issue one anew under a new number: with the name put right, and the event's facts as they are now.

    The old one is not valid any more and names the new. Also what undoes a revocation. `reason` is kept and told
    her. Raises Refused, what rules.why_not_reissue and why_not_put_name return, what kernel.reasons.clean raises.
    Returns the new Certificate.
    """
    old = _locked(certificate, by)
    if error := rules.why_not_reissue(old):
        raise error
    reason = reasons.clean(reason, _("请写明换发的原因，会告知她本人。"))
    name, name_en = " ".join((name or "").split())[:60], " ".join((name_en or "").split())[:120]
    if error := rules.why_not_put_name(old, name):
        raise error
    if old.is_valid:
        _revoke(old, RevokeCause.REPLACED, now, reason)
    new = Certificate(**_same_facts(old, now), name=name, name_en=name_en, replaces=old)
    new.save()
    audit.record("events.reissue_certificate", new, by=by, at=now, reason=reason, replaces=old.pk)
    letters.send(letters.certificate_reissued(new, reason), now)
    return new


def _same_facts(old, now):
    """Return the facts of a new one: the offer's as it stands, where there is one still; else those of the old."""
    offer = CertificateOffer.objects.filter(event=old.event).first()
    copied = ("event", "title", "title_en", "began_on", "ended_on", "hours", "issuers")
    facts = _facts(old.event, offer, now) if offer else {n: getattr(old, n) for n in copied}
    return facts | {"talent": old.talent, "kind": old.kind, "issued_at": now}


def revoke_for_attendance(booking, now):
    """Let her certificate fall: she did not come after all. The caller holds the event's lock and keeps the reason."""
    mine = Certificate.objects.valid().filter(
        event=booking.event, talent=booking.talent, kind=CertificateKind.ATTENDANCE
    )
    for certificate in mine:
        _revoke(certificate, RevokeCause.ATTENDANCE, now)
        audit.record("events.revoke_certificate", certificate, by=None, at=now)


def _revoke(certificate, cause, now, reason=""):
    certificate.revoked_at, certificate.revoke_cause = now, cause
    certificate.revoke_reason = reason
    certificate.save(update_fields=["revoked_at", "revoke_cause", "revoke_reason"])


def _locked(certificate, by):
    """Return the certificate as it stands, its event locked, if `by` may change it."""
    if error := rules.why_not_change_certificate(certificate, by):
        raise error
    lock_event(certificate.event, rules.why_not_see_names, by, "events.change_booking")
    rows = Certificate.objects.select_related("event", "talent__user", "replaced_by")
    return rows.get(pk=certificate.pk)


@transaction.atomic
def export_certificates(*, event, by, now, part=1):
    """Return the event's valid Certificates with a name, PRINTED of them at most, the first issued first; on record.

    `part` (from 1) says which PRINTED of them. Raises Refused, Conflict("no_certificates") for none.
    """
    if error := rules.why_not_see_names(event, by, "events.export_booking"):
        raise error
    last = max(part, 1) * PRINTED
    found = list(event.certificates.to_print().select_related("event")[last - PRINTED : last])
    if not found:
        raise Conflict("no_certificates", _("还没有有效的证书可以下载。"))
    audit.record("events.export_certificates", event, by=by, at=now, rows=len(found))
    return found


@transaction.atomic
def fetch_certificate(*, certificate, by, now):
    """Record that a certificate's file was handed out to staff; she has hers without a note.

    Raises what rules.why_not_fetch returns. Returns the Certificate.
    """
    if error := rules.why_not_fetch(certificate, by):
        raise error
    if by and not (certificate.talent and certificate.talent.user_id == by.pk):
        audit.record("events.fetch_certificate", certificate, by=by, at=now)
    return certificate
