"""Similar ones: what was suggested before that says the same, whatever stands between; never what is not public."""

import pytest

from advisory.suggestions import bench, operations
from advisory.suggestions.models import Suggestion
from advisory.suggestions.similar import frequencies, similar
from tests.advisory.suggestions import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OTHERS = (
    ("延长孕期科研项目的结题期限", "怀孕和哺乳期间不能做野外调查，项目按期结题很难。"),
    ("女性职称评审放宽年限", "生育耽误两年，评副高时业绩年限不够。"),
    ("实验室配备合身的防护服", "防护服只有大码，女实验员袖口拖着，容易碰倒试剂。"),
)


@pytest.fixture(autouse=True)
def fresh():
    frequencies.forget()


@pytest.fixture
def rows():
    campaign = make.campaign()
    made = [make.filed(campaign, title=title, matter=matter) for title, matter in OTHERS]
    return {row.title: row for row in [*made, make.filed(campaign)]}


def found(title, matter="", besides=None):
    return [row.title for row in similar(title, matter, besides)]


@pytest.mark.parametrize(
    ("title", "matter", "finds"),
    [
        ("在高新园区设哺乳室", "", [make.TYPED["title"]]),
        ("背奶没有地方", "园区里没有哺乳室，只能去卫生间", [make.TYPED["title"]]),
        ("防护服太大", "袖口拖着容易碰倒试剂", ["实验室配备合身的防护服"]),
        ("评副高的年限", "生育耽误了两年", ["女性职称评审放宽年限"]),
        ("修一条自行车道", "", []),
        ("园", "", []),
        ("", "", []),
    ],
)
def test_what_says_the_same_is_found(rows, title, matter, finds):
    assert found(title, matter)[: len(finds) or None] == finds


def test_of_an_earlier_campaign_it_is_found_as_well(rows):
    old = rows[make.TYPED["title"]]
    operations.close_campaign(campaign=old.campaign, by=None, now=NOW)
    hers = make.draft(make.campaign())
    assert found(hers.title, hers.matter, besides=hers)[:1] == [old.title]


def test_what_is_not_public_and_what_she_is_writing_herself_is_not_found(rows):
    row = rows[make.TYPED["title"]]
    assert found("园区设哺乳室", besides=row) == []
    operations.set_listed(suggestion=row, listed=False, reason=make.UNLISTED, by=None, now=NOW)
    assert found("园区设哺乳室") == []


def test_of_what_is_far_too_long_only_what_could_be_handed_in_is_looked_for(rows):
    title = make.TYPED["title"]
    assert found(title + "长" * 100_000) == [title]
    assert found("长" * 40 + title, "长" * 3000 + title) == []


def test_it_asks_three_times_whatever_is_there(rows, django_assert_num_queries):
    with django_assert_num_queries(3):  # how common pairs are, the candidates, their rows
        found("园区设哺乳室", "没有地方")
    with django_assert_num_queries(2):
        found("园区设哺乳室", "没有地方")


def test_what_the_measurement_makes_is_found_by_what_its_women_type():
    bench.grow(30)
    bench.grow(30)
    assert Suggestion.objects.count() == 30
    typed = bench.typed(4)
    assert [row.title for row in similar(*typed[0])][:1] == [typed[0][0]]
    assert len(typed) == 4
