"""Her honours: in her copy, when she is erased or leaves the database, when they are old, when two records become one."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from honours.models import Award, AwardFile, HonourCertificate, Recommendation
from honours.models.recommendations import OPEN
from honours.operations.awarding import show_names
from kernel.errors import Conflict
from kernel.portal import Group
from privacy import pieces
from talents.doubles.moving import Moving, none_of

COVERS = ("honours.Award.talent", "honours.Recommendation.talent")


def collect(user):
    """Return her honours, their certificates, and where she was recommended."""
    awards = Award.objects.of_woman(user).select_related("honour", "earned").order_by("pk")
    certificates = HonourCertificate.objects.filter(award__in=awards).order_by("pk")
    put_forward = Recommendation.objects.filter(talent__user=user).select_related("honour")
    return [
        Group(
            pgettext_lazy("many", "获得的荣誉"),
            awards,
            (
                "honour",
                "recipient",
                "unit_text",
                "granted_on",
                "granted_by",
                "document_number",
                "evidence",
                "source",
                "noted_at",
                "named",
                "hidden",
                "revoked_at",
                "revoke_reason",
            ),
        ),
        Group(
            gettext_lazy("荣誉的依据文件"),
            _proving(user).select_related("award__honour"),
            (("award", gettext_lazy("荣誉")), "file_name", "size", "added_at"),
        ),
        Group(
            pgettext_lazy("many", "荣誉证书"),
            certificates,
            ("code", "name", "name_en", "honour", "granted_on", "issued_at", "revoked_at", "cause"),
        ),
        Group(
            pgettext_lazy("many", "向上推荐"),
            put_forward.order_by("pk"),
            ("honour", "state", "sent_to", "sent_on", "answered_on", "note"),
        ),
    ]


def _proving(user):
    return AwardFile.objects.filter(award__talent__user=user).order_by("pk")


def files(user):
    """Yield (name inside the copy, bytes) of the files that prove her honours."""
    for file in _proving(user):
        yield f"honour-{file.pk}-{file.file_name}", pieces.read(file.pieces)


# --- erasing, and leaving the database -------------------------------------------------------------
def lost(person, now):
    """Say what becomes of her honours when she is erased."""
    if not Award.objects.filter(talent__in=list(person.records)).exists():
        return []
    return [
        _("获得的荣誉从荣誉榜撤下，证书上的姓名和依据文件删除，只留下授予过哪些荣誉，用于统计。")
    ]


def erase(person, now):
    """Take her name off what was granted to her; what a team or a post was granted stays theirs."""
    records = list(person.records)
    awards = Award.objects.filter(talent__in=records).select_related("honour")
    changed = 0
    for award in awards.order_by("pk"):
        if award.honour.is_personal:
            award.recipient, award.recipient_en = person.pseudonym or "—", ""
            award.unit_text, award.hidden, award.named = "", True, False
        award.evidence = ""
        award.revoke_reason = "—" if award.revoke_reason else ""
        award.save()
        changed += 1
    personal = HonourCertificate.objects.filter(
        award__talent__in=records, award__honour__for_whom="person"
    )
    personal.exclude(name="").update(name="", name_en="")
    changed += AwardFile.objects.filter(award__talent__in=records).delete()[0]
    noted = Recommendation.objects.filter(talent__in=records).exclude(note="")
    return changed + noted.update(note="")


def lost_by_leaving(talent, now, hers):
    """Say that the roll keeps her honours without her full name."""
    if not Award.objects.on_roll().filter(talent=talent, named=True).exists():
        return []
    return [_("荣誉榜上不再显示您的全名。")]


def mask(*, talent, hers, now):
    """Mask her name on the roll: the record is nobody's account any more, or not checked."""
    show_names(_personal(talent), named=False)


def _personal(talent):
    rows = Award.objects.filter(talent=talent, honour__for_whom="person")
    return rows.select_related("honour")


# --- how long it is kept ---------------------------------------------------------------------------
def old_revoked(before):
    """Return awards that were revoked before a moment and still say why."""
    return Award.objects.filter(revoked_at__lt=before).exclude(revoke_reason="—")


def drop_reasons(rows):
    """Leave that it was revoked."""
    AwardFile.objects.filter(award__in=rows.values("pk")).delete()
    rows.update(revoke_reason="—", evidence="")


def old_void(before):
    """Return certificates that ceased to be valid before a moment."""
    return HonourCertificate.objects.filter(revoked_at__lt=before)


# --- two records become one ------------------------------------------------------------------------
def _award_twice(keep, lose):
    """Return awards that `keep` holds of the same day as well: they stay with the record that is lost."""
    theirs = Award.objects.standing().filter(talent=lose)
    same = Q(pk__in=[])
    for honour, granted_on in (
        Award.objects.standing().filter(talent=keep).values_list("honour", "granted_on")
    ):
        same |= Q(honour=honour, granted_on=granted_on)
    return none_of(list(theirs.filter(same).values_list("pk", flat=True)))


def _why_not_recommended(keep, lose):
    """Return that both are recommended for one honour and wait for the answer (Conflict), or None."""
    open_ones = Recommendation.objects.filter(state__in=OPEN)
    honours = open_ones.filter(talent=keep).values("honour")
    twice = open_ones.filter(talent=lose, honour__in=honours).select_related("honour").first()
    if twice is None:
        return None
    sentence = _("两份档案都在推荐“%(honour)s”，请先撤回其中一份的推荐，再合并。")
    return Conflict("both_recommended", sentence % {"honour": twice.honour.label})


# Before points, as the operations lock: the award, then her account.
MOVINGS = (
    Moving(
        14,
        "honours.Award",
        words=pgettext_lazy("many", "获得的荣誉"),
        stays=_award_twice,
        depends=True,
    ),
    Moving(
        15,
        "honours.Recommendation",
        words=gettext_lazy("向上推荐的荣誉"),
        why_not=_why_not_recommended,
        depends=True,
    ),
)
