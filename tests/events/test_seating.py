"""Nobody waits for a kept seat that moves could free for her; no pool holds more than its seats."""

from hypothesis import given
from hypothesis import strategies as st

from events.seating import ALL, Seating, Sitter

POOLS = ("one", "two", "track")
wishes = st.lists(
    st.tuples(st.sets(st.sampled_from(POOLS)), st.sampled_from(["come", "come", "go"])),
    max_size=9,
)


def can_all_sit(wanted, room):
    """Tell, every way tried, whether all can have a seat of those they may have."""
    if not wanted:
        return True
    first, *rest = wanted
    return any(
        room[pool] > 0 and can_all_sit(rest, room | {pool: room[pool] - 1}) for pool in first
    )


def most_kept(wanted, room):
    """Return how many can sit on kept seats at once."""
    if not wanted:
        return 0
    first, *rest = wanted
    ways = [1 + most_kept(rest, room | {p: room[p] - 1}) for p in first[:-1] if room[p] > 0]
    return max([most_kept(rest, room), *ways])


@given(
    steps=wishes,
    room=st.fixed_dictionaries({pool: st.integers(0, 2) for pool in (*POOLS, ALL)}),
)
def test_she_sits_exactly_if_all_can_and_as_many_as_can_sit_on_kept_seats(steps, room):
    left, seated = dict(room), []
    for number, (may, what) in enumerate(steps):
        seating = Seating(left, seated.copy)
        if what == "go" and seated:
            left[seated.pop(0).pool] += 1
            seating.clear_all()
        else:
            sitter = Sitter(number, ALL, (*sorted(may), ALL))
            fits = can_all_sit([*(s.may for s in seated), sitter.may], room)
            assert bool(seating.seat(sitter)) == fits
            seated += [sitter] if fits else []
        used = {pool: sum(s.pool == pool for s in seated) for pool in room}
        assert {pool: room[pool] - used[pool] for pool in room} == left
        assert min(left.values()) >= 0
        kept = sum(used[pool] for pool in POOLS)
        assert kept == most_kept([s.may for s in seated], room)


def test_each_move_is_into_a_seat_that_is_free_by_then():
    left = {"one": 0, "two": 0, "track": 1, ALL: 0}
    first, second = Sitter(1, "one", ("one", "track", ALL)), Sitter(2, ALL, ("one", ALL))
    seating = Seating(left, lambda: [first, second])
    new = Sitter(3, ALL, (ALL,))
    assert seating.seat(new) == [(first, "track"), (second, "one"), (new, ALL)]
    assert left == {"one": 0, "two": 0, "track": 0, ALL: 0}


def test_where_a_seat_is_free_nobody_is_read():
    def read():
        raise AssertionError

    seating = Seating({"one": 1, ALL: 1}, read)
    assert seating.seat(Sitter(1, ALL, ("one", ALL)))
    assert seating.seat(Sitter(2, ALL, (ALL,)))
    assert not seating.seat(Sitter(3, ALL, (ALL,)))
