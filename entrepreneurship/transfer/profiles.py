"""What happens to a profile: begun, written, endorsed, affirmed, checked, public for twelve months, renewed, taken off."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from entrepreneurship.transfer import letters, patents, showing
from entrepreneurship.transfer import profiles_rules as rules
from entrepreneurship.transfer.models import (
    PATENTS,
    TransferKind,
    TransferProfile,
    TransferVersion,
    VersionState,
)
from kernel import reasons, rights
from kernel.days import months_after
from kernel.errors import Conflict
from privacy import audit
from talents.models import Talent

WORDS = (
    "title",
    "problem",
    "advantage",
    "field",
    "readiness",
    "forms",
    "keywords",
    "rights_kind",
    "application_number",
    "is_service",
    "is_abroad",
)


def locked(profile):
    """Return a profile as it stands now, locked: whatever changes it or its versions holds this lock."""
    rows = TransferProfile.objects.select_for_update(of=("self",)).with_words()
    return rows.get(pk=profile.pk)


# --- the owner ------------------------------------------------------------------------------------
@transaction.atomic
def begin_profile(*, kind, values, talent=None, unit=None, by, now):
    """Begin a profile of a woman (`talent`) or of a unit. `values` are names of WORDS to values.

    `by` is herself or the unit's contact, None where the unit's own key stands for it. Raises Refused, Conflict for too
    many or a record that is not verified, Invalid. Returns the TransferProfile.
    """
    if error := rules.why_not_begin(talent, unit, by):
        raise error
    if talent is not None:
        talent = Talent.objects.locked().get(pk=talent.pk)
    else:
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if error := rules.why_not_begin(talent, unit, by):
        raise error
    owner = {"talent": talent} if talent is not None else {"unit": unit}
    live = TransferProfile.objects.filter(**owner, withdrawn_at=None)
    values = tidied(kind, values)
    if error := rules.why_not_more(live) or rules.why_not_words(kind, values, now):
        raise error
    profile = TransferProfile.objects.create(kind=kind, created_at=now, **owner)
    version = TransferVersion(profile=profile, number=1)
    _write(version, profile, values, by, now)
    audit.record("entrepreneurship.begin_profile", profile, by=by, at=now)
    return profile


def tidied(kind, values):
    """Return the values as they are kept: keywords once each, a patent's number in one spelling, of a need no rights."""
    values = {name: values[name] for name in WORDS if name in values}
    for name in ("title", "advantage"):
        values[name] = " ".join((values.get(name) or "").split())
    values["problem"] = (values.get("problem") or "").strip()
    words = [" ".join(word.split()) for word in values.get("keywords") or []]
    values["keywords"] = list(dict.fromkeys(filter(None, words)))
    values["forms"] = list(dict.fromkeys(values.get("forms") or []))
    if kind != TransferKind.OFFER:
        values |= {"rights_kind": "", "application_number": "", "is_service": False}
    number = patents.plain(values.get("application_number"))
    if values.get("rights_kind") in PATENTS and patents.WRITTEN.fullmatch(number):
        number = patents.written(number)
    values["application_number"] = number
    return values


def _write(version, profile, values, by, now):
    for name, value in values.items():
        setattr(version, name, value)
    # A unit's own profile is the unit's word already.
    version.is_service = profile.talent_id is not None and version.is_service
    version.endorser = None  # asked when it is handed in
    if by is not None and by.pk not in version.editors:
        version.editors = [*version.editors, by.pk]
    version.edited_at = now
    version.save()


@transaction.atomic
def edit_profile(*, profile, values, by, now):
    """Change the words of a draft; of a public profile begin a new version, while the old one stays.

    Raises Refused, Conflict once it was handed in, Invalid. Returns the TransferVersion.
    """
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    version = profile.newest
    values = tidied(profile.kind, values)
    error = rules.why_not_edit(version) or rules.why_not_words(profile.kind, values, now)
    if error:
        raise error
    if _says(version, values):
        return version
    if version.state == VersionState.PUBLISHED:
        version = TransferVersion(profile=profile, number=version.number + 1)
    _write(version, profile, values, by, now)
    audit.record("entrepreneurship.edit_profile", profile, by=by, at=now, version=version.number)
    return version


def _says(version, values):
    """Tell whether a version says these values already."""
    return all(getattr(version, name) == value for name, value in values.items())


