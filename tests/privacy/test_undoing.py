"""Trying to undo what is released: every table of people that fits it is gone through, in one release and in two."""

from collections import defaultdict
from itertools import product

import pytest

from privacy.release import give_way, release_together, step
from tests.factories import NOW

FULL = set(range(10))


def first(count):
    """Return what is released of a count that was never released before."""
    return step(0, count)


def outside(tables, total, cells, way=give_way):
    """Return what is seen of tables ({name: (released counts)}) and their total, as something to group by."""
    shown = {
        name: {str(n): count for n, count in enumerate(counts) if count}
        for name, counts in tables.items()
    }
    shown, total = way(shown, total, cells)
    return tuple((name, tuple(sorted(counts.items()))) for name, counts in shown.items()), total


def as_they_are(shown, total, cells):
    """The control: whole tens as they are, and nothing gives way."""
    return shown, total


def left_open(worlds):
    """Return the least that stays open of an absent cell: {how many values it may have: one example}.

    `worlds` are {what is seen: [the tables it may be of]}; a cell is absent that shows nothing.
    """
    open_to = {}
    for seen, possible in worlds.items():
        for table, counts in seen[0]:
            for place in range(len(possible[0][table])):
                if str(place) not in dict(counts):
                    values = {world[table][place] for world in possible}
                    open_to[len(values & FULL)] = seen
    return open_to


def worlds_of_one_table(cells, most, way):
    worlds = defaultdict(list)
    for counts in product(range(most), repeat=cells):
        released = {"a": [first(n) for n in counts]}
        seen = outside(released, first(sum(counts)), {"a": cells}, way)
        worlds[seen].append({"a": counts})
    return worlds


@pytest.mark.parametrize("cells", [2, 3])
def test_a_total_leaves_every_value_below_ten_open(cells):
    assert set(left_open(worlds_of_one_table(cells, 20, give_way))) == {10}
    # Whole tens as they are say that an absent cell is not empty.
    assert min(left_open(worlds_of_one_table(cells, 20, as_they_are))) < 10


def worlds_of_two_tables(way):
    """Two tables of the same people, of two and of three cells, each a sum over the other."""
    worlds = defaultdict(list)
    for pairs in product(range(20), range(20), range(40)):
        for split in range(0, sum(pairs) + 1, 3):
            tables = {"a": pairs, "b": (split, sum(pairs) - split)}
            released = {name: [first(n) for n in counts] for name, counts in tables.items()}
            seen = outside(released, first(sum(pairs)), {"a": 3, "b": 2}, way)
            worlds[seen].append(tables)
    return worlds


def test_tables_of_the_same_people_do_not_give_each_other_away():
    assert 0 not in _smallest(worlds_of_two_tables(give_way))
    assert min(left_open(worlds_of_two_tables(as_they_are))) < min(
        left_open(worlds_of_two_tables(give_way))
    )


def _smallest(worlds):
    """Return the sets of least values absent cells may have, but nothing, which is always among them."""
    least = set()
    for seen, possible in worlds.items():
        for place in range(3):
            if str(place) not in dict(dict(seen[0])["a"]):
                least.add(min(world["a"][place] for world in possible))
    return least - {0}


def test_ten_full_cells_beside_their_total_would_tell_the_smallest_to_the_head():
    """Nine cells of nineteen and one of nine: the worst there is, and the control is exact."""
    counts = [19] * 9 + [9]
    shown = {"a": {str(n): first(count) for n, count in enumerate(counts) if first(count)}}
    plain = as_they_are(shown, first(sum(counts)), {"a": 10})
    assert _bounds(*plain) == (9, 9)
    kept = give_way(shown, first(sum(counts)), {"a": 10})
    assert kept[1] == 170
    assert _bounds(*kept) == (0, 9)


def _bounds(shown, total, cells=10):
    """Return (least, most) of one absent cell as total and shown cells bound it."""
    sure, most = sum(shown["a"].values()), sum(n + 9 for n in shown["a"].values())
    return max(0, total - most - 9 * (cells - 1 - len(shown["a"]))), min(9, total + 9 - sure)


def test_two_releases_in_a_row_tell_no_more_than_one():
    """Of all pairs of days: an absent cell may have been empty, and may have had nearly anything."""
    worlds = defaultdict(list)
    days = list(product(range(22), repeat=2))
    for before in days:
        cells, total = [first(n) for n in before], first(sum(before))
        one = outside({"a": cells}, total, {"a": 2})
        for after in days:
            moved = [step(r, n) for r, n in zip(cells, after, strict=True)]
            two = outside({"a": moved}, step(total, sum(after)), {"a": 2})
            worlds[one, two].append((before, after))
    narrowest = 10
    for (one, two), possible in worlds.items():
        if (
            max([n for seen in (one, two) for _a, cells in seen[0] for _code, n in cells] + [0])
            > 10
        ):
            continue  # what would fit it has more people than were gone through
        for day, seen in enumerate((one, two)):
            for place in range(2):
                if str(place) not in dict(dict(seen[0])["a"]):
                    found = {world[day][place] for world in possible}
                    if len(found) < narrowest:
                        narrowest, example = len(found), (one, two, day, place, sorted(found))
        # Nor does the difference of a cell that shows the same twice, ten or nothing.
        if one == two:
            moves = {world[1][0] - world[0][0] for world in possible}
            assert {-1, 0, 1} <= moves
    assert narrowest >= 9, example


@pytest.mark.django_db
def test_what_is_let_out_gives_way():
    counts = {str(n): 19 for n in range(9)} | {"9": 9}
    cells, total = release_together("t", 180, {"a": (counts, 10)}, now=NOW)
    assert (cells["a"], total) == ({str(n): 10 for n in range(9)}, 170)
