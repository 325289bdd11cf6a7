"""Offers and needs that fit: found for one profile in one statement, told to both sides once, each with why.

A keyword of one that stands in the other's text joins them, or the same field with a keyword in common; the form of
cooperation has to be one both would take, and the offer at least as ready as the need asks.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.transfer import letters, profiles
from entrepreneurship.transfer import profiles_rules as rules
from entrepreneurship.transfer.models import (
    TransferForm,
    TransferKind,
    TransferMatch,
    TransferProfile,
)
from kernel import bigrams, rights
from kernel.errors import Refused
from kernel.text import fold
from privacy import audit

EVERY = timedelta(days=7)
MOST = 10  # of one profile at a time: more nobody reads
# Candidates are found by the bigrams of a keyword (an index) or by the field (an index); the rest is looked at in each.
FIND = """
    SELECT other.id, other.field = %(field)s AS same_field, shared.words,
           ARRAY(SELECT unnest(other.forms) INTERSECT SELECT unnest(%(forms)s::varchar[]) ORDER BY 1),
           other.readiness, 3 * cardinality(shared.words) + 2 * (other.field = %(field)s)::int AS score
      FROM entrepreneurship_transferprofile other
     CROSS JOIN LATERAL (
           SELECT ARRAY(
                  SELECT word FROM unnest(%(words)s::varchar[]) word
                   WHERE position(lower(word) IN other.search_text) > 0
                   UNION
                  SELECT word FROM unnest(other.keywords) word
                   WHERE position(lower(word) IN %(text)s) > 0
                   ORDER BY 1) AS words
           ) shared
     WHERE other.kind = %(kind)s AND other.published_at IS NOT NULL AND other.hidden_at IS NULL
       AND other.withdrawn_at IS NULL AND other.expires_on >= %(today)s
       AND other.talent_id IS DISTINCT FROM %(talent)s AND other.unit_id IS DISTINCT FROM %(unit)s
       AND other.forms && %(forms)s::varchar[]
       AND CASE WHEN %(is_offer)s THEN other.readiness <= %(readiness)s
                ELSE other.readiness >= %(readiness)s END
       AND ({found})
       AND cardinality(shared.words) > 0
     ORDER BY score DESC, other.id DESC
     LIMIT %(most)s
