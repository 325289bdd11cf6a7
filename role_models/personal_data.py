"""What the app holds about one woman: in her copy, when she is erased, when it is old, when two records become one."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import content
from kernel.photo_sizes import PhotoSize
from kernel.portal import Group
from notices.models import Notice
from role_models import letters
from role_models.models import (
    InvitationState,
    Story,
    StoryPhoto,
    StoryVersion,
    TalkInvitation,
    TalkOffer,
    TalkRequest,
    VersionState,
)
from role_models.operations import decline_talk, read_photo, withdraw_story
from talents.doubles.moving import Moving, none_of

COVERS = (
    "role_models.Story.talent",
    "role_models.TalkOffer.talent",
    "role_models.TalkInvitation.talent",
    "role_models.TalkRequest.asked_by",
)

STANDING = (InvitationState.ASKED, InvitationState.ACCEPTED)
# The digest of what a program sent goes along: with a few facts known, a phone can be tried out on it.
NOBODY_TO_REACH = {"contact_name": None, "contact_phone": None, "digest": ""}


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
        *_talks(user),
    ]


def _talks(user):
    """Return what she is willing to talk about, what she was asked for, and what she asked for as a unit's contact."""
    invitations = TalkInvitation.objects.filter(talent__user=user).select_related("request")
    requests = TalkRequest.objects.filter(asked_by=user).order_by("pk")
    return [
        Group(
            gettext_lazy("宣讲意愿"),
            TalkOffer.objects.filter(talent__user=user),
            ("topics", "on_site", "online", "changed_at"),
        ),
        Group(
            gettext_lazy("宣讲邀请"),
            invitations.order_by("pk"),
            (("request", gettext_lazy("宣讲申请")), "state", "asked_at", "answered_at", "contact"),
        ),
        Group(
            gettext_lazy("代表单位提交的宣讲申请"),
            requests,
            ("code", "topic", "state", "asked_at", "contact_name", "contact_phone"),
        ),
    ]


def photos(user):
    """Yield the photos of her stories."""
    for photo in StoryPhoto.objects.filter(story__talent__user=user).order_by("pk"):
        yield f"story-{photo.code}.jpg", read_photo(photo, PhotoSize.LARGE)


# --- erasing, and leaving the database ------------------------------------------------------------
def lost(person, now):
    """Say what is lost by being erased."""
    records = list(person.records)
    count = Story.objects.filter(talent__in=records).count()
    lines = []
    if TalkInvitation.objects.filter(talent__in=records, state__in=STANDING).exists():
        lines.append(_("您答应或还没有答复的宣讲会另请别人。"))
    if not count:
        return lines
    sentence = ngettext(
        "关于您的 %(count)s 个榜样故事连同照片会删除，页面马上看不到。",
        "关于您的 %(count)s 个榜样故事连同照片会删除，页面马上看不到。",
        count,
    )
    return [sentence % {"count": count}, *lines]


def erase(person, now):
    """Delete her stories with their versions, photos and figures, and what she was asked for and offered.

    Of what she asked for as a unit's contact the request stays, which is the unit's.
    """
    records = list(person.records)
    for record in records:
        _leave_talks(record, now)
    hers = Story.objects.filter(talent__in=records)
    gone = sum(_forget_told(story) for story in hers)
    gone += hers.delete()[0]
    gone += TalkInvitation.objects.filter(talent__in=records).delete()[0]
    if person.user:
        asked = TalkRequest.objects.filter(asked_by=person.user)
        gone += asked.update(asked_by=None, **NOBODY_TO_REACH)
    content.touch()
    return gone


def _forget_told(story):
    """Delete what staff were told of her story: it names the title. Returns how many rows."""
    told = Notice.objects.filter(object_key__startswith=letters.told_of(story))
    return told.filter(kind__startswith="role_models.").delete()[0]


def _leave_talks(talent, now):
    """Take back her willingness, and decline for her what stands."""
    TalkOffer.objects.filter(talent=talent).delete()
    rows = TalkInvitation.objects.filter(talent=talent, state__in=STANDING)
    rows = rows.filter(request__state__in=("asked", "accepted")).select_related("request", "talent")
    for invitation in rows.order_by("request_id"):
        decline_talk(invitation=invitation, by=None, now=now)


def lost_by_leaving(talent, now, hers):
    """Say what becomes of her stories when her record leaves the database."""
    lines = []
    if Story.objects.filter(talent=talent, withdrawn_at=None).exists():
        lines.append(_("关于您的榜样故事会从页面撤下。"))
    if TalkInvitation.objects.filter(talent=talent, state__in=STANDING).exists():
        lines.append(_("您答应或还没有答复的宣讲会另请别人。"))
    return lines


def withdraw_all(*, talent, hers, now):
    """Take her stories off; the system does so, by rule."""
    for story in Story.objects.filter(talent=talent, withdrawn_at=None).order_by("pk"):
        withdraw_story(story=story, by=None, now=now)
    _leave_talks(talent, now)


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


def old_contacts(before):
    """Return invitations whose talk was held before a moment and that still say how to reach her."""
    rows = TalkInvitation.objects.filter(contact__isnull=False)
    held = Q(request__event__ends_at__lt=before)
    return rows.filter(held | Q(request__event=None, request__last_day__lt=before))


def drop_contacts(invitations):
    """Forget how to reach her."""
    invitations.update(contact=None)


def old_requests(before):
    """Return requests that were ended before a moment and still say who is to be reached at the unit."""
    rows = TalkRequest.objects.filter(ended_at__lt=before)
    return rows.filter(Q(contact_name__isnull=False) | Q(contact_phone__isnull=False))


def drop_unit_contacts(requests):
    """Forget whom to reach at the unit."""
    requests.update(**NOBODY_TO_REACH)


# --- two records become one -----------------------------------------------------------------------
def _both_asked(keep, lose):
    """Return the invitations of `lose` to what `keep` was asked for as well: they stay, each once for a request."""
    requests = TalkInvitation.objects.filter(talent=keep).values("request")
    both = TalkInvitation.objects.filter(talent=lose, request__in=requests)
    return none_of(list(both.values_list("pk", flat=True)))


def _both_offer(keep, lose):
    """Return the offer of `lose` where `keep` has one."""
    if not TalkOffer.objects.filter(talent=keep).exists():
        return None
    return none_of(list(TalkOffer.objects.filter(talent=lose).values_list("pk", flat=True)))


MOVINGS = (
    Moving(45, "role_models.Story", words=gettext_lazy("榜样故事"), depends=True),
    Moving(46, "role_models.TalkOffer", words=gettext_lazy("宣讲意愿"), stays=_both_offer),
    Moving(
        47,
        "role_models.TalkInvitation",
        words=gettext_lazy("宣讲邀请"),
        stays=_both_asked,
        depends=True,
    ),
)
