"""What the theme holds about one woman: in her copy, when she is erased, when it is old, when records are merged."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from entrepreneurship.learning import departures
from entrepreneurship.learning.models import (
    Coach,
    CoachingProposal,
    CoachingTalk,
    Enrolment,
    Programme,
    TrainingCertificate,
)
from entrepreneurship.learning.operations.hours import forget_coach
from kernel.portal import Group
from kernel.retention import Keep, Retention
from talents.doubles.moving import Moving, none_of

COVERS = (
    "entrepreneurship.Enrolment.talent",
    "entrepreneurship.TrainingCertificate.talent",
    "entrepreneurship.Coach.user",
    "entrepreneurship.CoachingTalk.talent",
    "entrepreneurship.CoachingProposal.talent",
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
        Group(
            gettext_lazy("担任创业辅导人"),
            Coach.objects.filter(user=user),
            (
                "topics",
                "introduction",
                "mode",
                "place",
                "hours_per_month",
                "sex",
                "state",
                "agreed_at",
                "reason",
                "ended_at",
            ),
        ),
        # What the other of the two has written is not hers: what comes next is both's, and stays on their page.
        Group(
            gettext_lazy("预约的创业辅导"),
            CoachingTalk.objects.filter(talent__user=user)
            .select_related("hour__event")
            .order_by("pk"),
            ("hour", "aims", "she_says", "begun_at"),
        ),
        Group(
            gettext_lazy("提议的辅导时间"),
            CoachingProposal.objects.of_woman(user),
            ("topic", "message", "times", "state", "made_at", "answered_at", "reason"),
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
    return changed + enrolled.update(left_reason="") + _erase_coaching(person, now)


def _erase_coaching(person, now):
    """Take what she wrote and who she was out of coaching; that hours were given stays a number."""
    departures.stop(person.user, now)
    changed = forget_coach(person.user) if person.user else 0
    changed += Coach.objects.filter(user=person.user).update(introduction="—", place="", reason="")
    mine = CoachingTalk.objects.filter(talent__in=person.records)
    given = CoachingTalk.objects.filter(hour__coach__user=person.user)
    changed += given.update(next_steps=None)
    changed += mine.update(talent=None, aims=None, next_steps=None)
    asked = CoachingProposal.objects.filter(talent__in=person.records)
    return changed + asked.update(talent=None, message=None)


# --- how long it is kept ---------------------------------------------------------------------------
def old_enrolments(before):
    """Return enrolments in programmes that were concluded before a moment, and of those who left before it."""
    concluded = Q(programme__closed_at__lt=before, programme__state="closed")
    return Enrolment.objects.filter(concluded | Q(left_at__lt=before))


def old_certificates(before):
    """Return certificates that were issued before a moment."""
    return TrainingCertificate.objects.filter(issued_at__lt=before)


def old_talks(before):
    """Return what the two wrote of hours that ended before a moment."""
    words = Q(aims__isnull=False) | Q(next_steps__isnull=False)
    return CoachingTalk.objects.filter(words, hour__event__ends_at__lt=before)


def drop_words(rows):
    """Leave that an hour took place."""
    rows.update(aims=None, next_steps=None)


def old_proposals(before):
    """Return proposals that were answered before a moment."""
    return CoachingProposal.objects.filter(answered_at__lt=before)


RETENTION = (
    Retention(
        72,
        "entrepreneurship.talks",
        gettext_lazy("辅导双方写下的内容"),
        Keep(years=1),
        gettext_lazy("自辅导结束起算，之后删除，只留是否进行"),
        old_talks,
        drop_words,
    ),
    Retention(
        73,
        "entrepreneurship.proposals",
        gettext_lazy("提议的辅导时间"),
        Keep(years=1),
        gettext_lazy("自答复起算，之后删除"),
        old_proposals,
    ),
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


def _talked_twice(keep, lose):
    """Return what belongs to hours both records had the seat of, one after the other."""
    both = CoachingTalk.objects.filter(talent=keep).values("hour")
    rows = CoachingTalk.objects.filter(talent=lose, hour__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


def _proposed_twice(keep, lose):
    """Return open proposals to a coach whom `keep` has asked as well."""
    both = CoachingProposal.objects.open().filter(talent=keep).values("coach")
    rows = CoachingProposal.objects.open().filter(talent=lose, coach__in=both)
    return none_of(list(rows.values_list("pk", flat=True)))


MOVINGS = (
    Moving(
        17,
        "entrepreneurship.CoachingTalk",
        words=gettext_lazy("创业辅导"),
        stays=_talked_twice,
    ),
    Moving(
        17,
        "entrepreneurship.CoachingProposal",
        words=gettext_lazy("提议的辅导时间"),
        stays=_proposed_twice,
    ),
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
