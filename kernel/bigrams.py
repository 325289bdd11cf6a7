"""Finding rows by two characters among a million: bigrams in an int4[] column under a GIN index.

pg_trgm needs three characters before it helps; a Chinese name often has two. What a row is found by is
one text, a line for each thing, the most important first. Every pair of neighbouring characters of a
line is stored as one integer, and so is the first character of the text, which makes a surname alone
findable. A hit is checked against the text itself, so the index only makes the same answer quicker
(`plain_match` gives it without the index).

A model has `search_text` and `search_grams` (with a GinIndex, fastupdate=False) and keeps both in step
where it is saved.
"""

from django.db import connection
from django.db.models import Case, IntegerField, Q, Subquery, Value, When

from kernel.text import fold

START = "\n"
LONGEST_TERM = 40
MOST_TERMS = 5
# A word that stands in one of a hundred rows of many says nothing of any of them, and ordering all would take long.
SAMPLE, COMMON, MANY = 1000, 10, 20_000
# Orders of relevance.
IS_FIRST, BEGINS_FIRST, IS_A_LINE, ELSEWHERE = range(4)


def gram(first, second):
    """Return two characters as one signed 32-bit integer; characters past U+FFFF share places."""
    number = (ord(first) & 0xFFFF) << 16 | ord(second) & 0xFFFF
    return number - (1 << 32) if number >= 1 << 31 else number


def text(*lines):
    """Return what a row is found by: the lines that say something, folded."""
    return START.join(filter(None, map(fold, lines)))


def grams(text):
    """Return the sorted bigrams of each line of `text`, without repeats."""
    bigrams = set()
    for line in text.split(START):
        bigrams.update(map(gram, line, line[1:]))
    if text:
        bigrams.add(gram(START, text[0]))
    return sorted(bigrams)


def terms(query):
    """Return what is searched for: the words of a query, folded."""
    return [fold(word)[:LONGEST_TERM] for word in (query or "").split() if fold(word)][:MOST_TERMS]


def plain_match(queryset, query):
    """Keep rows that match every word: one character begins the text, more occur anywhere."""
    for term in terms(query):
        lookup = "startswith" if len(term) == 1 else "contains"
        queryset = queryset.filter(**{f"search_text__{lookup}": term})
    return queryset


def match(queryset, query):
    """Keep the same rows as `plain_match`, found by index."""
    needed = set()
    for term in terms(query):
        needed.update(map(gram, term, term[1:]) if len(term) > 1 else [gram(START, term)])
    if not needed:
        return queryset
    return plain_match(queryset.filter(search_grams__contains=sorted(needed)), query)


def relevance(query):
    """Return the expression that orders what `match` finds: the first line is a word, begins with one,
    another line is one, a word occurs somewhere."""
    is_first, begins_first, is_a_line = Q(), Q(), Q()
    for term in terms(query):
        is_first |= Q(search_text=term) | Q(search_text__startswith=f"{term}{START}")
        begins_first |= Q(search_text__startswith=term)
        line = f"{START}{term}"
        is_a_line |= Q(search_text__contains=f"{line}{START}") | Q(search_text__endswith=line)
    whens = [(is_first, IS_FIRST), (begins_first, BEGINS_FIRST), (is_a_line, IS_A_LINE)]
    return Case(
        *(When(where, then=Value(order)) for where, order in whens if where),
        default=Value(ELSEWHERE),
        output_field=IntegerField(),
    )


def is_common(model, query):
    """Tell whether the words stand together in a hundredth and more of a very long table, by its newest rows."""
    if not terms(query) or estimated(model) < MANY:
        return False
    rows = model._default_manager.all()
    last = rows.order_by("-pk").values("pk")[SAMPLE - 1 : SAMPLE]
    return plain_match(rows.filter(pk__gte=Subquery(last)), query).count() >= COMMON


def estimated(model):
    """Return how many rows the database's own statistics say a table has; -1 where they say nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table]
        )
        return cursor.fetchone()[0]


def ordered(queryset, query):
    """Return what is found by a query: the most fitting first, the newest of them first; a blank one orders nothing."""
    if not terms(query):
        return queryset
    if all(len(term) == 1 for term in terms(query)):
        return match(queryset, query).order_by("-pk")  # all begin with it
    found = match(queryset, query).annotate(relevance=relevance(query))
    return found.order_by("relevance", "-pk")


def newest(queryset, query):
    """Return what is found by common words, the newest first; read along the primary key, not by the index."""
    return plain_match(queryset, query).order_by("-pk")
