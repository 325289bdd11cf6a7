"""What may be done with a story, and why not: each rule returns None or the DomainError it raises."""

import difflib
import re

from django.utils.translation import gettext as _

from honours.models import Award
from kernel import markdown
from kernel.errors import Conflict, Invalid, Refused
from kernel.rights import may
from role_models.models import MOST_BODY, WORDS, Story, VersionState
from talents.models import Talent

MOST_MINOR = 20  # characters a correction without her may change
FEWEST_BODY = 50
MOST_PHOTOS = 8
MOST_HTML = 400_000
PLACES = ("全国", "重庆市", "两江新区")
NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十百千万亿]+")


# --- who ------------------------------------------------------------------------------------------
def why_not_look_after(story, by, permission):
    """Say why `by` may not: the right, and her own department's story."""
    if by is None:
        return None
    if not by.has_perm(permission):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if not Story.objects.visible_to(by).filter(pk=story.pk).exists():
        return Refused("not_yours", _("这个故事由其他部门负责。"))
    return None


def why_not_hers(story, by):
    """Say why `by` may not answer for the woman the story is about: she alone does."""
    if by is None or story.talent.user_id == by.pk:
        return None
    return Refused("not_yours", _("只有故事的主人公本人可以决定。"))


def why_not_about(talent, by):
    """Say why no story can be begun about a woman (a Talent)."""
    if not may(by, "role_models.add_story"):
        return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))
    if by is not None and not Talent.objects.visible_to(by).filter(pk=talent.pk).exists():
        return Refused("not_yours", _("这位女性科技人才由其他部门负责。"))
    if not talent.is_verified:
        return Conflict("not_verified", _("她的资料审核通过后，才能写她的故事。"), field="talent")
    if talent.user_id is None:
        sentence = _("她还没有账号，不能自己看稿、同意。请先请她注册并认领档案。")
        return Conflict("no_account", sentence, field="talent")
    return None


def why_not_award(story, award):
    """Say why a story cannot tell of an honour (an Award or None): it is not hers, or it is revoked."""
    if award is None:
        return None
    if award.talent_id != story.talent_id:
        return Invalid("other_award", _("这项荣誉不是她的。"), field="award")
    if not award.stands:
        return Invalid("award_revoked", _("这项荣誉已撤销，不能选。"), field="award")
    return None


def why_not_without_award(story, version):
    """Say that the words name an honour of hers while the story is filed under none: revoked, it would stay on the page."""
    if story.award_id:
        return None
    text = "\n".join((version.title, version.lead, version.body))
    for award in Award.objects.standing().filter(talent=story.talent_id).select_related("honour"):
        if _bare(award.honour.name) in text:
            sentence = _(
                "文中写到她的荣誉“%(name)s”，请在“讲的是哪项荣誉”里选上它：荣誉被撤销时，故事才会自动撤下。"
            )
            return Invalid("award_missing", sentence % {"name": award.honour.name}, field="award")
    return None


def _bare(name):
    """Return the name of an honour without the place in front of it, which a text leaves out."""
    return next((name.removeprefix(place) for place in PLACES if name.startswith(place)), name)


# --- words ----------------------------------------------------------------------------------------
def why_not_words(version):
    """Say what a version lacks before she can be asked about it."""
    for name in ("title", "lead", "shown_name"):
        if not getattr(version, name).strip():
            return Invalid(f"{name}_missing", _("标题、导语和署名都要填写。"), field=name)
    if len(version.body.strip()) < FEWEST_BODY:
        sentence = _("正文至少 %(n)s 个字。") % {"n": FEWEST_BODY}
        return Invalid("body_short", sentence, field="body")
    return why_not_keep(version)


def why_not_keep(version):
    """Say why the words of a version are not kept: half of it is English, or a body is too long as it is shown."""
    if bool(version.title_en) != bool(version.body_en):
        sentence = _("英文要么都不填，要么标题和正文都填。")
        return Invalid("english_half", sentence, field="title_en")
    for name, most in (("body", MOST_BODY), ("body_en", 2 * MOST_BODY)):
        text = getattr(version, name)
        if len(text) > most or len(markdown.html(text)) > MOST_HTML:
            return Invalid("body_long", _("正文太长，请精简或分成几篇。"), field=name)
    return None


def why_not_minor(before, after):
    """Say why a correction is more than one: at most MOST_MINOR characters, no number, neither name nor post.

    What changes a meaning no machine can tell; that few characters without a number are changed it can, and the second
    pair of eyes confirms the rest.
    """
    changed = sum(_distance(getattr(before, name), getattr(after, name)) for name in WORDS)
    if changed > MOST_MINOR:
        sentence = _("改动了约 %(n)s 个字，超过 %(most)s 个字，要请本人重新同意。")
        return Conflict("not_minor", sentence % {"n": changed, "most": MOST_MINOR})
    fixed = ("shown_name", "shown_post", "shown_post_en")
    if any(getattr(before, name) != getattr(after, name) for name in fixed):
        return Conflict("not_minor", _("署名或身份有改动，要请本人重新同意。"))
    if any(
        NUMBER.findall(getattr(before, name)) != NUMBER.findall(getattr(after, name))
        for name in WORDS
    ):
        return Conflict("not_minor", _("数字有改动，要请本人重新同意。"))
    return None


