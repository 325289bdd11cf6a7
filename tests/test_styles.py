"""What a rule of the style sheets promises and no page shows to a test: parsed as a browser does, the last one wins."""

import re

from django.conf import settings

STATIC = settings.BASE_DIR / "static"


def rules(path):
    """Return [(selectors, {property: value})] of a style sheet in its order, nested ones by their own selectors."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / path).read_text(encoding="utf-8"), flags=re.DOTALL)
    found = []
    for head, body in re.findall(r"([^{};]+)\{([^{}]*)\}", text):
        declared = (line.split(":", 1) for line in body.split(";") if ":" in line)
        found.append(
            (
                [one.strip() for one in head.split(",")],
                {name.strip(): value.strip() for name, value in declared},
            )
        )
    return found


def last(path, selectors, name):
    """Return the value the last of these selectors gives a property, None where none does."""
    given = [
        said[name] for heads, said in rules(path) if name in said and set(heads) & set(selectors)
    ]
    return given[-1] if given else None


def test_nothing_fades_while_a_part_of_the_page_is_fetched_anew():
    """What refreshes itself goes pale below the contrast it needs; no button sends such a request by itself."""
    faded = [
        (path.name, head)
        for path in sorted((STATIC / "src").rglob("*.css"))
        for heads, said in rules(path.relative_to(STATIC))
        for head in heads
        if "htmx-request" in head and "opacity" in said
    ]
    assert faded == []


def test_a_history_of_one_line_is_round_at_all_corners_and_of_more_at_its_ends():
    row = ".portal-rows > li"
    ends = {
        "first": [f"{row}:first-child"],
        "last": [f"{row}:first-child", f"{row}:last-child"],
        "only": [f"{row}:first-child", f"{row}:last-child", f"{row}:only-child"],
    }
    radius = {end: last("css/admin.css", which, "border-radius") for end, which in ends.items()}
    assert radius == {"first": "8px 8px 0 0", "last": "0 0 8px 8px", "only": "8px"}


def test_the_lines_of_a_history_begin_with_a_column_of_times_and_on_a_phone_with_a_line():
    time = ".portal-row-head > time:first-child"
    said = [said for heads, said in rules("css/admin.css") if time in heads]
    assert said == [{"flex": "0 0 14rem"}, {"flex-basis": "100%"}]
    assert last("css/admin.css", [f"{time} + span"], "flex") == "1 1 0"
