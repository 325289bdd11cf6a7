"""Who puts materials to an event, and who reads which."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.rules.rights import why_not_manage
from kernel.errors import Conflict, Invalid, Refused
from talents.operations.records import own_record

MOST_MATERIALS = 40
NEWS_FOR = timedelta(days=90)  # after the event's end: so long those who came are told of new ones
# events.models.Audience: the models import these rules.
SEATED, CAME = "seated", "came"


@dataclass(frozen=True)
class Reader:
    """What decides which materials of an event somebody reads: runs it, may know of it, has a seat, came."""

    runs: bool = False
    knows: bool = False
    has_seat: bool = False
    came: bool = False


def reader_of(event, user):
    """Return the Reader `user` is of an event: no query for a stranger at a public one, two at most."""
    if user is None or (user.is_authenticated and event.is_managed_by(user)):
        return Reader(runs=True)
    talent = own_record(user)
    if not _knows(event, user, talent):
        return Reader()
    booking = talent and event.bookings.active().filter(talent=talent).first()
    return Reader(
        knows=True,
        has_seat=bool(booking and booking.is_seated),
        came=bool(booking and booking.state == "attended"),
    )


def _knows(event, user, talent):
    if not event.is_published and event.published_at is None:
        return False
    if event.is_public:
        return True
    return type(event).objects.seen_by(user, talent).filter(pk=event.pk).exists()


def why_not_read_material(material, user, at):
    """Say why `user` may not read a material at this moment; whoever may not know of its event is told nothing of it."""
    return why_not_read(material, reader_of(material.event, user), at)


def why_not_read(material, reader, at):
    """Say the same of a Reader: for all materials of an event she is asked about once."""
    event = material.event
    if reader.runs:
        return None
    if not reader.knows:
        return Refused("not_there", _("没有找到这份资料。"))
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，不再提供资料。"))
    if material.is_withdrawn:
        return Conflict("material_withdrawn", _("主办方已撤下这份资料。需要的话，请与主办方联系。"))
    if material.audience == SEATED and not reader.has_seat:
        return Refused("no_seat", _("报名成功的人可以看，请用报名的账号登录。"))
    if material.audience == CAME and not reader.came:
        return _not_there_yet(event, at)
    return None


def _not_there_yet(event, at):
    if event.is_over(at):
        return Refused("did_not_come", _("到场的人可以看，请用签到的账号登录。"))
    return Refused("not_yet", _("到场签到以后可以看。"))


def why_not_keep_materials(event, by):
    """Say why `by` may not put materials to an event or change them: staff of the owning department do."""
    if error := why_not_manage(event, by, "events.change_event"):
        return error
    if event.is_cancelled:
        return Conflict("event_cancelled", _("活动已取消，资料不能再修改。"))
    return None


def why_not_more_materials(event, count):
    """Say that an event has as many materials as it may have, with `count` more."""
    if event.materials.count() + count <= MOST_MATERIALS:
        return None
    sentence = ngettext(
        "一场活动最多 %(n)s 份资料，请先整理已有的。",
        "一场活动最多 %(n)s 份资料，请先整理已有的。",
        MOST_MATERIALS,
    )
    return Conflict("too_many_materials", sentence % {"n": MOST_MATERIALS}, field="sent")


def why_not_material_link(link):
    """Say why a link is no material: it has to be a whole https address."""
    return None if link.startswith("https://") else _wrong_link()


def _wrong_link():
    return Invalid("link_wrong", _("请填写以 https:// 开头的完整链接。"), field="link")


def why_not_replace(material):
    """Say why a material's file cannot be replaced: a link has none."""
    if material.link:
        return Conflict("is_link", _("这是一个链接，请用“修改”更换地址。"))
    return None


def why_not_restore(version):
    """Say why a version cannot be put back: it is the one that is shown."""
    if version.replaced_at is None:
        return Conflict("is_shown", _("现在用的就是这个版本。"))
    return None
