"""The same person twice in one form."""

from dataclasses import dataclass

from accounts.names import unit_key

# By what two rows are one person, and the column that shows it.
COLUMNS = {"id_number": "id_number", "name_and_phone": "phone", "merged_cell": "full_name"}


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same person in two rows. `by` is one of COLUMNS; a conflict refused both."""

    first: int
    later: int
    by: str
    conflict: bool = False


def find_repeats(rows):
    """Find people who stand in the file more than once, and mark the rows.

    The same identity number, or the same name and phone, is the same person: the later row gets
    `merge_with`, and its values complete those the first one lacks. One number under two names, or
    two numbers under one name and phone, refuses both. Rows already refused take no part, but a
    good row is told that its number also stands in a refused one.

    Args: rows is a list of ParsedRow, changed in place. Returns a list of Repeat in file order.
    """
    repeats = [*_numbers_of_several(rows), *_phones_of_several(rows)]
    refused_numbers = _refused_numbers(rows)
    first_by = {}
    for row in rows:
        if row.refused:
            continue
        if refused_row := refused_numbers.get(row.id_seen):
            row.note("repeats_refused_row", "id_number", row=refused_row)
        keys = _keys(row)
        shared_key = next((key for key in keys if key in first_by), None)
        first = first_by[shared_key] if shared_key else row
        if shared_key:
            by = shared_key[0]
            _merge(first, row, by)
            repeats.append(Repeat(first.number, row.number, by))
            # The first row may have gained a phone or a number that a third row shares.
            keys += _keys(first)
        for key in keys:
            first_by.setdefault(key, first)
    return repeats


def _keys(row):
    """Return by what the same person is known within one form: kind and value."""
    keys = []
    if row.id_seen:
        keys.append(("id_number", row.id_seen))
    if row.values["phone"]:
        keys.append(("name_and_phone", (row.values["full_name"], row.values["phone"])))
    keys.append(("merged_cell", name_cell(row)))
    return keys


def name_cell(row):
    """Return where the row's name is written: two lines of one person share a merged cell."""
    top = dict(row.raw.filled).get("full_name", row.raw.number)
    return row.raw.table, top


def _refused_numbers(rows):
    """Return {identity number: the first refused row it stands in}."""
    numbers = {}
    for row in rows:
        if row.refused and row.id_seen:
            numbers.setdefault(row.id_seen, row.raw.place)
    return numbers


def _groups(rows, key):
    """Return lists of the rows that share a value of key(row), where more than one does."""
    groups = {}
    for row in rows:
        if value := key(row):
            groups.setdefault(value, []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _refuse_all(rows, code, by):
    """Refuse rows that contradict each other; returns their Repeats."""
    numbers, places = [row.number for row in rows], [row.raw.place for row in rows]
    for row in rows:
        row.note(code, "id_number", rows=places)
    return [Repeat(numbers[0], number, by, conflict=True) for number in numbers[1:]]


def _numbers_of_several(rows):
    """Refuse rows of one identity number and different names."""
    repeats = []
    good = [row for row in rows if not row.refused]
    for group in _groups(good, lambda row: row.id_seen):
        if len({row.values["full_name"] for row in group}) > 1:
            repeats += _refuse_all(group, "id_number_of_two", "id_number")
    return repeats


def _phones_of_several(rows):
    """Refuse rows of one name and phone and different numbers; doubt a phone under several names."""
    repeats = []
    good = [row for row in rows if not row.refused]
    for group in _groups(good, lambda row: row.values["phone"]):
        by_name = {}
        for row in group:
            by_name.setdefault(row.values["full_name"], []).append(row)
        for same in by_name.values():
            if len({row.id_seen for row in same if row.id_seen}) > 1:
                repeats += _refuse_all(same, "two_id_numbers", "name_and_phone")
        if len(by_name) > 1:
            for row in group[1:]:
                row.note("phone_shared", "phone", row=group[0].raw.place)
    return repeats


def _merge(first, later, by):
    """Complete the first row's values by the later one's and tell the later one what differs."""
    later.merge_with = first.number
    differing = {}
    for name, value in later.values.items():
        earlier = first.values[name]
        if name in ("overseas_study", "consent_noted"):
            first.values[name] = earlier or value
        elif name == "research_fields":
            first.values[name] = list(dict.fromkeys([*earlier, *value]))
        elif value and not earlier:
            first.values[name] = value
        elif value and not _same_value(name, earlier, value):
            differing[name] = (earlier, value)
    later.differing = differing
    later.note("merged", COLUMNS[by], row=first.raw.place, reason=by)
    headers = dict.fromkeys(filter(None, map(later.raw.header, differing)))
    if headers:
        later.note("merged_differs", row=first.raw.place, columns=list(headers))


def _same_value(name, value, other):
    if name == "unit_name":
        return unit_key(value) == unit_key(other)
    if name == "email":
        return value.casefold() == other.casefold()
    return value == other
