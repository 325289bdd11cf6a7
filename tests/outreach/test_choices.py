"""Subject choice: entered and corrected by the school, the district closed where somebody could be made out."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kernel.errors import Conflict, DomainError, Refused
from outreach.choices import operations, shown
from outreach.choices.models import CELLS, PAIRS, ChoiceCell, ChoiceReport
from tests import factories
from tests.factories import NOW
from tests.outreach import counts, make

pytestmark = pytest.mark.django_db


def save(contact, year=2028, **more):
    given = {"counts": counts.counted()} | more
    return operations.save_choices_of_year(
        unit=contact.unit, year=year, by=contact, now=NOW, **given
    )


def test_there_are_six_pairs_and_24_cells():
    assert list(PAIRS) == [
        "chemistry+biology",
        "chemistry+politics",
        "chemistry+geography",
        "biology+politics",
        "biology+geography",
        "politics+geography",
    ]
    assert len(CELLS) == 24


def test_a_school_counts_and_corrects():
    contact = counts.contact()
    report = save(contact)
    assert report.cells.counted() == counts.counted()
    assert save(contact, counts=counts.counted(20)).pk == report.pk
    assert report.cells.counted() == counts.counted(20)
    assert ChoiceCell.objects.count() == 24


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"year": 2020}, "year"),
        ({"year": 2099}, "year"),
        ({"counts": {}}, "counts"),
        ({"counts": dict.fromkeys(CELLS, 0)}, "counts_empty"),
        ({"counts": dict.fromkeys(CELLS, 3001)}, "counts"),
        ({"counts": dict.fromkeys(CELLS, -1)}, "counts"),
    ],
)
def test_what_is_no_count_is_refused_and_nothing_is_written(given, code):
    with pytest.raises(DomainError) as refused:
        save(counts.contact(), **given)
    assert refused.value.code == code
    assert ChoiceReport.objects.count() == 0


def test_only_a_school_counts_and_only_its_own_contact():
    company = factories.unit(kind="enterprise")
    with pytest.raises(Refused):
        save(counts.contact(company))
    with pytest.raises(Refused):
        operations.save_choices_of_year(
            unit=counts.school(), year=2028, counts=counts.counted(), by=counts.contact(), now=NOW
        )


def test_what_was_taken_back_counts_nowhere_until_it_is_saved_again():
    contact = counts.contact()
    report = save(contact)
    operations.withdraw_choices(report=report, by=contact, now=NOW)
    assert list(ChoiceReport.objects.standing()) == []
    with pytest.raises(Conflict):
        operations.withdraw_choices(report=report, by=contact, now=NOW)
    save(contact)
    assert list(ChoiceReport.objects.standing()) == [report]


def test_the_database_keeps_a_cell_once_and_within_bounds():
    report = counts.report()
    for row in (
        {"sex": "girls", "first": "physics", "pair": "chemistry+biology", "pupils": 1},
        {"sex": "girls", "first": "physics", "pair": "music+sport", "pupils": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChoiceCell.objects.create(report=report, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        report.cells.update(pupils=3001)


# --- what is closed ---
def test_the_district_is_shown_from_three_schools_and_ten_pupils_on():
    for number in range(2):
        counts.report()
        assert 2028 not in shown.districts([2028]), number
    counts.report()
    # 3 × 6 × 12 girls in physics, 3 × 6 × 10 in history; boys half and half.
    assert shown.districts([2028])[2028] == {"girls": "55%", "boys": "50%"}
    operations.withdraw_choices(report=ChoiceReport.objects.first(), by=None, now=NOW)
    assert shown.districts([2028]) == {}


def test_the_district_is_closed_while_a_cell_is_small():
    for _ in range(3):
        counts.report(girls_physics=0)
    assert shown.districts([2028]) == {}


@pytest.mark.parametrize(
    ("numbers", "read"),
    [
        ([10, 20, 30], [10, 20, 30]),
        ([9, 20, 30], [None, None, 30]),
        ([9, 3, 30], [None, None, 30]),
        ([0, 0, 0], [None, None, None]),
        ([9], [None]),
        ([9, 12], [None, None]),
    ],
)
def test_a_small_cell_is_closed_and_never_alone(numbers, read):
    assert shown.closed(numbers) == read


# --- pages ---
def form(**values):
    return {"year": "2028"} | {"-".join(cell): "10" for cell in CELLS} | values


def test_a_contact_fills_in_corrects_and_takes_back(client):
    contact = counts.contact()
    client.force_login(contact)
    assert "还没有填报" in client.get(reverse("my_choices")).content.decode()
    client.post(reverse("new_choices"), form())
    page = client.get(reverse("my_choices")).content.decode()
    assert ("50%" in page, "暂不显示" in page) == (True, True)
    again = client.post(reverse("new_choices"), form())
    assert again.status_code == 422
    assert "已经填报了" in again.content.decode()
    client.post(
        reverse("edit_choices", args=[2028]), form(**{"girls-physics-chemistry+biology": "70"})
    )
    assert ChoiceCell.objects.counted()["girls", "physics", "chemistry+biology"] == 70
    client.post(reverse("my_choices"), {"withdraw": "2028"})
    assert ChoiceReport.objects.get().withdrawn_at is not None


def test_what_was_typed_wrong_stays_typed(client):
    client.force_login(counts.contact())
    response = client.post(reverse("new_choices"), form(**{"boys-history-biology+politics": "-3"}))
    assert response.status_code == 422
    assert 'value="-3"' in response.content.decode()


def test_the_contact_of_a_company_is_told_why_not(client):
    client.force_login(counts.contact(factories.unit(kind="enterprise")))
    assert "只有学校填报选科统计" in client.get(reverse("my_choices")).content.decode()


def test_the_district_takes_the_same_queries_for_one_and_three_years(
    client, django_assert_num_queries
):
    contact = counts.contact()
    client.force_login(contact)
    save(contact)
    client.get(reverse("my_choices"))
    with django_assert_num_queries(8):
        client.get(reverse("my_choices"))
    for year in (2026, 2027):
        save(contact, year)
    with django_assert_num_queries(8):
        client.get(reverse("my_choices"))


def test_staff_read_figures_and_take_out_the_list_with_small_cells_closed(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    for _ in range(3):
        counts.report()
    small = counts.report(girls_physics=1)
    client.force_login(make.coordinator())
    page = client.get(reverse("admin:outreach_choicereport_figures")).content.decode()
    assert "2028" in page
    row = client.get(
        reverse("admin:outreach_choicereport_change", args=[small.pk])
    ).content.decode()
    assert "女生 · 物理 · 化学、生物：—" in row
    sent = client.post(
        reverse("admin:outreach_choicereport_changelist"),
        {"action": "write_out", "_selected_action": [small.pk]},
    )
    assert sent.headers["Content-Type"].startswith("application/vnd.openxml")


def test_no_field_is_about_a_pupil():
    names = {f.name for model in (ChoiceReport, ChoiceCell) for f in model._meta.fields}
    assert names == {
        "id", "unit", "year", "entered_at", "withdrawn_at", "report", "sex", "first", "pair", "pupils",
    }  # fmt: skip
