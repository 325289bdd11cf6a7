"""What the app holds about one woman: in her copy, when she is erased, when it is old, when two records become one."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import content
from kernel.photo_sizes import PhotoSize
from kernel.portal import Group
from role_models.models import Story, StoryPhoto, StoryVersion, VersionState
from role_models.operations import read_photo, withdraw_story
from talents.doubles.moving import Moving

COVERS = ("role_models.Story.talent",)


def collect(user):
    """Return the stories about her with every version she was asked about, and their photos."""
    mine = Story.objects.hers(user).select_related("series").order_by("pk")
    words = StoryVersion.objects.filter(story__in=mine).exclude(asked_at=None, published_at=None)
    photos = StoryPhoto.objects.filter(story__in=mine).order_by("pk")
    return [
        Group(
            gettext_lazy("榜样故事"),
            mine,
            (
                "code",
                "kind",
                "discipline",
                "series",
                "created_at",
                "published_at",
                "hidden_at",
                "hidden_reason",
                "withdrawn_at",
            ),
        ),
        Group(
            gettext_lazy("故事的各个版本"),
            words.select_related("story").order_by("story", "number"),
            (
                ("story", gettext_lazy("榜样故事")),
                "number",
                "state",
                "title",
                "lead",
                "body",
                "shown_name",
                "shown_post",
                "title_en",
                "body_en",
                "asked_at",
                "agreed_at",
                "wish",
                "published_at",
            ),
        ),
        Group(
            gettext_lazy("故事照片"),
            photos,
            ("code", "alt", "credit", "answered_at", "agreed_at", "hidden_at"),
        ),
    ]


def photos(user):
    """Yield the photos of her stories."""
    for photo in StoryPhoto.objects.filter(story__talent__user=user).order_by("pk"):
        yield f"story-{photo.code}.jpg", read_photo(photo, PhotoSize.LARGE)


# --- erasing, and leaving the database ------------------------------------------------------------
def lost(person, now):
    """Say what is lost by being erased."""
    count = Story.objects.filter(talent__in=list(person.records)).count()
    if not count:
        return []
    sentence = ngettext(
        "关于您的 %(count)s 个榜样故事连同照片会删除，页面马上看不到。",
        "关于您的 %(count)s 个榜样故事连同照片会删除，页面马上看不到。",
        count,
    )
    return [sentence % {"count": count}]


def erase(person, now):
    """Delete her stories with their versions, photos and figures."""
    gone, _by_model = Story.objects.filter(talent__in=list(person.records)).delete()
    content.touch()
    return gone


def lost_by_leaving(talent, now, hers):
    """Say what becomes of her stories when her record leaves the database."""
    if Story.objects.filter(talent=talent, withdrawn_at=None).exists():
        return [_("关于您的榜样故事会从页面撤下。")]
    return []


def withdraw_all(*, talent, hers, now):
    """Take her stories off; the system does so, by rule."""
    for story in Story.objects.filter(talent=talent, withdrawn_at=None).order_by("pk"):
        withdraw_story(story=story, by=None, now=now)


# --- how long it is kept --------------------------------------------------------------------------
def old_withdrawn(before):
    """Return stories she withdrew before a moment: till then she could allow them again."""
    return Story.objects.filter(withdrawn_at__lt=before)


def old_drafts(before):
    """Return stories that were never published and that nobody has written in since a moment."""
    written = StoryVersion.objects.filter(edited_at__gte=before).values("story")
    return Story.objects.filter(published_at=None, created_at__lt=before).exclude(pk__in=written)


def old_versions(before):
    """Return versions that others took the place of and that nobody has written in since a moment."""
    replaced = Q(state=VersionState.REPLACED, edited_at__lt=before)
    return StoryVersion.objects.filter(replaced)


MOVING = Moving(45, "role_models.Story", words=gettext_lazy("榜样故事"), depends=True)