@transaction.atomic
def submit_profile(*, profile, affirmed, novelty, by, now):
    """Hand a version in: to the unit that has to endorse it, else to the second pair of eyes.

    `affirmed`: nothing in it is secret or restricted from export. `novelty`: she knows that publishing what is not filed
    yet destroys its novelty. Raises Refused, Conflict, Invalid. Returns the TransferVersion.
    """
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    version = profile.working
    if version and version.state != VersionState.DRAFT:
        return version  # a button pressed twice
    if error := rules.why_not_submit(profile, version, affirmed, novelty):
        raise error
    version.state = VersionState.ENDORSING if version.is_service else VersionState.CHECKING
    if version.is_service:
        version.endorser = profile.talent.unit  # as it is today, not when the words were written
    version.affirmed_at, version.affirmed_text = now, rules.AFFIRMED_TEXT
    version.novelty_at = now if version.is_unfiled else None
    version.submitted_by, version.submitted_at = by, now
    version.endorsed_by, version.endorsed_at, version.wish = None, None, ""
    version.save()
    audit.record(
        "entrepreneurship.submit_profile",
        profile,
        by=by,
        at=now,
        version=version.number,
        text=rules.AFFIRMED_TEXT,
    )
    if version.state == VersionState.ENDORSING:
        letters.to_endorse(profile, version, now)
    return version


@transaction.atomic
def take_back_profile(*, profile, by, now):
    """Take a version back that was handed in, to change it. Raises Refused, Conflict. Returns the TransferVersion."""
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    version = profile.working
    if version and version.state == VersionState.DRAFT:
        return version
    if error := rules.why_not_in(version, VersionState.ENDORSING, VersionState.CHECKING):
        raise error
    version.state = VersionState.DRAFT
    version.save()
    audit.record("entrepreneurship.take_back_profile", profile, by=by, at=now)
    return version


@transaction.atomic
def discard_profile(*, profile, by, now):
    """Throw a draft away: of a public profile the new version alone, else the whole profile.

    Raises Refused, Conflict. Returns the TransferProfile, None where all of it is gone.
    """
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    version = profile.working
    if error := rules.why_not_in(version, VersionState.DRAFT):
        raise error
    audit.record("entrepreneurship.discard_profile", profile, by=by, at=now, version=version.number)
    if profile.published_at:
        version.delete()
        return profile
    profile.delete()
    return None


@transaction.atomic
def withdraw_profile(*, profile, by, now):
    """Take a public profile off for its owner; twice does nothing twice. Undone by show_profile_again. Raises Refused, Conflict."""
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    if error := rules.why_not_public(profile):
        raise error
    if profile.withdrawn_at is None:
        profile.withdrawn_at = now
        profile.save(update_fields=["withdrawn_at"])
        audit.record("entrepreneurship.withdraw_profile", profile, by=by, at=now)
    return profile


@transaction.atomic
def show_profile_again(*, profile, by, now):
    """Have a profile public again that its owner took off; the words are those that were checked. Raises Refused."""
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    if profile.withdrawn_at is not None:
        profile.withdrawn_at = None
        profile.save(update_fields=["withdrawn_at"])
        audit.record("entrepreneurship.show_profile_again", profile, by=by, at=now)
    return profile


@transaction.atomic
def renew_profile(*, profile, by, now):
    """Keep a profile public for twelve months from today; pressed twice on one day it is renewed once.

    Raises Refused, Conflict where it is too early. Returns the TransferProfile.
    """
    if error := rules.why_not_own(profile, by):
        raise error
    profile = locked(profile)
    today = timezone.localdate(now)
    until = months_after(today, rules.MONTHS)
    if profile.expires_on == until:
        return profile
    if error := rules.why_not_renew(profile, today):
        raise error
    profile.expires_on, profile.matched_at = until, None
    profile.save(update_fields=["expires_on", "matched_at"])
    audit.record("entrepreneurship.renew_profile", profile, by=by, at=now, until=until.isoformat())
    return profile


# --- the unit that endorses -----------------------------------------------------------------------
@transaction.atomic
def endorse_profile(*, profile, by, now, seen=None):
    """Take it that the unit agrees to its service invention being offered. Raises Refused, Conflict. Returns the version.

    `seen` is the mark of the version `by` had before her (version_mark), None where she was shown no page.
    """
    if error := rules.why_not_endorser(profile.newest, by):
        raise error
    profile = locked(profile)
    version = profile.working
    if version and version.state == VersionState.CHECKING and version.endorsed_at:
        return version
    error = rules.why_not_in(version, VersionState.ENDORSING) or rules.why_not_endorser(version, by)
    if error:
        raise error
    _require_seen(version, seen)
    version.state = VersionState.CHECKING
    version.endorsed_by, version.endorsed_at = by, now
    version.save()
    audit.record(
        "entrepreneurship.endorse_profile", profile, by=by, at=now, unit=version.endorser_id
    )
    letters.endorsed(profile, version, now)
    return version


