"""What the talent database itself knows of her growth: the record, her career, endorsements, tiers."""

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kernel.portal import Milestone
from talents.career.kinds import AchievementSort, EntryKind, Tier
from talents.career.models import CareerEntry

JOB, TITLE, STUDY = _("到岗"), _("取得职称"), _("毕业")
DATABASE = _("人才库")
ENTRY_WORDS = {
    EntryKind.EDUCATION: STUDY,
    EntryKind.EMPLOYMENT: JOB,
    EntryKind.TITLE: TITLE,
}
# What is told by when it was over, not by when it began.
BY_END = (EntryKind.EDUCATION,)
BY_SORT = (EntryKind.ACHIEVEMENT, EntryKind.OVERSEAS)
IN = "verified"


def milestones(talent):
    """Return what record, career, endorsements and snapshots tell. Three queries; what has no date is left out."""
    return [*_present(talent), *_career(talent), *_endorsements(talent), *_standing(talent)]


def _present(talent):
    """Tell of the job, the title and the degree she has."""
    if talent.unit_since:
        yield Milestone(talent.unit_since, "month", JOB, talent.unit_name, talent.position)
    if talent.title_since:
        level = _words(talent, "title_level")
        title = talent.professional_title or level
        note = level if talent.professional_title else ""
        yield Milestone(talent.title_since, "year", TITLE, title, note)
    if talent.graduated:
        degree = _words(talent, "education_level")
        yield Milestone(talent.graduated, "year", STUDY, talent.school_and_major or degree, degree)


def _career(talent):
    for entry in CareerEntry.objects.kept().filter(talent=talent).order_by("pk"):
        day = (entry.kind in BY_END and entry.ended) or entry.began or entry.ended
        if day:
            yield _of_entry(entry, day)


def _of_entry(entry, day):
    kind = _kind(entry)
    note = _lazily(lambda: " · ".join(text for text in entry.details if text != kind))
    honour = entry.kind == EntryKind.TIER or entry.sort == AchievementSort.AWARD
    exact = "month" if entry.spec.months else "year"
    return Milestone(day, exact, kind, entry.title, note, honour=honour)


def _kind(entry):
    """Return what sort of thing an entry is: of achievements and time abroad which one (论文, 合作研究)."""
    if entry.kind in BY_SORT and entry.sort:
        return entry.spec.sorts(entry.sort).label
    return ENTRY_WORDS.get(entry.kind) or EntryKind(entry.kind).label


def _endorsements(talent):
    for one in talent.endorsements.standing().select_related("unit").order_by("pk"):
        yield Milestone(timezone.localdate(one.at), "day", _("单位推荐"), one.unit.name)


def _standing(talent):
    """Tell when she came into the database, and each tier she reached in it."""
    for snapshot in talent.snapshots.filter(state=IN).order_by("pk"):
        if snapshot.was_state != IN:
            words = _("回到女性科技人才库") if snapshot.was_state else _("进入女性科技人才库")
            yield Milestone(snapshot.day, "day", DATABASE, words, honour=not snapshot.was_state)
        if snapshot.tier and _rank(snapshot.tier) > _rank(snapshot.was_tier):
            tier = Tier(snapshot.tier).label
            yield Milestone(snapshot.day, "day", _("人才层次"), tier, honour=True)


def _rank(tier):
    return Tier.values.index(tier) if tier else -1


def _words(talent, name):
    return _lazily(getattr(talent, f"get_{name}_display"))


def _lazily(say):
    """Return what `say()` returns in the language that is active when it is read."""
    return lazy(say, str)()
