"""How the author of a post is shown: by her real name, her unit as her public page lets; staff as staff."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from talents.public.models import Shown


@dataclass(frozen=True)
class Author:
    """What stands above a post: a name, the unit or "", whether she writes as staff, whether there is a person."""

    name: str
    unit: str = ""
    is_staff: bool = False
    is_known: bool = True


def of(user, *, as_staff=False):
    """Return the Author of what a User (None: erased) wrote; who left the database is not named any more."""
    if user is None:
        return Author(_("已注销用户"), is_known=False)
    if as_staff:
        return Author(user.get_full_name(), str(user.department or ""), is_staff=True)
    talent = getattr(user, "talent", None)
    if talent is None or not talent.is_verified:
        return Author(_("已退出的用户"), is_known=False)
    return Author(talent.full_name, _unit(talent))


def _unit(talent):
    page = getattr(talent, "public_page", None)
    return talent.unit_name if page and page.is_on and Shown.UNIT in page.shown else ""