def _distance(before, after):
    """Return about how many characters differ."""
    if before == after:
        return 0
    if abs(len(before) - len(after)) > MOST_MINOR:
        return abs(len(before) - len(after))
    parts = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in parts if tag != "equal")


# --- the way of a version -------------------------------------------------------------------------
def why_not_in(version, *states):
    """Say that there is no version in one of these states: somebody was quicker, or it is not its turn."""
    if version is not None and version.state in states:
        return None
    return Conflict("moved_on", _("这一步现在不能做：稿件状态已经变化，请刷新页面再看。"))


def why_not_ask(story, version):
    """Say why she cannot be asked about a version."""
    if story.withdrawn_at:
        sentence = _("本人已撤回这个故事。她在自己的页面上重新允许后，才能再请她看稿。")
        return Conflict("withdrawn", sentence)
    if story.talent.user_id is None:
        return Conflict("no_account", _("她现在没有账号，不能自己看稿、同意。"))
    return (
        why_not_in(version, VersionState.DRAFT)
        or why_not_words(version)
        or why_not_without_award(story, version)
    )


def why_not_second(story, version, by):
    """Say why `by` is not the second pair of eyes: a person, who has not written in it and whom it is not about."""
    if by is None:
        return Refused("nobody", _("审核发布要由一位同事来做。"))
    if version is not None and by.pk in version.editors:
        return Refused("own_words", _("写稿的人不能审核自己写的稿，请另一位同事审核发布。"))
    if story.talent.user_id == by.pk:
        return Refused("own_story", _("不能审核发布自己的故事，请另一位同事来做。"))
    return None


def why_not_publish(story, version, by):
    """Say why `by` may not publish a version: agreed to by her, and written by somebody else."""
    if error := why_not_second(story, version, by):
        return error
    if story.withdrawn_at:
        return Conflict("withdrawn", _("本人已撤回这个故事，不能发布。"))
    if story.lost_honour:
        sentence = _("故事讲的荣誉已撤销，不能发布。请改稿并改选荣誉，或等荣誉恢复。")
        return Conflict("award_revoked", sentence)
    if version is not None and version.state == VersionState.DRAFT and version.is_minor:
        before = story.published
        return why_not_in(before, VersionState.PUBLISHED) or (
            why_not_words(version) or why_not_minor(before, version)
        )
    if version is None or version.state != VersionState.AGREED:
        return Conflict("not_agreed", _("要等本人看过并同意这一版，才能发布。"))
    return None


def why_not_bring_back(story, before, by):
    """Say why the version before the present one cannot be published again: there is none, or `by` wrote in it."""
    if before is None or story.published is None:
        return Conflict("none_before", _("之前没有发布过别的版本。"))
    return why_not_second(story, before, by)


def why_not_seen(seen, mark):
    """Say that what `by` had before her (its mark; None: she was shown no page) is not what stands now."""
    if seen is None or seen == mark:
        return None
    sentence = _("稿件或照片在您打开之后改过了，请看过现在的再决定。")
    return Conflict("changed", sentence)


def why_not_hide(story):
    """Say why there is nothing to take off."""
    if not story.published_at:
        return Conflict("not_published", _("这个故事还没有发布。"))
    return None


def why_not_answer(story, version):
    """Say why she cannot answer: she was asked about exactly this version, and it is still the one."""
    if story.withdrawn_at:
        return Conflict("withdrawn", _("您已撤回这个故事。先重新允许展示，再看稿、选照片。"))
    if version is not None and version.state == VersionState.ASKED:
        return None
    sentence = _("稿件在您打开之后改过了，请看过新的版本再决定。")
    return Conflict("changed", sentence)


def why_not_see(story, user):
    """Say why `user` may not read what is not public of a story: she herself may, and who looks after it."""
    if user.is_authenticated and story.talent.user_id == user.pk:
        return None
    return why_not_look_after(story, user, "role_models.view_story")


# --- photos ---------------------------------------------------------------------------------------
def why_not_more_photos(story):
    """Say that a story has as many photos as it may have."""
    if story.photos.count() < MOST_PHOTOS:
        return None
    sentence = _("一个故事最多 %(n)s 张照片，请先删去一张。") % {"n": MOST_PHOTOS}
    return Conflict("too_many_photos", sentence, field="sent")


def why_not_approve(photo, by):
    """Say why `by` may not show a photo: agreed to by her, put up and described by somebody else."""
    if by is None or photo.edited_by_id == by.pk:
        return Refused("own_words", _("照片由另一位同事审核：上传或写说明的人不能自己审核。"))
    if not photo.agreed_at:
        return Conflict("not_agreed", _("本人还没有同意展示这张照片。"))
    return None


def why_not_see_photo(photo, user):
    """Say why `user` may not see a photo: shown with a shown story, else hers and for who looks after it."""
    if photo.is_shown and photo.story.is_shown:
        return None
    return why_not_see(photo.story, user)
