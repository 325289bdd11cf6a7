"""The three steps as a woman's browser sees them."""

from datetime import date

import pytest
from django.urls import reverse

from privacy.models import Consent
from talents.models import Talent
from tests import factories
from tests.factories import NOW
from tests.talents.imports.workbooks import identity

pytestmark = pytest.mark.django_db

PERSON = {"full_name": "王小敏", "birth_month_year": "1990", "birth_month_month": "3"}
WORK = {"unit_name": "重庆礼嘉医院", "professional_title": "主任医师"}
STUDY = {
    "education_level": "14",
    "discipline": "320",
    "industry": "Q",
    "suggested": ["临床医学"],
    "other_fields": "医学影像，超声、临床医学",
}


@pytest.fixture
def her(client):
    """A signed-in woman without a record."""
    user = factories.user("王小敏")
    client.force_login(user)
    return user


def step(number):
    """The address of a step."""
    return reverse("profile_step", args=[number])


def post(client, number, data, **extra):
    """Send a step."""
    return client.post(step(number), data | extra)


def fill(client):
    """Send all three steps."""
    post(client, 1, PERSON)
    post(client, 2, WORK)
    return post(client, 3, STUDY)


def test_a_new_account_without_a_name_is_sent_to_the_first_step(client):
    """A phone number and a code is all a new account has; nothing is looked up by an empty name."""
    client.force_login(factories.user("", phone="14000007777"))
    response = client.get(reverse("profile"))
    assert (response.status_code, response["Location"]) == (302, reverse("profile_step", args=[1]))


def test_a_damaged_unit_name_is_answered_in_words(client):
    """A NUL, which the database cannot hold, is not looked up among the units either."""
    client.force_login(factories.user("王小敏"))
    post(client, 1, PERSON)
    assert post(client, 2, WORK | {"unit_name": "医院\0"}).status_code == 422


def test_the_way_through(client, her):
    assert client.get(reverse("profile")).url == step(1)
    page = client.get(step(1))
    assert page.context["form"]["full_name"].value() == "王小敏"
    assert Talent.objects.count() == 0
    assert post(client, 1, PERSON).url == step(2)
    assert client.get(reverse("profile")).url == step(2)
    assert post(client, 2, WORK).url == step(3)
    assert post(client, 3, STUDY).url == reverse("profile")
    assert client.get(reverse("profile")).url == reverse("profile_review")
    talent = Talent.objects.get()
    assert (talent.full_name, talent.birth_month, talent.state) == (
        "王小敏",
        date(1990, 3, 1),
        "draft",
    )
    assert (talent.unit_text, talent.title_level) == ("重庆礼嘉医院", "senior")
    assert talent.research_fields == ["临床医学", "医学影像", "超声"]
    assert client.post(reverse("profile_review")).status_code == 422
    assert client.post(reverse("profile_review"), {"agree": "on"}).url == reverse("profile_review")
    talent.refresh_from_db()
    assert (talent.state, talent.user) == ("submitted", her)
    assert Consent.objects.granted_by(her, "talent_database")
    page = client.get(reverse("profile_review")).content.decode()
    assert "工作人员一般在 3 个工作日内审核" in page


def test_a_wrong_field_keeps_what_was_typed_and_writes_nothing(client, her):
    answer = post(client, 1, PERSON, birth_month_month="", full_name="王小敏，女")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert ("请选择出生年份和月份。" in page, "王小敏，女" in page) == (True, True)
    assert '<option value="1990" selected>' in page
    assert Talent.objects.count() == 0


def test_later_keeps_what_is_sound_and_asks_for_nothing(client, her):
    answer = post(client, 1, {"full_name": "王小敏", "birth_month_year": "1990"}, later="1")
    assert answer.url == reverse("dashboard")
    talent = Talent.objects.get()
    assert (talent.full_name, talent.birth_month) == ("王小敏", None)
    messages = [str(m) for m in client.get(step(1)).context["messages"]]
    assert messages == ["已保存。这几项有误，没有保存：出生年月。"]
    assert client.get(reverse("profile")).url == step(1)


@pytest.mark.parametrize(
    ("number", "extra", "field"),
    [
        (identity("19900301"), {}, "agree"),
        (identity("19900301")[:-1] + "?", {"agree": "on"}, "id_number"),
        (identity("19900301", order="001"), {"agree": "on"}, "id_number"),
        (identity("19910301"), {"agree": "on"}, "birth_month"),
        (identity("20200301"), {"agree": "on"}, "id_number"),
        ("123", {"agree": "on"}, "id_number"),
    ],
)
def test_an_identity_number_is_checked(client, her, number, extra, field):
    answer = post(client, 1, PERSON, id_number=number, **extra)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (Talent.objects.count(), Consent.objects.count()) == (0, 0)


