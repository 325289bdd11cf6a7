"""What the theme holds about one woman: in her copy, when she is erased, when it is old, when records are merged."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entrepreneurship.transfer import interests, letters, profiles
from entrepreneurship.transfer.models import (
    OPEN,
    WAITING,
    InterestState,
    TransferContract,
    TransferFile,
    TransferInterest,
    TransferProfile,
    TransferStep,
    TransferVersion,
)
from kernel import content
from kernel.portal import Group
from kernel.retention import Keep, Retention
from talents.departures import Departure
from talents.doubles.moving import Moving, none_of

SEALED = ("words", "owner_contact", "seeker_contact", "owner_reach", "seeker_reach")
COVERS = (
    "entrepreneurship.TransferProfile.talent",
    "entrepreneurship.TransferInterest.seeker",
)


def collect(user):
    """Return her profiles with every version."""
    hers = TransferProfile.objects.filter(talent__user=user).order_by("pk")
    versions = TransferVersion.objects.filter(profile__in=hers).select_related(
        "endorser", "profile"
    )
    return [
        Group(
            gettext_lazy("我发布的成果和需求"),
            hers,
            (
                "code",
                "kind",
                "title",
                "created_at",
                "published_at",
                "expires_on",
                "withdrawn_at",
                "hidden_at",
                "hidden_reason",
            ),
        ),
        Group(
            gettext_lazy("成果和需求的各个版本"),
            versions.order_by("profile", "number"),
            (
                ("profile_id", gettext_lazy("编号")),
                "number",
                "state",
                "title",
                "problem",
                "advantage",
                "field",
                "readiness",
                "rights_kind",
                "application_number",
                "is_service",
                "endorser",
                "endorsed_at",
                "is_abroad",
                "affirmed_at",
                "affirmed_text",
                "novelty_at",
                "submitted_at",
                "wish",
                "published_at",
            ),
        ),
        *_interests(user),
    ]


def _interests(user):
    """Return what she is interested in, and what others said of what she published, with her own contact alone."""
    mine = TransferInterest.objects.filter(seeker__user=user).select_related("profile")
    others = TransferInterest.objects.filter(profile__talent__user=user).select_related("profile")
    shown = ("code", "profile", "form", "state", "asked_at", "answered_at", "agreed_at", "ended_at")
    return [
        Group(
            gettext_lazy("我表示的合作意向"),
            mine.order_by("pk"),
            (*shown, "words", "seeker_abroad", "seeker_reach", "seeker_contact"),
        ),
        Group(
            gettext_lazy("别人对我发布的内容表示的意向"),
            others.order_by("pk"),
            (*shown, "decline_reason", "owner_abroad", "owner_reach", "owner_contact"),
        ),
    ]


def lost(person, now):
    """Say what is lost by being erased, as sentences."""
    records, lines = list(person.records), []
    if count := TransferProfile.objects.filter(talent__in=records).count():
        sentence = ngettext(
            "您发布的 %(count)s 条成果和需求会删除，公开页面马上看不到。",
            "您发布的 %(count)s 条成果和需求会删除，公开页面马上看不到。",
            count,
        )
        lines.append(sentence % {"count": count})
    if _of(records).filter(state__in=OPEN).exists():
        lines.append(_("正在进行的合作意向会结束，对方看不到您的联系方式。"))
    if TransferContract.objects.filter(interest__in=_of(records)).exists():
        lines.append(_("已登记的技术合同保留编号和金额，不再写您的姓名。"))
    return lines


def _of(records):
    """Return the interests that these records are one side of."""
    mine = TransferInterest.objects.filter(seeker__in=records)
    return (mine | TransferInterest.objects.filter(profile__talent__in=records)).distinct()


def erase(person, now):
    """Erase what is hers; returns how many rows went or changed.

    Of what came to a contract, number and amounts stay, which are the other side's too; nothing says any more who she was.
    """
    records, gone = list(person.records), 0
    for interest in _of(records).order_by("pk"):
        gone += _erase_interest(interest, records, now)
    for profile in TransferProfile.objects.filter(talent__in=records).order_by("pk"):
        gone += _erase_profile(profile, now)
    content.touch()
    return gone


def _erase_interest(interest, records, now):
    """Delete an interest, or leave of it what its contract hangs on."""
    letters.forget(interest)
    if not interest.contracts.exists():
        return interest.delete()[0]
    interest = interests.locked(interest)
    TransferFile.objects.filter(interest=interest).delete()
    pks = {record.pk for record in records}
    hers = {"seeker": None, "erased_at": now} if interest.seeker_id in pks else {}
    if interest.state in OPEN:
        hers |= {"state": InterestState.ENDED, "end_reason": "stopped", "ended_at": now}
    nothing = dict.fromkeys((*SEALED, "asked_by"))
    # What was written beside a step may name her, and a step is never changed: it goes.
    TransferStep.objects.filter(interest=interest).delete()
    return TransferInterest.objects.filter(pk=interest.pk).update(**nothing, **hers)


def _erase_profile(profile, now):
    """Delete a profile, or leave of it what a contract hangs on: its kind and field, no word of hers."""
    letters.forget(profile)
    if not profile.interests.exists():
        return profile.delete()[0]
    gone = profile.versions.all().delete()[0]
    words = {"title": "", "advantage": "", "keywords": [], "search_text": "", "search_grams": []}
    rows = TransferProfile.objects.filter(pk=profile.pk)
    return gone + rows.update(talent=None, erased_at=now, withdrawn_at=now, **words)


# --- leaving the database -------------------------------------------------------------------------
def lost_by_leaving(talent, now, hers):
    """Say what becomes of her profiles when her record leaves the database."""
    shown = TransferProfile.objects.filter(talent=talent).shown(timezone.localdate(now))
    return [_("您发布的成果和需求会从页面撤下。")] if shown.exists() else []


def withdraw_all(*, talent, hers, now):
    """Take her profiles off and end what is under way; the system does so, by rule."""
    public = TransferProfile.objects.filter(talent=talent, published_at__isnull=False)
    for profile in public.filter(withdrawn_at=None).order_by("pk"):
        profiles.withdraw_profile(profile=profile, by=None, now=now)
    for interest in _of([talent]).filter(state__in=OPEN).order_by("pk"):
        if interest.state not in WAITING:
            interests.end_interest(interest=interest, reason="stopped", by=None, now=now)
        elif interest.seeker_id == talent.pk:
            interests.withdraw_interest(interest=interest, by=None, now=now)
        elif interest.state == InterestState.ASKED:
            interests.decline_interest(interest=interest, reason="busy", by=None, now=now)
        else:
            interests.withdraw_interest(interest=interest, by=None, now=now)


# --- how long it is kept --------------------------------------------------------------------------
def old_drafts(before):
    """Return profiles that were never published and that nobody has written in since a moment."""
    written = TransferVersion.objects.filter(edited_at__gte=before).values("profile")
    return TransferProfile.objects.filter(published_at=None, created_at__lt=before).exclude(
        pk__in=written
    )


def old_versions(before):
    """Return versions that others took the place of before a moment."""
    return TransferVersion.objects.filter(state="replaced", edited_at__lt=before)


def old_words(before):
    """Return interests that came to nothing more before a moment and still hold words, contacts or documents."""
    still = Q(files__isnull=False)
    for name in SEALED:
        still |= Q(**{f"{name}__isnull": False})
    rows = TransferInterest.objects.exclude(state__in=OPEN).filter(still)
    last = TransferStep.objects.filter(at__gte=before).values("interest")
    return TransferInterest.objects.filter(pk__in=rows.exclude(pk__in=last).values("pk"))


def drop_words(rows):
    """Forget what was said, how to reach anybody, and the documents."""
    TransferFile.objects.filter(interest__in=rows).delete()
    rows.update(**dict.fromkeys(SEALED))


RETENTION = (
    Retention(
        92,
        "entrepreneurship.transfer_words",
        gettext_lazy("合作意向的内容、联系方式和保密协议"),
        Keep(years=1),
        gettext_lazy("自意向结束起算，之后删除，只留经过和合同"),
        old_words,
        drop_words,
    ),
    Retention(
        90,
        "entrepreneurship.transfer_drafts",
        gettext_lazy("没有公开过的成果和需求"),
        Keep(years=1),
        gettext_lazy("自最后一次修改起算，之后删除"),
        old_drafts,
    ),
    Retention(
        91,
        "entrepreneurship.transfer_versions",
        gettext_lazy("成果和需求的旧版本"),
        Keep(years=3),
        gettext_lazy("自修改起算，之后删除"),
        old_versions,
    ),
)


def _twice_or_own(keep, lose):
    """Return interests that stay: open ones the other record has as well, and those in what either of the two published."""
    hers = [keep, lose]
    both = TransferInterest.objects.filter(seeker=keep, state__in=OPEN).values("profile")
    rows = TransferInterest.objects.filter(seeker=lose)
    stays = rows.filter(Q(state__in=OPEN, profile__in=both) | Q(profile__talent__in=hers))
    return none_of(list(stays.values_list("pk", flat=True)))


MOVINGS = (
    Moving(
        90,
        "entrepreneurship.TransferProfile",
        words=gettext_lazy("成果和需求"),
        depends=True,
    ),
    Moving(
        91,
        "entrepreneurship.TransferInterest",
        words=gettext_lazy("合作意向"),
        field="seeker",
        stays=_twice_or_own,
        depends=True,
    ),
)
DEPARTURES = (Departure(45, lost_by_leaving, withdraw_all),)
