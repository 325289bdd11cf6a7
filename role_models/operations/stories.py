"""A story: written, agreed to by the woman it is about, looked at by a second person, published, taken off."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import reasons
from kernel.errors import Invalid
from privacy import audit, consents
from role_models import letters, rules, seen
from role_models.models import WORDS, Story, StoryVersion, VersionState
from role_models.operations.share_pictures import shown_anew
from talents.models import Talent

PRESSED_TWICE = timedelta(minutes=10)
PURPOSE, PHOTO_PURPOSE = "role_model_story", "role_model_photo"
FILED = ("kind", "discipline", "series", "award")  # where it stands in the lists; no word of hers


def locked(story):
    """Return a story as it stands now, locked: whatever changes its versions or photos holds this lock."""
    rows = Story.objects.select_for_update(of=("self",))
    return rows.select_related("talent__user", "award", "series").get(pk=story.pk)


# --- writing --------------------------------------------------------------------------------------
@transaction.atomic
def begin_story(*, talent, values, by, now):
    """Begin the story of a woman (a Talent), as a draft.

    `values` are names of FILED and WORDS to values; she is called by her own name and post where they say nothing.
    The department that looks after her record looks after it. A button pressed twice begins one. Raises what
    rules.why_not_about returns, Invalid for an honour that is not hers. Returns the Story.
    """
    if error := rules.why_not_about(talent, by):
        raise error
    talent = Talent.objects.locked().get(pk=talent.pk)
    if before := _begun_before(talent, values, by, now):
        return before
    filed = {"kind": "scientist", "discipline": talent.discipline}
    filed |= {name: values[name] for name in FILED if name in values}
    if error := rules.why_not_award(Story(talent=talent), filed.get("award")):
        raise error
    story = Story.objects.create(
        talent=talent, department=talent.department, created_at=now, **filed
    )
    post = " ".join(filter(None, (talent.unit_name, talent.position)))
    words = {"shown_name": talent.full_name, "shown_post": post[:80]}
    words |= {name: values[name].strip() for name in WORDS if values.get(name)}
    _write(StoryVersion(story=story, number=1), words, by, now)
    audit.record("role_models.begin_story", story, by=by, at=now)
    return story


def _begun_before(talent, values, by, now):
    """Return the story of the same words `by` began a moment ago, or None."""
    lately = Story.objects.filter(talent=talent, created_at__gt=now - PRESSED_TWICE)
    words = {name: (values.get(name) or "").strip() for name in ("title", "lead", "body")}
    same = StoryVersion.objects.filter(story__in=lately, number=1, edited_by=by, **words).first()
    return same and same.story


@transaction.atomic
def edit_story(*, story, changes, by, now, is_minor=None):
    """Change words or where the story stands in the lists (names of WORDS and FILED → new values).

    A version she was asked about, has agreed to or that is published is left as it is: a new one begins with its words.
    `is_minor` says of a correction of what is published that it changes no meaning. Changing nothing does nothing.
    Raises Refused, Invalid for a body that is too long, Conflict for a correction that is more than one. Returns the
    Story.
    """
    if error := rules.why_not_look_after(story, by, "role_models.change_story"):
        raise error
    story = locked(story)
    filed = _differing(story, changes, FILED)
    if error := rules.why_not_award(story, filed.get("award")):
        raise error
    for name, value in filed.items():
        setattr(story, name, value)
    if filed:
        story.save(update_fields=[*filed])
        shown_anew(story)
        audit.record("role_models.file_story", story, by=by, at=now, fields=sorted(filed))
    base = story.working or story.published
    changes = {name: (changes[name] or "").strip() for name in WORDS if name in changes}
    words = _differing(base, changes, WORDS)
    minor = base.is_minor if is_minor is None else bool(is_minor)
    if not words and (minor == base.is_minor or base.state != VersionState.DRAFT):
        return story
    version = base if base.state == VersionState.DRAFT else _next(story, base, now)
    version.is_minor = minor
    _write(version, words, by, now)
    before = story.published
    if minor and (error := _why_no_correction(before, version)):
        raise error
    audit.record(
        "role_models.edit_story", story, by=by, at=now, version=version.number, fields=sorted(words)
    )
    return story


def _why_no_correction(before, version):
    if before is None:
        return Invalid(
            "not_published", _("还没有发布过，不用勾选“不改变意思的更正”。"), field="is_minor"
        )
    if error := rules.why_not_minor(before, version):
        error.field = "is_minor"
    return error


def _differing(row, changes, names):
    return {
        name: changes[name]
        for name in names
        if name in changes and getattr(row, name) != changes[name]
    }


def _next(story, base, now):
    """Return a new draft with the words of `base`, which is put aside where it was still being worked on."""
    newest = story.versions.order_by("-number").first()
    words = {name: getattr(base, name) for name in WORDS}
    editors = list(base.editors) if base.is_working else []
    if base.is_working:
        base.state = VersionState.REPLACED
        base.save(update_fields=["state"])
    return StoryVersion(story=story, number=newest.number + 1, editors=editors, **words)


def _write(version, words, by, now):
    for name, value in words.items():
        setattr(version, name, value)
    writer = by.pk if by else version.story.talent.user_id
    version.editors = sorted({*(version.editors or ()), writer})
    version.edited_by_id, version.edited_at, version.state = writer, now, VersionState.DRAFT
    if error := rules.why_not_keep(version):
        raise error
    version.save()


@transaction.atomic
def ask_her(*, story, by, now):
    """Ask her to read the draft and to agree to it. Raises Refused, Conflict, Invalid where words are lacking.

    Returns the StoryVersion.
    """
    if error := rules.why_not_look_after(story, by, "role_models.change_story"):
        raise error
    story = locked(story)
    version = story.working
    if version is not None and version.state == VersionState.ASKED:
        return version
    if error := rules.why_not_ask(story, version):
        raise error
    version.state, version.asked_at = VersionState.ASKED, now
    version.save(update_fields=["state", "asked_at"])
    audit.record("role_models.ask_her", story, by=by, at=now, version=version.number)
    letters.asked(story, version, now)
    return version


@transaction.atomic
def take_back(*, story, by, now):
    """Take a version back that she was asked about or has agreed to, as a new draft of the same words.

    Raises Refused, Conflict where there is none. Returns the new StoryVersion.
    """
    if error := rules.why_not_look_after(story, by, "role_models.change_story"):
        raise error
    story = locked(story)
    base = story.working
    if error := rules.why_not_in(base, VersionState.ASKED, VersionState.AGREED):
        raise error
    version = _next(story, base, now)
    version.is_minor = False
    _write(version, {}, by, now)
    audit.record("role_models.take_back", story, by=by, at=now, version=version.number)
    return version


@transaction.atomic
def discard_draft(*, story, by, now):
    """Put aside what is being written, where a version is published: that one stays. Twice does nothing twice.

    Raises Refused, Conflict where nothing was ever published. Returns the Story.
    """
    if error := rules.why_not_look_after(story, by, "role_models.change_story"):
        raise error
    story = locked(story)
    version = story.working
    if version is None:
        return story
    if error := rules.why_not_hide(story):
        raise error
    version.state = VersionState.REPLACED
    version.save(update_fields=["state"])
    audit.record("role_models.discard_draft", story, by=by, at=now, version=version.number)
    return story


# --- her word -------------------------------------------------------------------------------------
@transaction.atomic
def agree(*, version, photos, by, now, seen_photos=None):
    """Take it that she agrees to exactly this version, and to these photos (keys) of the story and no others.

    `seen_photos` is the mark (role_models.seen) of the photos she was shown. Twice does nothing twice. Raises Refused
    for anybody else, Conflict where words or photos have changed since she read them. Returns the StoryVersion.
    """
    story = version.story
    if error := rules.why_not_hers(story, by):
        raise error
    story = locked(story)
    version = StoryVersion.objects.get(pk=version.pk)
    if version.state == VersionState.AGREED:
        return version
    if error := rules.why_not_answer(story, version):
        raise error
    if error := rules.why_not_seen(seen_photos, seen.photos(story)):
        raise error
    version.state, version.agreed_at = VersionState.AGREED, now
    version.save(update_fields=["state", "agreed_at"])
    _register(story, True, by, now)
    audit.record("role_models.agree", story, by=by, at=now, version=version.number)
    _answer_photos(story, photos, by, now)
    letters.agreed(story, version, now)
    return version


@transaction.atomic
def wish_changes(*, version, wish, by, now):
    """Take down what she would have otherwise; the editors write on. Returns the StoryVersion that is written now.

    The same wish twice is one. Raises Refused for anybody else, Conflict where the words have changed, Invalid without
    a wish.
    """
    story = version.story
    if error := rules.why_not_hers(story, by):
        raise error
    story = locked(story)
    version = StoryVersion.objects.get(pk=version.pk)
    wish = " ".join((wish or "").split())[:500]
    if version.state == VersionState.REPLACED and version.wish == wish and story.working:
        return story.working  # the button was pressed twice
    if error := rules.why_not_answer(story, version):
        raise error
    if not wish:
        raise Invalid("wish_missing", _("请写下希望怎样修改。"), field="wish")
    version.wish = wish
    version.save(update_fields=["wish"])
    draft = _next(story, version, now)
    draft.wish = wish
    draft.state = VersionState.DRAFT
    draft.edited_by_id, draft.edited_at = version.edited_by_id, now
    draft.save()
    audit.record("role_models.wish_changes", story, by=by, at=now, version=version.number)
    letters.wished(story, version, now)
    return draft


@transaction.atomic
def choose_photos(*, story, photos, by, now, seen_photos=None):
    """Take down which photos (keys) of her story she agrees to; all others come off at once. Returns the Story.

    `seen_photos` is the mark (role_models.seen) of the photos she was shown. Raises Refused for anybody else, Conflict
    where one was added or described anew since.
    """
    if error := rules.why_not_hers(story, by):
        raise error
    story = locked(story)
    if error := rules.why_not_seen(seen_photos, seen.photos(story)):
        raise error
    _answer_photos(story, photos, by, now)
    return story


def _answer_photos(story, chosen, by, now):
    chosen = {int(key) for key in chosen}
    for photo in story.photos.all():
        agrees, agreed = photo.pk in chosen, bool(photo.agreed_at)
        if photo.answered_at and agrees == agreed:
            continue
        photo.answered_at = now
        photo.agreed_at = now if agrees else None
        if not agrees:
            photo.approved_at = photo.approved_by = None
        photo.save()
        if story.talent.user:
            consents.note(
                user=story.talent.user,
                purpose=PHOTO_PURPOSE,
                about=photo.code,
                granted=agrees,
                by=by,
                now=now,
                source="story",
            )
        if agrees != agreed or not agrees:
            verb = "role_models.agree_photo" if agrees else "role_models.refuse_photo"
            audit.record(verb, story, by=by, at=now, photo=photo.pk)
    shown_anew(story)


def _register(story, granted, by, now):
    """Write her answer into the register of consents."""
    if story.talent.user:
        consents.note(
            user=story.talent.user,
            purpose=PURPOSE,
            about=story.code,
            granted=granted,
            by=by,
            now=now,
            source="story",
        )


@transaction.atomic
def withdraw_story(*, story, by, now):
    """Take it that she does not agree any more: the story comes off in this transaction, published or not yet.

    Undone by allow_again, by her alone. Twice does nothing twice. Raises Refused for anybody else. Returns the Story.
    """
    if error := rules.why_not_hers(story, by):
        raise error
    story = locked(story)
    if story.withdrawn_at:
        return story
    story.withdrawn_at = now
    story.save(update_fields=["withdrawn_at"])
    _register(story, False, by, now)
    shown_anew(story)
    audit.record("role_models.withdraw_story", story, by=by, at=now)
    letters.withdrawn(story, now)
    return story


@transaction.atomic
def allow_again(*, story, by, now):
    """Take it that she agrees again: what was published shows again, unless staff have taken it off as well.

    Raises Refused for anybody else. Returns the Story.
    """
    if error := rules.why_not_hers(story, by):
        raise error
    story = locked(story)
    if not story.withdrawn_at:
        return story
    story.withdrawn_at = None
    story.save(update_fields=["withdrawn_at"])
    _register(story, True, by, now)
    shown_anew(story)
    audit.record("role_models.allow_again", story, by=by, at=now)
    letters.allowed_again(story, now)
    return story


# --- the second pair of eyes ----------------------------------------------------------------------
@transaction.atomic
def publish_story(*, story, by, now, seen_review=None):
    """Publish the version she has agreed to, or a correction that changes no meaning; the one before is put aside.

    The photos she agreed to go with it, but for those `by` put up. `seen_review` is the mark (role_models.seen) of what
    `by` was shown. Raises Refused for who wrote in it and for her, Conflict without her word or where something else
    stands there by now. Returns the Story.
    """
    if error := rules.why_not_look_after(story, by, "role_models.publish_story"):
        raise error
    story = locked(story)
    version, before = story.working, story.published
    if error := rules.why_not_publish(story, version, by) or rules.why_not_seen(
        seen_review, seen.review(story, version)
    ):
        raise error
    if before is not None:
        before.state = VersionState.REPLACED
        before.save(update_fields=["state"])
    version.state, version.published_at = VersionState.PUBLISHED, now
    version.published_by = by
    version.save(update_fields=["state", "published_at", "published_by"])
    for photo in story.photos.filter(agreed_at__isnull=False, approved_at=None):
        if rules.why_not_approve(photo, by) is None:
            _approve(photo, by, now)
    story.published_at = story.published_at or now
    story.save(update_fields=["published_at"])
    shown_anew(story)
    audit.record("role_models.publish_story", story, by=by, at=now, version=version.number)
    letters.published(story, version, now)
    return story


@transaction.atomic
def bring_back(*, story, by, now):
    """Publish the version before the present one again: she had agreed to it. Undoes a publication.

    Raises Refused for who wrote in it, Conflict where there is none before. Returns the Story.
    """
    if error := rules.why_not_look_after(story, by, "role_models.publish_story"):
        raise error
    story = locked(story)
    present, before = story.published, story.earlier
    if error := rules.why_not_bring_back(story, before, by):
        raise error
    present.state = VersionState.REPLACED
    present.save(update_fields=["state"])
    before.state, before.published_at = VersionState.PUBLISHED, now
    before.published_by = by
    before.save(update_fields=["state", "published_at", "published_by"])
    shown_anew(story)
    audit.record("role_models.bring_back", story, by=by, at=now, version=before.number)
    letters.published(story, before, now)
    return story


@transaction.atomic
def hide_story(*, story, reason, by, now):
    """Take a published story off, with a reason; she is told. Undone by show_story. Raises Refused, Conflict, Invalid."""
    if error := rules.why_not_look_after(story, by, "role_models.publish_story"):
        raise error
    story = locked(story)
    if story.hidden_at:
        return story
    if error := rules.why_not_hide(story):
        raise error
    story.hidden_reason = reasons.clean(reason, _("请写明下架的理由，至少四个字。"))
    story.hidden_at = now
    story.save(update_fields=["hidden_at", "hidden_reason"])
    shown_anew(story)
    audit.record("role_models.hide_story", story, by=by, at=now, reason=story.hidden_reason)
    letters.hidden(story, now)
    return story


@transaction.atomic
def show_story(*, story, by, now):
    """Show a story again that staff had taken off; she is told. Twice does nothing twice. Raises Refused.

    Returns the Story.
    """
    if error := rules.why_not_look_after(story, by, "role_models.publish_story"):
        raise error
    story = locked(story)
    if not story.hidden_at:
        return story
    story.hidden_at, story.hidden_reason = None, ""
    story.save(update_fields=["hidden_at", "hidden_reason"])
    shown_anew(story)
    audit.record("role_models.show_story", story, by=by, at=now)
    letters.shown_again(story, now)
    return story


def _approve(photo, by, now):
    photo.approved_at, photo.approved_by = now, by
    photo.save(update_fields=["approved_at", "approved_by"])
    audit.record("role_models.approve_photo", photo.story, by=by, at=now, photo=photo.pk)