"""


def find(profile, today):
    """Return [(id of the other, whether the field is the same, words, forms, its readiness, score)] of one profile, the best first.

    One statement, however many profiles there are.
    """
    is_offer = profile.kind == TransferKind.OFFER
    values = {
        "field": profile.field,
        "forms": profile.forms,
        "words": profile.keywords,
        "text": profile.search_text,
        "kind": TransferKind.NEED if is_offer else TransferKind.OFFER,
        "today": today,
        # Nobody is told that what she needs she offers; nothing is never the same as nothing.
        "talent": profile.talent_id or 0,
        "unit": profile.unit_id or 0,
        "is_offer": is_offer,
        "readiness": profile.readiness,
        "most": MOST,
    }
    by_word = ["other.field = %(field)s"]
    for number, word in enumerate(profile.keywords):
        if grams := _inner(word):
            by_word.append(f"other.search_grams @> %(grams{number})s::int[]")
            values[f"grams{number}"] = grams
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(found=" OR ".join(by_word)), values)
        return cursor.fetchall()


def _inner(word):
    """Return the bigrams a text has that holds a word anywhere."""
    folded = fold(word)
    return sorted({bigrams.gram(*pair) for pair in pairwise(folded)})


@transaction.atomic
def match_profile(*, profile, now):
    """Compare one profile with what is public on the other side, and keep what fits and was not known yet.

    Returns how many matches are new.
    """
    profile = profiles.locked(profile)
    today, made = timezone.localdate(now), []
    if profile.is_shown(today) and profile.kind != TransferKind.JOINT:
        made = [_match(profile, row, now) for row in find(profile, today)]
    known = _known(profile)
    new = [match for match in made if (match.offer_id, match.need_id) not in known]
    TransferMatch.objects.bulk_create(new, ignore_conflicts=True)
    TransferProfile.objects.filter(pk=profile.pk).update(matched_at=now)
    return len(new)


def _known(profile):
    """Return (offer, need) of the matches a profile has already."""
    rows = TransferMatch.objects.filter(Q(offer=profile.pk) | Q(need=profile.pk))
    return set(rows.values_list("offer", "need"))


def _match(profile, row, now):
    other, same_field, words, forms, readiness, score = row
    is_offer = profile.kind == TransferKind.OFFER
    return TransferMatch(
        offer_id=profile.pk if is_offer else other,
        need_id=other if is_offer else profile.pk,
        same_field=same_field,
        words=words[:8],
        forms=forms,
        readiness=profile.readiness if is_offer else readiness,
        wanted=readiness if is_offer else profile.readiness,
        score=score,
        found_at=now,
    )


@transaction.atomic
def tell_matches(*, now):
    """Tell the owners of both sides of what was found and is shown: one letter a week each. Returns how many letters.

    A match of somebody who had her letter this week waits for the next one, so that none is passed over.
    """
    rows = _both_shown(TransferMatch.objects.filter(told_at=None), timezone.localdate(now))
    rows = rows.select_for_update(of=("self",)).order_by("pk")
    untold = list(rows.select_related("offer__talent__user", "need__talent__user"))
    owners = {profile: letters.owners(profile) for m in untold for profile in (m.offer, m.need)}
    had = letters.told_this_week({one.pk for people in owners.values() for one in people}, now)
    counts, done = Counter(), []
    for match in untold:
        people = {*owners[match.offer], *owners[match.need]}
        if had.isdisjoint(one.pk for one in people):
            counts.update(people)
            done.append(match.pk)
    TransferMatch.objects.filter(pk__in=done).update(told_at=now)
    return letters.matched(counts.items(), now)


def _both_shown(rows, today):
    """Keep the matches of which everybody may read both sides on a day."""
    shown = TransferProfile.objects.shown(today).values("pk")
    return rows.filter(offer__in=shown, need__in=shown)


def why(match):
    """Return why two were matched, as a sentence."""
    words = _("、").join(match.words)
    forms = _("、").join(str(TransferForm(form).label) for form in match.forms)
    about = {"words": words, "forms": forms, "has": match.readiness, "wants": match.wanted}
    if match.same_field:
        return (
            _(
                "领域相同，都提到“%(words)s”，都愿意%(forms)s；成果 %(has)s 级，需求不低于 %(wants)s 级。"
            )
            % about
        )
    return (
        _("都提到“%(words)s”，都愿意%(forms)s；成果 %(has)s 级，需求不低于 %(wants)s 级。") % about
    )


def matches_of(user, today, *, aside=False):
    """Return the matches of what she, or the unit she speaks for, published, the newest first: of use, or those put aside.

    What is not public any more, whoever took it off, is in none.
    """
    mine, of_use = TransferProfile.objects.of(user).values("pk"), not aside
    rows = TransferMatch.objects.filter(offer__in=mine, offer_no_at__isnull=of_use)
    rows |= TransferMatch.objects.filter(need__in=mine, need_no_at__isnull=of_use)
    return with_both(_both_shown(rows, today))


def with_both(rows):
    """Bring both sides of matches along."""
    sides = ("offer__unit", "offer__talent__unit", "need__unit", "need__talent__unit")
    return rows.select_related(*sides)


@transaction.atomic
def export_matches(*, rows, by, now):
    """Note that a list of matches is taken out; returns those of `rows` that `by` may see. Raises Refused."""
    rights.require(by, "entrepreneurship.export_transfermatch")
    seen = TransferMatch.objects.visible_to(by) if by else TransferMatch.objects.all()
    found = list(with_both(rows.filter(pk__in=seen.values("pk"))).order_by("-pk"))
    if by is not None:
        audit.record("entrepreneurship.export_matches", by, by=by, at=now, count=len(found))
    return found


@transaction.atomic
def put_match_aside(*, match, aside=True, by, now):
    """Keep that a match is of no use (`aside`), or of use again, to the side `by` speaks for. Raises Refused. Returns it."""
    sides = [
        name for name in ("offer", "need") if rules.why_not_own(getattr(match, name), by) is None
    ]
    if not sides:
        raise Refused("not_yours", _("只有发布方可以这样做。"))
    match = TransferMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
    names = [f"{side}_no_at" for side in sides]
    changed = [name for name in names if bool(getattr(match, name)) != aside]
    for name in changed:
        setattr(match, name, now if aside else None)
    if changed:
        match.save(update_fields=changed)
        audit.record("entrepreneurship.put_match_aside", match, by=by, at=now, aside=aside)
    return match
