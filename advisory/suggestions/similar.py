"""What was suggested before that says the same: found by the pairs of characters both have, the rare ones above all.

Asked while she writes, of all campaigns. Common pairs ("女性", "建议") say nothing and would find half the table: the
database's own statistics say which are common, and each of the others is one short look into the index
(`suggestion_grams`). A pair counts the more the fewer have it.
"""

import time

from django.db import connection

from advisory.suggestions.models import Suggestion
from advisory.suggestions.rules.writing import MOST_TEXT, MOST_TITLE
from kernel import bigrams
from kernel.prepared import Statement

MOST = 5
ASKED = 16  # pairs looked up: the rarest of what was typed
COMMON = 200  # rows that have a pair; what more have says too little of any
LEAST = 0.2  # of what was typed has to be there too
SHORTEST = 4  # characters before anything is looked for
STATISTICS_SECONDS = 600

FIND = Statement(
    """
    SELECT found.id, count(*)
      FROM unnest(%(grams)s) AS asked (gram)
     CROSS JOIN LATERAL (
           SELECT id FROM advisory_suggestion
            WHERE search_grams @> ARRAY[asked.gram] AND listed LIMIT 200
           ) AS found
     GROUP BY found.id ORDER BY count(*) DESC, found.id DESC LIMIT 8
    """,
    grams="int[]",
)
FREQUENT = """
    SELECT elem, freq * (SELECT reltuples FROM pg_class WHERE oid = 'advisory_suggestion'::regclass)
      FROM pg_stats, unnest(most_common_elems::text::int[], most_common_elem_freqs[:cardinality(most_common_elems::text::int[])])
           AS common (elem, freq)
     WHERE schemaname = current_schema() AND tablename = 'advisory_suggestion' AND attname = 'search_grams'
"""


class Frequencies:
    """How common pairs are, as the database's statistics say; read again every ten minutes."""

    def __init__(self):
        self.forget()

    def forget(self):
        """Have them read again the next time."""
        self.found, self.read_at = {}, None

    def all(self):
        """Return {pair: how many rows have it} of the most common ones; the others are rarer than these."""
        if self.read_at is None or time.monotonic() - self.read_at > STATISTICS_SECONDS:
            with connection.cursor() as cursor:
                cursor.execute(FREQUENT)
                self.found, self.read_at = dict(cursor.fetchall()), time.monotonic()
        return self.found


frequencies = Frequencies()


def similar(title, matter, besides=None):
    """Return up to five public Suggestions that say what was typed, the most alike first; `besides` is left out.

    Queries: two, one more where the statistics are read again, none for a few characters.
    """
    title, matter = (title or "")[:MOST_TITLE], (matter or "")[:MOST_TEXT]
    if len(bigrams.text(title, matter)) < SHORTEST:
        return []
    asked = _asked(title, matter)
    with connection.cursor() as cursor:
        FIND.execute(cursor, {"grams": asked})
        found = [pk for pk, count in cursor.fetchall() if count >= LEAST * len(asked)]
    rows = Suggestion.objects.public().filter(pk__in=found).select_related("campaign")
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    alike = sorted(rows.with_cosigners().defer("search_text", "search_grams"), key=_place(found))
    return alike[:MOST]


def _place(numbers):
    """Return what orders suggestions as their numbers stand."""
    place = {number: position for position, number in enumerate(numbers)}
    return lambda row: place[row.pk]


def _asked(title, matter):
    """Return the pairs to look for: of the title before those of the matter, the rare ones before all."""
    common = frequencies.all()
    in_title = set(bigrams.grams(bigrams.text(title)))
    pairs = in_title | set(bigrams.grams(bigrams.text(matter)))
    pairs = {pair for pair in pairs if common.get(pair, 0) <= COMMON} or in_title
    ranked = sorted(pairs, key=lambda pair: (pair not in in_title, common.get(pair, 0), pair))
    return ranked[:ASKED]
