"""What becomes of a story when an honour it tells of is revoked, or stands again (honours, kernel.portal `honour_changes`)."""

from django.db.models import Q

from role_models.models import Story, VersionState
from role_models.operations import hide_story, show_story

# Kept and read by her and by staff; in neutral words, because it is for somebody to look at, not a judgement.
REASON = "文中荣誉的记录有变动，待核对"
PLACES = ("全国", "重庆市", "两江新区")
TEXTS = ("title", "lead", "body")


def follow_award(*, award, now):
    """Take her stories off that name the honour when it is revoked; show those again when it stands again."""
    if award.stands:
        for story in Story.objects.filter(talent=award.talent, hidden_reason=REASON).order_by("pk"):
            show_story(story=story, by=None, now=now)
        return
    shown = Story.objects.shown().filter(talent=award.talent)
    for story in shown.filter(pk__in=_naming(award.honour.name)).order_by("pk"):
        hide_story(story=story, reason=REASON, by=None, now=now)


def _naming(name):
    """Return the stories whose published version names an honour, with or without the place in front of it."""
    bare = next((name.removeprefix(place) for place in PLACES if name.startswith(place)), name)
    says = Q()
    for text in TEXTS:
        says |= Q(**{f"versions__{text}__contains": bare})
    return Story.objects.filter(says, versions__state=VersionState.PUBLISHED).values("pk")
