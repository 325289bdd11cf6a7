"""What may be written of terms, posts and who holds them, and why not: pages ask, operations raise."""

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from kernel.days import DAY
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import record_day_text
from networks.members.models import Membership
from networks.posts.models import EndReason, Holding, Outside, Post, Rung, Term

LONGEST_EXTENSION = relativedelta(years=1)
ENDED_BY_STAFF = (EndReason.RESIGNED, EndReason.REMOVED, EndReason.VOID)


# --- terms -----------------------------------------------------------------------------------------
def planned_end(starts_on, years):
    """Return the last day of a term of so many years."""
    return starts_on + relativedelta(years=years) - DAY


def why_not_term(association, number, years, starts_on):
    """Say why a term cannot begin on a day: its length, its number, or another term that runs then."""
    if years not in (4, 5):
        return Invalid("term_years", _("每届任期按章程是四年或五年。"), field="years")
    if number < 1:
        return Invalid("term_number", _("请填写第几届。"), field="number")
    if starts_on < association.founded_on:
        sentence = _("任期不能从协会成立以前开始。")
        return Invalid("term_before_founding", sentence, field="starts_on")
    if association.terms.filter(number=number).exists():
        return Conflict("term_twice", _("这一届已经登记。"), field="number")
    ends_on = planned_end(starts_on, years)
    other = association.terms.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    return other and _overlaps(other)


def _overlaps(other):
    sentence = _("与%(term)s的任期（%(first)s到%(last)s）重叠。")
    said = {
        "term": other.words,
        "first": record_day_text(other.starts_on),
        "last": record_day_text(other.ends_on),
    }
    return Invalid("terms_overlap", sentence % said, field="starts_on")


def why_not_extend(term, until=None, document=None):
    """Say why a term cannot be extended: once, by a document, by a year at most. `until` None asks whether at all."""
    if term.is_extended:
        sentence = _("这一届已经延期过一次（到%(day)s），不能再延，请尽快换届。")
        return Conflict("extended_before", sentence % {"day": record_day_text(term.ends_on)})
    if term.ends_on < term.planned_ends_on:
        return Conflict("term_cut_short", _("这一届已提前换届，不用延期。"))
    later = Term.objects.filter(association=term.association_id, starts_on__gt=term.starts_on)
    if later.exists():
        return Conflict("term_followed", _("已有下一届，不能再延期。"))
    if until is None:
        return None
    latest = term.planned_ends_on + LONGEST_EXTENSION
    if not term.planned_ends_on < until <= latest:
        sentence = _("延期须晚于届满日期，最长一年，最晚到%(day)s。") % {
            "day": record_day_text(latest)
        }
        return Invalid("extension_long", sentence, field="until")
    if not (document or "").strip():
        sentence = _("请填写同意延期的文件名称和文号。")
        return Invalid("document_missing", sentence, field="document")
    return None


def why_not_take_back_extension(term):
    """Say why an extension cannot be taken back."""
    if not term.is_extended:
        return Conflict("not_extended", _("这一届没有登记过延期。"))
    later = Term.objects.filter(association=term.association_id, starts_on__gt=term.starts_on)
    if later.exists():
        return Conflict("term_followed", _("已有下一届，不能再改。"))
    return None


def why_not_document(document):
    """Say that no document is named."""
    if (document or "").strip():
        return None
    return Invalid("document_missing", _("请填写依据：文件的名称和文号。"), field="document")


# --- posts -----------------------------------------------------------------------------------------
def why_not_post(post):
    """Say what is wrong with a post as it is to be saved."""
    if not post.title.strip():
        return Invalid("title_missing", _("请填写职务名称。"), field="title")
    if post.rung not in Rung.values or post.rung == Rung.MEMBER:
        return Invalid("rung_missing", _("请选择层级。"), field="rung")
    if post.seats < 1:
        return Invalid("seats_missing", _("人数至少是 1。"), field="seats")
    twice = Post.objects.standing().filter(association=post.association, title=post.title)
    if twice.exclude(pk=post.pk).exists():
        return Conflict("post_twice", _("已有同名的职务，请改那一条。"), field="title")
    return _why_not_seats(post)


def _why_not_seats(post):
    if not post.pk:
        return None
    held = list(Holding.objects.real().filter(post=post))
    most = max((_at_once(held, one.first_day) for one in held), default=0)
    if most <= post.seats:
        return None
    sentence = _("已有 %(most)s 人同时任职，人数不能少于它。") % {"most": most}
    return Conflict("seats_held", sentence, field="seats")


def why_not_post_standing(post):
    """Say that a post was abolished."""
    if post.ended_at is None:
        return None
    return Conflict("post_ended", _("这个职务已经取消，请先恢复。"))


def why_not_end_post(post, day):
    """Say why a post cannot be abolished: somebody holds it, or will."""
    if post.ended_at is not None:
        return Conflict("post_ended", _("这个职务已经取消。"))
    if Holding.objects.real().filter(post=post, last_day__gte=day).exists():
        return Conflict("post_held", _("还有人任职，任职结束后才能取消。"))
    return None


def why_not_restore_post(post):
    """Say why an abolished post does not come back: it stands, or another has its name."""
    if post.ended_at is None:
        return Conflict("post_stands", _("这个职务没有取消。"))
    return why_not_post(post)


