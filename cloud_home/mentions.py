"""Members named in a post: chosen beside it, or written as @王小敏 where one member alone is called so."""

import re

from django.db.models import Sum
from django.utils.translation import ngettext

from cloud_home import rules
from cloud_home.models import Membership, Post
from kernel.errors import Conflict, Invalid
from kernel.text import HAN

WRITTEN = re.compile(f"@([{HAN}·]{{2,12}})")
SHORTEST_NAME = 2
CHOICES = 8


def members(circle, *, but):
    """Return the memberships of a circle whose women may be named by the User `but`, by name."""
    active = Membership.objects.filter(
        circle=circle, user__talent__state="verified", user__talent__moved_away_on=None
    )
    return (
        active.exclude(user=but)
        .select_related("user__talent__unit", "user__talent__public_page")
        .order_by("user__talent__pinyin_name", "pk")
    )


def found(circle, typed, *, but):
    """Return up to CHOICES memberships whose name holds what was typed, nothing for a blank."""
    typed = " ".join((typed or "").replace("\0", "").split())[:20].lstrip("@")
    if not typed:
        return []
    return list(members(circle, but=but).filter(user__full_name__icontains=typed)[:CHOICES])


def of(circle, body, chosen, *, author):
    """Return the Users a post names: `chosen` (keys of memberships) and those written with @.

    Raises Invalid for more than five.
    """
    pool = members(circle, but=author)
    named = {m.user_id: m.user for m in pool.filter(pk__in=chosen)}
    named |= {user.pk: user for user in _written(pool, body)}
    if len(named) > rules.MOST_MENTIONS:
        most = rules.MOST_MENTIONS
        sentence = ngettext("一次最多提到 %(n)s 人。", "一次最多提到 %(n)s 人。", most)
        raise Invalid("too_many_mentions", sentence % {"n": most}, field="mentions")
    return list(named.values())


def _written(pool, body):
    """Return the Users written with @ in a text: at each the longest name there is, where one member alone has it."""
    written = WRITTEN.findall(body)[: 2 * rules.MOST_MENTIONS]
    beginnings = {word[:n] for word in written for n in range(SHORTEST_NAME, len(word) + 1)}
    if not beginnings:
        return []
    called = {}
    for membership in pool.filter(user__full_name__in=beginnings):
        called.setdefault(membership.user.full_name, []).append(membership.user)
    longest = [
        max((name for name in called if word.startswith(name)), key=len, default=None)
        for word in written
    ]
    # Two of one name: she has to choose.
    return [called[name][0] for name in longest if name and len(called[name]) == 1]


def why_not_more(user, count, at):
    """Say that `user` has named as many people as one person may in a day."""
    length, most = rules.MENTIONS
    posts = Post.objects.filter(author=user, written_at__gt=at - length)
    before = posts.aggregate(n=Sum("named", default=0))["n"]
    if count == 0 or before + count <= most:
        return None
    sentence = ngettext(
        "一天最多提到 %(n)s 人次，今天已到上限；去掉提到的人就可以发表。",
        "一天最多提到 %(n)s 人次，今天已到上限；去掉提到的人就可以发表。",
        most,
    )
    return Conflict("too_many_mentions", sentence % {"n": most}, field="mentions")
