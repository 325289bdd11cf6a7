"""What she suggested: in her copy, when she is erased, when it is old. It belongs to her account, not to her record."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from advisory.suggestions.models import (
    FILED,
    Authorship,
    Contest,
    CoSignature,
    Rating,
    Suggestion,
    SuggestionState,
)
from advisory.suggestions.operations.locking import locked
from advisory.suggestions.operations.writing import take_out
from kernel import content
from kernel.portal import Group
from kernel.retention import Keep, Retention

COVERS = ("advisory.Authorship.user", "advisory.CoSignature.user")
MOVINGS = ()
WRITTEN = (
    "code",
    "campaign",
    "title",
    "matter",
    "proposal",
    "named",
    "signed_as",
    "state",
    "created_at",
    "changed_at",
    "sent_at",
    "back_words",
    "filed_at",
    "not_filed",
    "not_filed_words",
    "unlisted_reason",
    "answered_at",
    "ended_at",
)
SIGNED = ("suggestion", "signed_as", "at", "withdrawn_at")
RATED = ("verdict", "words", "at", "reopens")
CONTESTED = ("words", "at", "outcome", "decision", "decided_at")


def collect(user):
    """Return what she wrote, signed too, thought of replies and said to adoptions."""
    wrote = Suggestion.objects.hers(user).select_related("campaign")
    signed = CoSignature.objects.filter(user=user).select_related("suggestion")
    return [
        Group(pgettext_lazy("many", "建言"), wrote.order_by("pk"), WRITTEN),
        Group(pgettext_lazy("many", "附议"), signed.order_by("pk"), SIGNED),
        Group(
            pgettext_lazy("many", "答复评价"),
            Rating.objects.filter(author__user=user).order_by("pk"),
            RATED,
        ),
        Group(
            pgettext_lazy("many", "采纳异议"),
            Contest.objects.filter(author__user=user).order_by("pk"),
            CONTESTED,
        ),
    ]


def lost(person, now):
    """Say what becomes of it when she is erased."""
    if person.user is None:
        return []
    hers = Suggestion.objects.hers(person.user)
    lines = []
    if hers.filter(state__in=[SuggestionState.DRAFT, SuggestionState.SENT]).exists():
        lines.append(_("您的建言草稿会删除，还没有立案的建言会撤回并删除。"))
    if hers.filter(state__in=[*FILED, SuggestionState.JOINED]).exists():
        lines.append(_("您已立案的建言继续办理、继续公开，但不再有任何署名，也不再通知您。"))
    return lines


def erase(person, now):
    """Take away drafts and what was not filed; of the rest, everything that says whose it is."""
    user, changed = person.user, 0
    if user is None:
        return changed
    for row in Suggestion.objects.hers(user).order_by("pk"):
        changed += _erase_one(locked(row), now)
    changed += forget_authors(Authorship.objects.filter(user=user))
    signed = CoSignature.objects.filter(user=user)
    changed += signed.exclude(withdrawn_at=None).delete()[0]
    return changed + signed.update(user=None, signed_as=None)


def _erase_one(row, now):
    if row.state == SuggestionState.DRAFT:
        row.delete()
        return 1
    if row.state == SuggestionState.SENT:
        take_out(row, now)
    if row.state in (SuggestionState.WITHDRAWN, SuggestionState.NOT_FILED):
        return drop_texts(Suggestion.objects.filter(pk=row.pk))
    return 0


def forget_authors(rows):
    """Leave suggestions without anything that says whose they are; what authors said to replies goes as well."""
    suggestions = Suggestion.objects.filter(authorship__in=rows)
    numbers = list(rows.values_list("pk", flat=True))
    changed = Rating.objects.filter(author__in=numbers).update(words=None)
    changed += Contest.objects.filter(author__in=numbers).update(words=None)
    changed += suggestions.update(named="nameless", signed_as=None)
    changed += Authorship.objects.filter(pk__in=numbers).delete()[0]
    content.touch()
    return changed


def drop_texts(rows):
    """Leave that something was suggested, and none of its words."""
    return rows.update(
        title=None, matter=None, proposal=None, named="nameless", signed_as=None, back_words=""
    )


# --- how long it is kept --------------------------------------------------------------------------
def old_drafts(before):
    """Return drafts nobody has touched since a moment."""
    return Suggestion.objects.filter(state=SuggestionState.DRAFT, changed_at__lt=before)


def old_texts(before):
    """Return what was not filed or was taken back before a moment and still has its words."""
    rows = Suggestion.objects.filter(
        state__in=[SuggestionState.NOT_FILED, SuggestionState.WITHDRAWN], ended_at__lt=before
    )
    return rows.filter(title__isnull=False)


def old_authors(before):
    """Return who wrote what was closed before a moment."""
    over = Authorship.objects.filter(suggestion__ended_at__lt=before)
    return over | Authorship.objects.filter(suggestion__joined_to__ended_at__lt=before)


def old_cosigners(before):
    """Return who signed what was closed before a moment."""
    return CoSignature.objects.filter(suggestion__ended_at__lt=before, user__isnull=False)


def forget_cosigners(rows):
    """Leave that somebody signed too."""
    return rows.update(user=None, signed_as=None)


RETENTION = (
    Retention(
        66,
        "advisory.suggestion_drafts",
        gettext_lazy("没有提交的建言草稿"),
        Keep(years=1),
        gettext_lazy("自最后一次修改起算，之后删除"),
        old_drafts,
    ),
    Retention(
        67,
        "advisory.suggestion_texts",
        gettext_lazy("没有立案或本人撤回的建言"),
        Keep(years=1),
        gettext_lazy("自决定或撤回起算，之后只留编号和结果"),
        old_texts,
        drop_texts,
    ),
    Retention(
        68,
        "advisory.suggestion_authors",
        gettext_lazy("建言是谁写的、评价和异议的文字"),
        Keep(years=5),
        gettext_lazy("自办结起算，之后只留建言和答复，不再署名"),
        old_authors,
        forget_authors,
    ),
    Retention(
        69,
        "advisory.cosigners",
        gettext_lazy("谁附议了建言"),
        Keep(years=5),
        gettext_lazy("自办结起算，之后只留人数"),
        old_cosigners,
        forget_cosigners,
    ),
)