# --- who holds them --------------------------------------------------------------------------------
def _at_once(holdings, day):
    return sum(one.first_day <= day <= one.last_day for one in holdings)


def why_not_person(talent, outside):
    """Say that nobody is named, or two at once."""
    if (talent is None) == (outside in Outside.values):
        return None
    sentence = _("请填写人才编号；库外的人只选“库外（女）”或“库外（男）”，不写姓名。")
    return Invalid("holder_missing", sentence, field="talent_code")


def why_not_term_on(term):
    """Say that no term (None) runs on the day somebody is to begin."""
    if term is not None:
        return None
    sentence = _("这一天没有在任的届次，请先登记届次或换届。")
    return Invalid("no_term", sentence, field="first_day")


def why_not_member(association, talent, day):
    """Say that a woman is no member on a day: only members hold posts. None for somebody outside the database."""
    if talent is None:
        return None
    if Membership.objects.in_force(day).filter(association=association, talent=talent).exists():
        return None
    return Conflict("not_member", _("她那天不是会员；入会或续期以后才能任职。"))


def why_not_hold(post, talent, first_day, last_day, besides=None):
    """Say why somebody (None: outside the database) cannot hold a post from a day to a day.

    `besides` is a Holding that does not count. What the database refuses too: one holder of a single seat, nobody twice
    on a rung. Asked under the association's lock, after `operations.settle`.
    """
    others = Holding.objects.real().filter(last_day__gte=first_day, first_day__lte=last_day)
    others = others.exclude(pk=besides and besides.pk).select_related("post")
    if talent is not None:
        hers = others.filter(association=post.association_id, rung=post.rung, talent=talent)
        if twice := hers.first():
            sentence = _("她在同一层级已任“%(post)s”到%(day)s，不能兼任。")
            said = {"post": twice.post.label, "day": record_day_text(twice.last_day)}
            return Conflict("rung_twice", sentence % said, field="talent_code")
    held = list(others.filter(post=post))
    days = {first_day, *(one.first_day for one in held if one.first_day >= first_day)}
    if all(_at_once(held, day) < post.seats for day in days):
        return None
    if post.seats == 1:
        sentence = _("“%(post)s”已有人任职到%(day)s，一个席位同时只能有一人。")
        said = {"post": post.label, "day": record_day_text(max(one.last_day for one in held))}
        return Conflict("post_taken", sentence % said)
    sentence = _("“%(post)s”的 %(seats)s 个席位已满。")
    return Conflict("post_full", sentence % {"post": post.label, "seats": post.seats})


def why_not_hers(holding, by):
    """Say why `by` does not act as who holds a post."""
    if by is None or (holding.talent_id and holding.talent.user_id == by.pk):
        return None
    return Refused("not_yours", _("只有任职的本人可以办理。"))


def why_not_end(holding):
    """Say that a holding has ended already, before its time."""
    if not holding.end_reason:
        return None
    return Conflict("holding_ended", _("这项任职已经登记结束。"))


def why_not_reason(reason):
    """Say that a reason is none that staff note."""
    if reason in ENDED_BY_STAFF:
        return None
    return Invalid("reason_unknown", _("请选择结束的原因。"), field="reason")


def why_not_last_day(holding, last_day):
    """Say why a day cannot be the last of a holding; the day before its first says it never was."""
    if holding.first_day - DAY <= last_day <= holding.last_day:
        return None
    sentence = _("最后一天应在任职期间：%(first)s到%(last)s。")
    said = {"first": record_day_text(holding.first_day), "last": record_day_text(holding.last_day)}
    return Invalid("last_day_outside", sentence % said, field="last_day")


def why_not_resign(holding, last_day, today):
    """Say why she does not resign by a day: it has ended, or the day is over."""
    if error := why_not_end(holding):
        return error
    if holding.last_day < today:
        return Conflict("holding_over", _("任职已经到期，不用辞职。"))
    if last_day < max(today, holding.first_day):
        sentence = _("最后一天不能早于今天。")
        return Invalid("last_day_past", sentence, field="last_day")
    return why_not_last_day(holding, last_day)


def why_not_restore(holding, by, today):
    """Say why an ending cannot be taken back: she takes back her own resignation until its day, staff any they noted."""
    if not holding.end_reason:
        return Conflict("holding_stands", _("这项任职没有登记过提前结束。"))
    if holding.end_reason not in ENDED_BY_STAFF:
        return Conflict("ended_by_rule", _("因换届或会籍结束的任职不能恢复，请重新登记任职。"))
    hers = by is not None and holding.talent_id and holding.talent.user_id == by.pk
    if hers and (holding.end_reason != EndReason.RESIGNED or holding.last_day < today):
        return Conflict("resigned_already", _("辞职已经生效，恢复请与联系部门商量。"))
    return None


def membership_end(association, talent, before):
    """Return the last day before a day on which a woman was a member, None where she was none."""
    ends = [
        min(row.valid_until, (row.left_on or row.valid_until + DAY) - DAY)
        for row in Membership.objects.filter(
            association=association, talent=talent, joined_on__lt=before
        )
    ]
    return max((end for end in ends if end < before), default=None)
