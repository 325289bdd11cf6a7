"""She chooses what is shown, publishes it, takes it back. Each is hers alone."""

import re

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kernel import ids
from kernel.errors import Conflict, Invalid
from privacy import audit, consents
from privacy.models import Consent
from talents.operations.records import lock_own, why_not_hers
from talents.public.models import PUBLIC_PAGE, PublicPage, Shown

NAME_LOCK = 0x6E616D65


def page_of(talent):
    """Return her page, an unsaved empty one where there is none yet."""
    found = PublicPage.objects.filter(talent=talent).first()
    return found or PublicPage(talent=talent)


def why_not_publish(talent):
    """Return why a record cannot have a public page (DomainError), or None: a clerk has to have checked it."""
    if talent is None or not talent.is_verified:
        return Conflict("not_verified", _("档案审核通过、进入人才库后才能公开主页。"))
    return None


def why_not_shown(talent, day):
    """Return why her page is not shown on a date though it is switched on (DomainError), or None.

    Who is not to be consulted is not to be met by strangers either; it comes back by itself with her.
    """
    if error := why_not_publish(talent):
        return error
    if talent.moved_away_on:
        return Conflict("moved_away", _("您已登记离开两江新区，主页暂不显示；回来以后自动恢复。"))
    if talent.is_paused(day):
        return Conflict("paused", _("您已暂停咨询推荐，主页暂不显示；恢复以后自动显示。"))
    return None


@transaction.atomic
def save_page(*, user, shown, readable, may_be_indexed, by, now):
    """Keep what she wants shown (codes of Shown); a page that is public shows it at once. Returns the PublicPage.

    `readable` asks for her name in pinyin as the address, which is only hers to say where the name is shown.
    Raises Refused unless `by` is she herself, what `why_not_publish` returns, Invalid("unknown_field",
    "name_not_shown").
    """
    talent = _lock(user, by)
    if unknown := set(shown) - set(Shown.values):
        raise Invalid("unknown_field", f"{sorted(unknown)}", field="shown")
    if readable and Shown.NAME not in shown:
        sentence = _("好记的网址由姓名拼音组成，请先选择公开姓名。")
        raise Invalid("name_not_shown", sentence, field="readable")
    page = page_of(talent)
    page.shown = [value for value in Shown.values if value in shown]
    page.name = (page.name or _free_name(talent)) if readable else None
    page.may_be_indexed, page.changed_at = may_be_indexed, now
    page.save()
    audit.record("talents.save_public_page", page, by=by, at=now, shown=page.shown)
    return page


def _lock(user, by):
    if error := why_not_hers(user.pk, by):
        raise error
    talent = lock_own(user)
    if error := why_not_publish(talent):
        raise error
    return talent


def _free_name(talent):
    """Return her name in pinyin as an address nobody has; another of the same sound gets a number.

    One at a time: two of a sound who ask at once get two numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAME_LOCK])
    words = re.sub("[^a-z]+", "-", talent.pinyin_name.lower()).strip("-")[:50] or "p"
    taken = set(PublicPage.objects.filter(name__startswith=words).values_list("name", flat=True))
    return next(
        name for n in range(1, len(taken) + 2) if (name := _numbered(words, n)) not in taken
    )


def _numbered(words, number):
    return words if number == 1 else f"{words}-{number}"


@transaction.atomic
def publish_page(*, user, by, now):
    """Show her page to everybody; she agrees to it with that. Returns the PublicPage.

    Raises what `save_page` raises, Invalid("nothing_shown").
    """
    page = page_of(_lock(user, by))
    if not page.shown:
        raise Invalid("nothing_shown", _("请先选择要公开的内容。"), field="shown")
    consents.grant(user=user, purpose=PUBLIC_PAGE, by=by, now=now, source="profile")
    if not page.is_on:
        _switch(page, True, "talents.publish_page", by, now)
    return page


@transaction.atomic
def take_page_back(*, user, by, now):
    """Take her page off at once; twice changes nothing. Returns it. Raises Refused unless `by` is she herself."""
    if error := why_not_hers(user.pk, by):
        raise error
    consents.withdraw(user=user, purpose=PUBLIC_PAGE, by=by, now=now, source="profile")
    return page_of(user.talent)


def on_consent(*, user, granted, by, now):
    """Take the page off when she withdraws, wherever she does so; its next random address is another one."""
    page = PublicPage.objects.filter(talent__user=user, is_on=True).first()
    if page and not granted:
        page.code = ids.code()
        _switch(page, False, "talents.take_page_back", by, now)


def _switch(page, is_on, verb, by, now):
    page.is_on, page.changed_at = is_on, now
    page.save(update_fields=["is_on", "code", "changed_at"])
    audit.record(verb, page, by=by, at=now)


def agreed(user):
    """Tell whether her newest answer agrees to a public page."""
    return Consent.objects.granted_by(user, PUBLIC_PAGE)