@transaction.atomic
def refuse_endorsement(*, profile, wish, by, now):
    """Return a version for the unit, with what it would have otherwise. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_endorser(profile.newest, by):
        raise error
    return _return(
        profile, wish, VersionState.ENDORSING, "entrepreneurship.refuse_endorsement", by, now
    )


# --- staff ----------------------------------------------------------------------------------------
@transaction.atomic
def return_profile(*, profile, wish, by, now):
    """Return a version to its owner, with what to change. Raises Refused, Conflict, Invalid. Returns the version."""
    if error := rules.why_not_check(by) or rules.why_not_apart(profile, by):
        raise error
    return _return(profile, wish, VersionState.CHECKING, "entrepreneurship.return_profile", by, now)


def _return(profile, wish, state, verb, by, now):
    profile = locked(profile)
    version = profile.working
    if error := rules.why_not_in(version, state):
        raise error
    version.wish = reasons.clean(wish, _("请写明要怎样修改，发布方会看到。"))
    version.state = VersionState.DRAFT
    version.save()
    audit.record(verb, profile, by=by, at=now, version=version.number)
    letters.returned(profile, version, now)
    return version


@transaction.atomic
def publish_profile(*, profile, by, now, seen=None):
    """Publish a version somebody else wrote; the one before is replaced and it stands for twelve months.

    `seen` is the number of the version `by` had before her, None where she was shown no page. Raises Refused, Conflict.
    Returns the TransferProfile.
    """
    if error := rules.why_not_check(by):
        raise error
    profile = locked(profile)
    version = profile.working
    if version is None and profile.published and profile.published.checked_by_id == by.pk:
        return profile  # a button pressed twice
    error = rules.why_not_in(version, VersionState.CHECKING) or rules.why_not_second(
        profile, version, by
    )
    if error:
        raise error
    _require_seen(version, seen)
    profile.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.REPLACED)
    version.state, version.checked_by, version.published_at = VersionState.PUBLISHED, by, now
    version.save()
    showing.copy(profile, version)
    profile.published_at, profile.withdrawn_at, profile.matched_at = now, None, None
    profile.hidden_at, profile.hidden_reason = None, ""  # these words were looked at anew
    profile.expires_on = months_after(timezone.localdate(now), rules.MONTHS)
    profile.save()
    audit.record("entrepreneurship.publish_profile", profile, by=by, at=now, version=version.number)
    letters.published(profile, now)
    return profile


def _require_seen(version, seen):
    """Refuse to decide about words that are not those somebody had before her."""
    if seen is not None and seen != version_mark(version):
        raise Conflict("changed", _("内容在您打开之后改过了，请看过现在的再决定。"))


def version_mark(version):
    """Return what says which words somebody had before her: the version and when it was handed in."""
    return f"{version.pk}-{version.submitted_at:%Y%m%d%H%M%S%f}"


@transaction.atomic
def hide_profile(*, profile, reason, by, now):
    """Take a profile off for staff, with a reason its owner reads. Undone by unhide_profile. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_check(by):
        raise error
    profile = locked(profile)
    if error := rules.why_not_public(profile):
        raise error
    if profile.hidden_at is None:
        profile.hidden_reason = reasons.clean(reason, _("请写明撤下的理由，发布方会看到。"))
        profile.hidden_at = now
        profile.save(update_fields=["hidden_at", "hidden_reason"])
        audit.record(
            "entrepreneurship.hide_profile",
            profile,
            by=by,
            at=now,
            reason=profile.hidden_reason,
        )
        letters.hidden(profile, now)
    return profile


@transaction.atomic
def unhide_profile(*, profile, by, now):
    """Have a profile public again that staff took off; its owner is told. Raises Refused."""
    if error := rules.why_not_check(by) or rules.why_not_apart(profile, by):
        raise error
    profile = locked(profile)
    if profile.hidden_at is not None:
        profile.hidden_at, profile.hidden_reason = None, ""
        profile.save(update_fields=["hidden_at", "hidden_reason"])
        audit.record("entrepreneurship.unhide_profile", profile, by=by, at=now)
        letters.shown_again(profile, now)
    return profile


# --- the clock ------------------------------------------------------------------------------------
@transaction.atomic
def remind_of_end(*, profile, now):
    """Tell the owner once that a profile ends soon; a tap renews it."""
    profile = locked(profile)
    until = timezone.localdate(now) + rules.REMIND_BEFORE
    if profile.reminded_for == profile.expires_on or profile.expires_on > until:
        return
    profile.reminded_for = profile.expires_on
    profile.save(update_fields=["reminded_for"])
    letters.ends(profile, now)


@transaction.atomic
def retry_profile(*, row, by, now):
    """Let the clock try again what it could not do of a profile and its interests. Raises Refused. Returns the TransferProfile."""
    if error := rules.why_not_check(by):
        raise error
    row = locked(row)
    tried = TransferProfile.objects.filter(pk=row.pk).try_again() + row.interests.try_again()
    if tried:
        audit.record("entrepreneurship.retry_profile", row, by=by, at=now)
    return row


@transaction.atomic
def export_profiles(*, rows, by, now):
    """Note that a list of profiles is taken out; returns those of `rows` that `by` may see. Raises Refused."""
    rights.require(by, "entrepreneurship.export_transferprofile")
    seen = TransferProfile.objects.all() if by is None else TransferProfile.objects.visible_to(by)
    found = list(rows.filter(pk__in=seen.values("pk")).with_words().order_by("-pk"))
    if by is not None:
        audit.record("entrepreneurship.export_profiles", by, by=by, at=now, count=len(found))
    return found
