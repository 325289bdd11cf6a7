"""What the theme holds about one woman: in her copy, when she is erased, when it is old, when records are merged."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from entrepreneurship.learning.models import Enrolment, Programme, TrainingCertificate
from kernel.portal import Group
from kernel.retention import Keep, Retention
from talents.doubles.moving import Moving, none_of

COVERS = (
    "entrepreneurship.Enrolment.talent",
    "entrepreneurship.TrainingCertificate.talent",
)


def collect(user):
    """Return the Groups of her copy."""
    return [
        Group(
            gettext_lazy("参加的培训"),
            Enrolment.objects.of_woman(user).select_related("programme"),
            ("programme", "state", "enrolled_at", "left_at", "left_reason", "minutes", "risk"),
        ),
        Group(
            pgettext_lazy("many", "培训证书"),
            TrainingCertificate.objects.of_woman(user),
            (
                "code",
                "kind",
                "name",
                "name_en",
                "title",
                "minutes",
                "issued_at",
                "revoked_at",
                "cause",
                "revoke_reason",
            ),
        ),
    ]


def lost(person, now):
    """Say what is lost by being erased, as sentences."""
    certified = TrainingCertificate.objects.filter(talent__in=person.records)
    if not certified.exists():
        return []
    return [_("培训证书上的姓名会删除，只留编号和是否有效；请先下载需要的证书。")]


def erase(person, now):
    """Erase what is hers; that somebody took part, and how long, stays a number. Returns how many rows changed."""
    certified = TrainingCertificate.objects.filter(talent__in=person.records)
    changed = certified.update(talent=None, name="", name_en="", revoke_reason="")
    enrolled = Enrolment.objects.filter(talent__in=person.records).exclude(left_reason="")
    return changed + enrolled.update(left_reason="")


# --- how long it is kept ---------------------------------------------------------------------------
def old_enrolments(before):
    """Return enrolments in programmes that were concluded before a moment, and of those who left before it."""
    concluded = Q(programme__closed_at__lt=before, programme__state="closed")
    return Enrolment.objects.filter(concluded | Q(left_at__lt=before))


def old_certificates(before):
    """Return certificates that were issued before a moment."""
    return TrainingCertificate.objects.filter(issued_at__lt=before)


RETENTION = (
    Retention(
        70,
        "entrepreneurship.enrolments",
        gettext_lazy("参加培训的记录"),
        Keep(years=3),
        gettext_lazy("自培训结业或退出起算，之后删除"),
        old_enrolments,
    ),
    Retention(
        71,
        "entrepreneurship.training_certificates",
        gettext_lazy("培训证书"),
        Keep(years=10),
        gettext_lazy("自签发起算，之后删除，不再能核验"),
        old_certificates,
    ),
)


# --- two records become one ------------------------------------------------------------------------
def _lock_programmes(rows):
    programmes = Programme.objects.filter(pk__in=rows.values("programme"))
    list(programmes.select_for_update().order_by("pk").values_list("pk"))


def _enrolled_twice(keep, lose):
    """Return where both take part in one programme: the minutes of both count for the record that is kept."""
    both = Enrolment.objects.standing().filter(talent=keep).values("programme")
    rows = Enrolment.objects.standing().filter(talent=lose, programme__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


def _certified_twice(keep, lose):
    """Return valid certificates of what `keep` has a valid one of: what was issued in two names stays with both."""
    both = TrainingCertificate.objects.valid().filter(talent=keep).values("programme")
    rows = TrainingCertificate.objects.valid().filter(talent=lose, programme__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


MOVINGS = (
    Moving(
        16,
        "entrepreneurship.Enrolment",
        words=gettext_lazy("参加的培训"),
        stays=_enrolled_twice,
        lock=_lock_programmes,
    ),
    Moving(
        16,
        "entrepreneurship.TrainingCertificate",
        words=pgettext_lazy("many", "培训证书"),
        stays=_certified_twice,
        lock=_lock_programmes,
    ),
)
