"""The arithmetic of a review, by hand."""

from decimal import Decimal
from types import SimpleNamespace

from calls import scoring
from calls.scoring import Place, Sheet


def sheets(*rows):
    return [Sheet(number, *row) for number, row in enumerate(rows, 1)]


def test_a_total_is_weighted_and_out_of_a_hundred():
    criteria = [SimpleNamespace(pk=1, most=10, weight=3), SimpleNamespace(pk=2, most=100, weight=1)]
    assert scoring.total({1: Decimal("8"), 2: Decimal("60")}, criteria) == (3 * 80 + 60) / 4


def test_a_strict_and_a_mild_reviewer_who_agree_give_the_same_on_one_scale():
    given = sheets(
        (1, 1, 60.0), (1, 2, 70.0), (1, 3, 80.0), (2, 1, 85.0), (2, 2, 90.0), (2, 3, 95.0)
    )
    on_scale = scoring.normalised(given)
    # All: mean 80, spread 11.9024; hers: 70 ± 8.1650 and 90 ± 4.0825, so both give -1.2247, 0, 1.2247 spreads.
    assert [str(scoring.rounded(on_scale[key])) for key in range(1, 7)] == [
        "65.42",
        "80.00",
        "94.58",
        "65.42",
        "80.00",
        "94.58",
    ]


def test_who_judged_one_keeps_it_and_who_judged_all_alike_tells_nothing():
    given = sheets((1, 1, 60.0), (2, 1, 90.0), (2, 2, 90.0))
    assert scoring.normalised(given) == {1: 60.0, 2: 80.0, 3: 80.0}
    assert scoring.normalised([]) == {}


def test_a_sheet_far_from_the_others_is_flagged_and_a_lone_one_is_not():
    given = sheets((1, 1, 80.0), (2, 1, 82.0), (3, 1, 50.0), (1, 2, 10.0))
    assert scoring.outliers(given, 20) == {3}
    # 80 lies 14 from the mean of 82 and 50, 82 lies 17 from that of 80 and 50.
    assert scoring.outliers(given, 17) == {2, 3}


def test_equals_share_a_place_unless_the_rule_puts_women_first():
    scores = {1: Decimal("90.00"), 2: Decimal("85.00"), 3: Decimal("85.00"), 4: Decimal("80.00")}
    shared = [Place(1, 1, False), Place(2, 2, False), Place(3, 2, False), Place(4, 4, False)]
    assert scoring.places(scores, {1, 2, 3, 4}, women_first=True) == shared
    assert scoring.places(scores, {3}, women_first=False) == shared
    assert scoring.places(scores, {3}, women_first=True) == [
        Place(1, 1, False),
        Place(3, 2, True),
        Place(2, 3, False),
        Place(4, 4, False),
    ]
