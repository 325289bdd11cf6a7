"""Finding a talent by two characters among a million: bigrams in an int4[] column under a GIN index.

pg_trgm needs three characters before it helps; a Chinese name often has two. Every pair of
neighbouring characters of a record's searchable text is stored as one integer, and so is its first
character, which makes a surname alone findable. A hit is checked against the text itself, so the
index only makes the same answer quicker (`plain_match` gives it without the index).
"""

from kernel.text import fold
from talents.pinyin import pinyin

START = "\n"
LONGEST_TERM = 40
MOST_TERMS = 5


def initials(pinyin_name):
    """Return the initials of a name in pinyin: wang xiao min → wxm; of one word nothing is left to say."""
    words = pinyin_name.split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def gram(first, second):
    """Return two characters as one signed 32-bit integer; characters past U+FFFF share places."""
    number = (ord(first) & 0xFFFF) << 16 | ord(second) & 0xFFFF
    return number - (1 << 32) if number >= 1 << 31 else number


def grams(text):
    """Return the sorted bigrams of each line of `text`, without repeats."""
    bigrams = set()
    for line in text.split(START):
        bigrams.update(map(gram, line, line[1:]))
    if text:
        bigrams.add(gram(START, text[0]))
    return sorted(bigrams)


def document(talent):
    """Return the searchable text of a talent, the name first, one line for each thing."""
    short = talent.unit.short_name if talent.unit_id else ""
    parts = [talent.full_name, talent.pinyin_name, initials(talent.pinyin_name)]
    parts += [talent.unit_name, short, *talent.research_fields]
    return START.join(filter(None, map(fold, parts)))


def index(talent):
    """Bring the derived columns of an unsaved `talent` in step; save() and bulk_create() call this."""
    talent.pinyin_name = pinyin(talent.full_name)
    talent.search_text = document(talent)
    talent.search_grams = grams(talent.search_text)


def terms(query):
    """Return what is searched for: the words of a query, folded."""
    return [fold(word)[:LONGEST_TERM] for word in (query or "").split() if fold(word)][:MOST_TERMS]


def plain_match(queryset, query):
    """Keep talents that match every word: one character begins the name, more occur anywhere."""
    for term in terms(query):
        lookup = "startswith" if len(term) == 1 else "contains"
        queryset = queryset.filter(**{f"search_text__{lookup}": term})
    return queryset


def match(queryset, query):
    """Keep the same talents as `plain_match`, found by index."""
    needed = set()
    for term in terms(query):
        needed.update(map(gram, term, term[1:]) if len(term) > 1 else [gram(START, term)])
    if not needed:
        return queryset
    return plain_match(queryset.filter(search_grams__contains=sorted(needed)), query)


def refresh(queryset, *, chunk=500):
    """Recompute the search columns of a queryset of talents; returns how many were written."""
    written, last = 0, 0
    while people := list(
        queryset.select_related("unit").filter(pk__gt=last).order_by("pk")[:chunk]
    ):
        for talent in people:
            index(talent)
        columns = ["pinyin_name", "search_text", "search_grams"]
        type(people[0]).objects.bulk_update(people, columns)
        written, last = written + len(people), people[-1].pk
    return written