def test_an_identity_number_is_kept_with_consent_and_shown_masked(client, her):
    number = identity("19900301")
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert post(client, 1, PERSON, id_number=full_width, agree="on").url == step(2)
    assert Talent.objects.get().id_number == number
    assert Consent.objects.granted_by(her, "identity_number")
    page = client.get(step(1)).content.decode()
    assert (number in page, f"5001**********{number[-4:]}" in page) == (False, True)
    # Left empty the next time, it stays.
    post(client, 1, PERSON)
    assert Talent.objects.get().id_number == number


def test_a_unit_is_recognised_or_kept_in_her_words(client, her):
    unit = factories.unit("重庆两江半导体研究院")
    post(client, 1, PERSON)
    post(client, 2, WORK, unit_name="重庆市两江半导体研究院")
    assert (Talent.objects.get().unit, Talent.objects.get().unit_text) == (unit, "")
    post(client, 2, WORK, unit_name="别的单位")
    assert (Talent.objects.get().unit, Talent.objects.get().unit_text) == (None, "别的单位")


def test_no_title_has_to_be_said(client, her):
    post(client, 1, PERSON)
    answer = post(client, 2, WORK, professional_title="无")
    assert list(answer.context["form"].errors) == ["title_level"]
    assert post(client, 2, WORK, professional_title="", title_level="none").url == step(3)


def test_units_are_suggested(client, her):
    for number in range(12):
        factories.unit(f"两江示例{number:02d}公司")
    answer = client.get(reverse("profile_units"), {"unit_name": "示例"}).content.decode()
    assert answer.count("<option") == 10


def test_steps_ask_the_same_of_the_database_whatever_is_in_it(
    client, her, django_assert_num_queries
):
    fill(client)
    for _ in range(2):
        # Session with user, record and new notices; record; newest consent.
        with django_assert_num_queries(3):
            client.get(reverse("profile_review"))
        factories.talent()


def test_a_returned_record_is_changed_and_handed_in_again(client, her):
    fill(client)
    client.post(reverse("profile_review"), {"agree": "on"})
    Talent.objects.update(state="returned", return_reason="请写单位全称")
    assert "请写单位全称" in client.get(step(2)).content.decode()
    post(client, 2, WORK, unit_name="重庆大学附属医院")
    assert client.post(reverse("profile_review")).url == reverse("profile_review")
    assert list(Talent.objects.values_list("state", "return_reason", "unit_text")) == [
        ("submitted", "", "重庆大学附属医院")
    ]


def test_a_checked_number_is_not_overwritten(client, her):
    number = identity("19900301")
    post(client, 1, PERSON, id_number=number, agree="on")
    Talent.objects.update(state="verified", verified_at=NOW)
    other = identity("19900302")
    assert post(client, 1, PERSON, id_number=other).status_code == 302
    talent = Talent.objects.get()
    assert (talent.id_number, talent.proposals.get().id_number) == (number, other)


def test_a_reported_record_is_offered_at_the_start_and_claimed(client, her):
    record = factories.talent(full_name="王小敏", user=None, phone=her.phone, source="import")
    assert client.get(reverse("profile")).url == reverse("profile_claim")
    page = client.get(reverse("profile_claim")).content.decode()
    assert ("王*敏" in page, "单位已为您报送过档案" in page) == (True, True)
    assert client.post(reverse("profile_claim")).status_code == 422  # consent comes first
    assert client.post(reverse("profile_claim"), {"agree": "on"}).url == reverse("profile_review")
    assert Consent.objects.granted_by(her, "talent_database")
    record.refresh_from_db()
    assert (record.user, record.state) == (her, "verified")


def test_a_declined_offer_is_not_made_again(client, her):
    factories.talent(full_name="王小敏", user=None, phone=her.phone, source="import")
    assert client.post(reverse("profile_claim"), {"decline": "1"}).url == step(1)
    assert client.get(reverse("profile")).url == step(1)
    assert post(client, 1, PERSON).url == step(2)


def test_a_number_tells_nobody_what_a_unit_reported(client, her):
    """Her step is answered as if there were no such record; nothing of hers goes into it."""
    number = identity("19900301")
    record = factories.talent(full_name="王小敏", user=None, id_number=number, source="import")
    answers = [
        post(client, 1, PERSON, id_number=tried, agree="on").url
        for tried in (number, identity("19900302"), number)
    ]
    assert answers == [step(2)] * 3
    record.refresh_from_db()
    assert (record.user, Talent.objects.get(user=her).id_number) == (None, number)


def test_another_womans_record_is_out_of_reach(client, her):
    """No address names a record: whoever asks gets her own."""
    factories.talent(full_name="别人")
    assert client.get(reverse("profile_review")).url == step(1)
    assert client.get(step(2)).url == step(1)
    assert client.get(reverse("profile_claim")).context["found"] is None
    assert client.get(step(4)).status_code == 404


def test_the_anonymous_are_asked_to_sign_in(client):
    for name, arguments in (("profile", []), ("profile_step", [1]), ("profile_units", [])):
        address = reverse(name, args=arguments)
        assert client.get(address).url.startswith(reverse("account_login"))
