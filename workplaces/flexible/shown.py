"""Offers as people read them: how many posts, what pay, for whom, and what each change was in a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.words import clauses, labelled, record_day_text
from workplaces.changes import sentences, who
from workplaces.flexible.models import FlexibleOffer, Pay


def heading(offer):
    """Return kind and posts in one line."""
    return labelled(offer.get_kind_display(), offer.posts)


def posts_words(offer):
    """Say how many posts there are."""
    if offer.how_many is None:
        return _("谁申请都可以")
    return ngettext("%(n)s 个岗位", "%(n)s 个岗位", offer.how_many) % {"n": offer.how_many}


def age_words(offer):
    """Say whether a child's age matters."""
    if offer.age_until is None:
        return _("与子女无关，人人可以申请")
    return ngettext(
        "有 %(n)s 周岁以下子女的可以申请", "有 %(n)s 周岁以下子女的可以申请", offer.age_until
    ) % {"n": offer.age_until}


def field_words(offer):
    """Say which discipline it is for."""
    return offer.get_discipline_display() if offer.discipline else _("不限学科")


def pay_words(offer):
    """Say what becomes of the pay; another one is said by its words alone."""
    kind = "" if offer.pay == Pay.OTHER else offer.get_pay_display()
    return clauses(filter(None, (kind, offer.pay_words)))


def history(offer, most=50):
    """Return the latest changes of an offer, each with its sentences and who did it."""
    rows = offer.changes.select_related("by").order_by("-pk")[:most]
    return [(row, lines(row), who(row.by)) for row in rows]


def lines(change):
    """Say in sentences what a change was."""
    return sentences(change, FlexibleOffer) or [_("登记了这一条。")]


def state_words(offer, day):
    """Say where an offer stands: withdrawn, over, found, not re-checked, not found any more."""
    if offer.withdrawn_at:
        return _("已撤下")
    if offer.has_ended(day):
        return _("已过结束日，查不到了")
    if offer.is_confirmed(day):
        return _("%(on)s前请再确认") % {"on": record_day_text(offer.due_on)}
    if offer.listed_until > day:
        on = record_day_text(offer.listed_until)
        return _("页面上写着“未复核”，%(on)s起查不到") % {"on": on}
    return _("一年多没有确认，查不到了")


def of_unit(unit, day):
    """Return the offers of a unit that are found, as a part of its page: (title, [(name, address, words)]); None of none."""
    rows = FlexibleOffer.objects.listed(day).filter(unit=unit).order_by("pk")
    lines = [(heading(row), row.get_absolute_url(), age_words(row)) for row in rows]
    return (pgettext("many", "弹性工作"), lines) if lines else None
