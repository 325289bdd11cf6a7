"""The roll, her page, the certificate's check page, and the clerk's pages; who does not belong sees nothing."""

from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from honours import certificate_words, operations
from honours.models import Award, Honour
from privacy import consents
from privacy.models import AuditEntry
from tests import factories
from tests.honours import make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, make.DAY
ROLL = "/honours/"


@pytest.fixture
def clerk(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = factories.staff("department_clerk")
    client.force_login(user)
    return user


def names(page):
    return [award.shown_recipient for award in page.context["page"].rows]


def agree(award, granted=True):
    decide = consents.grant if granted else consents.withdraw
    user = award.talent.user
    decide(user=user, purpose="honour_roll", by=user, now=NOW)


# --- the roll ---------------------------------------------------------------------------------------
def test_the_roll_is_empty_with_a_way_on(client):
    assert "荣誉榜还是空的" in client.get(ROLL).text


def test_a_name_is_masked_until_she_agrees_and_is_not_found_before(client):
    award = make.award(recipient="林晓静", unit_text="明月湖实验室")
    page = client.get(ROLL)
    assert (names(page), "林晓静" in page.text, "明月湖" in page.text) == (["林*静"], False, False)
    found = {
        words: names(client.get(ROLL, {"q": words}))
        for words in ("林晓静", "晓静", "林", "明月湖", "最美巾帼")
    }
    assert found == {
        "林晓静": [],
        "晓静": [],
        "林": [],
        "明月湖": [],
        "最美巾帼": ["林*静"],
    }
    agree(award)
    for words in ("林晓静", "晓静", "明月湖", "最美"):
        assert names(client.get(ROLL, {"q": words})) == ["林晓静"]
    agree(award, granted=False)
    assert (names(client.get(ROLL)), names(client.get(ROLL, {"q": "林晓静"}))) == (["林*静"], [])


def test_who_agreed_before_stands_there_in_full_from_the_first_day(client):
    woman = factories.talent(full_name="林晓静")
    consents.grant(user=woman.user, purpose="honour_roll", by=woman.user, now=NOW)
    make.award(woman)
    assert names(client.get(ROLL)) == ["林晓静"]


def test_the_roll_narrows_by_year_level_and_honour(client):
    make.award(code=make.POST, recipient="急救中心", granted_on=date(2024, 3, 6))
    make.award(code=make.CITY, recipient="林晓静", granted_on=date(2025, 3, 6))
    make.award(recipient="王敏", granted_on=date(2026, 3, 6))
    make.revoked(make.award(recipient="李雷"))
    asked = [
        {},
        {"year": "2024"},
        {"level": "municipal"},
        {"honour": make.CITY},
        {"year": "2026", "level": "municipal"},
        {"year": "二〇二四", "level": "x", "after": "x", "honour": ""},
        {"q": "急救"},
    ]
    everybody = ["王*", "林*静", "急救中心"]
    assert [names(client.get(ROLL, one)) for one in asked] == [
        everybody,
        ["急救中心"],
        ["林*静", "急救中心"],
        ["林*静"],
        [],
        everybody,
        ["急救中心"],
    ]
    assert client.get(ROLL).context["years"] == [2026, 2025, 2024]
    assert "没有找到" in client.get(ROLL, {"q": "没有这个人"}).text
    for strange in ("%", "'", "a" * 999):
        assert client.get(ROLL, {"q": strange, "honour": strange}).status_code == 200


def test_the_roll_asks_as_often_for_three_as_for_one_and_pages_on(
    client, django_assert_num_queries, monkeypatch
):
    make.award(recipient="王一")
    with django_assert_num_queries(3):
        client.get(ROLL)
    for number in range(2):
        make.award(recipient=f"王{number}", granted_on=date(2025, 1, 1 + number))
    with django_assert_num_queries(3):
        client.get(ROLL)
    monkeypatch.setattr("honours.roll.PAGE", 2)
    first = client.get(ROLL)
    after = first.context["page"].after
    assert len(names(first)) == 2
    assert len(names(client.get(ROLL, {"after": after}))) == 1


def test_she_takes_one_off_the_roll_and_puts_it_back(client):
    award = make.award(recipient="林晓静")
    address = reverse("honour_on_roll", args=[award.code])
    client.force_login(award.talent.user)
    client.post(address)
    assert (
        names(client.get(ROLL)),
        "没有列入荣誉榜" in client.get(reverse("my_honours")).text,
    ) == (
        [],
        True,
    )
    client.post(address, {"listed": "1"})
    assert names(client.get(ROLL)) == ["林*静"]
    client.force_login(factories.talent().user)
    assert client.post(address).status_code == 404
    assert client.get(address).status_code == 405


def test_an_honour_of_a_team_stays_on_the_roll(client):
    award = make.award(code=make.POST, recipient="急救中心")
    client.force_login(award.talent.user)
    client.post(reverse("honour_on_roll", args=[award.code]))
    assert names(client.get(ROLL)) == ["急救中心"]


# --- her page ---------------------------------------------------------------------------------------
def test_her_page_says_what_she_has_what_became_of_it_and_where_she_was_recommended(client):
    award = make.award(recipient="林晓静")
    make.recommendation(award)
    client.force_login(award.talent.user)
    page = client.get(reverse("my_honours")).text
    for said in ("两江新区最美巾帼奋斗者", "100 积分", "下载英文证书", "林*静", "报送重庆市妇联"):
        assert said in page
    make.revoked(award)
    page = client.get(reverse("my_honours")).text
    assert ("经核实材料有误" in page, "下载英文证书" in page) == (True, False)
    client.force_login(factories.talent().user)
    page = client.get(reverse("my_honours")).text
    assert ("还没有登记的荣誉" in page, "最美巾帼" in page) == (True, False)


def test_her_page_asks_as_often_for_three_as_for_one(client, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    woman = factories.talent(full_name="林晓静")
    client.force_login(woman.user)
    counts = []
    for number in range(3):
        make.award(woman, granted_on=date(2026, 1, 1 + number))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("my_honours"))
        counts.append(len(asked))
    assert counts[1] == counts[2] == counts[0]


# --- certificates -----------------------------------------------------------------------------------
def test_a_certificate_is_read_in_both_languages_and_checked_by_anybody(client, tmp_path):
    woman = factories.talent(full_name="林晓静")
    award = make.award(woman)
    certificate = award.certificate
    texts = []
    for language in ("zh-hans", "en"):
        path = tmp_path / "one.pdf"
        path.write_bytes(certificate_words.pdf(certificate, language))
        texts.append(PdfReader(path).pages[0].extract_text())
    texts = ["".join(text.split()) for text in texts]
    for said in (
        "荣誉证书",
        "林晓静",
        "两江新区最美巾帼奋斗者",
        "2026年3月6日",
        certificate.number,
    ):
        assert said in texts[0]
    for said in ("CertificateofHonour", "Lin", "MostInspiring", certificate.number):
        assert said in texts[1]
    address = reverse("honour_certificate", args=[certificate.code])
    page = client.get(address)
    assert "有效。请核对" in page.text
    assert (page["X-Robots-Tag"], "林晓静" in page.text) == ("noindex, nofollow", True)
    make.revoked(award)
    assert "不能再作证明" in client.get(address).text
    assert client.get(reverse("honour_certificate", args=["ABCDEFGHJKMNPQRS"])).status_code == 404
    typed = client.post(reverse("honour_certificates"), {"code": certificate.code})
    assert typed["Location"] == address
    assert client.post(reverse("honour_certificates"), {"code": " "}).status_code == 422


def test_what_others_granted_is_a_statement_that_names_them():
    award = make.award(code=make.CITY, granted_by="重庆市妇女联合会")
    assert certificate_words.heading(award.certificate) == "荣誉证明"
    assert ("授予单位", "重庆市妇女联合会") in certificate_words.facts(award.certificate)


def test_her_file_is_hers_and_her_departments_and_theirs_is_on_record(client, clerk):
    award = make.award()
    address = reverse("honour_certificate_file", args=[award.certificate.code])
    taken = AuditEntry.objects.filter(action="honours.fetch_certificate")
    assert (client.get(address)["Content-Type"], taken.count()) == ("application/pdf", 1)
    client.force_login(award.talent.user)
    assert (client.get(address).status_code, taken.count()) == (200, 1)
    for stranger in (
        factories.talent().user,
        factories.staff("department_clerk", department_code="science_innovation"),
        factories.staff(),
    ):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    assert taken.count() == 1


# --- the clerk --------------------------------------------------------------------------------------
def test_a_clerk_registers_corrects_revokes_and_restores(client, clerk):
    woman = factories.talent(full_name="林晓静")
    typed = {
        "talent_code": woman.code,
        "honour": make.honour(make.CITY).pk,
        "recipient": "林晓静",
        "recipient_en": "",
        "unit_text": "明月湖实验室",
        "granted_on": "2025-03-06",
        "granted_by": "重庆市妇女联合会",
        "document_number": "",
        "evidence": "",
    }
    add = reverse("admin:honours_award_add")
    refused = client.post(add, typed)
    assert "至少填一项" in refused.text
    assert 'value="明月湖实验室"' in refused.text
    unknown = client.post(add, typed | {"talent_code": "nobody", "evidence": "证书原件"})
    assert "没有这个人才编号" in unknown.text
    assert client.post(add, typed | {"document_number": "渝妇发〔2025〕8号"}).status_code == 302
    award = make.only()
    assert (award.talent, award.department, award.source) == (woman, clerk.department, "staff")

    def page(name):
        return reverse(f"admin:honours_award_{name}", args=[award.pk])

    shown = client.get(page("correct"))
    assert 'value="渝妇发〔2025〕8号"' in shown.text
    facts = {name: typed[name] for name in operations.FACTS}
    client.post(page("correct"), facts | {"document_number": "渝妇发〔2025〕9号"})
    assert make.only().document_number == "渝妇发〔2025〕9号"
    said = client.get(page("revoke")).text
    assert "公布申报结果时发错的，也在这里撤销" in said
    assert client.post(page("revoke"), {"reason": "错"}).status_code == 422
    client.post(page("revoke"), {"reason": "经核实材料有误"})
    assert (make.only().stands, make.only().revoked_by) == (False, clerk)
    assert "已撤销" in client.get(page("change")).text
    client.post(page("restore"))
    assert make.only().stands
    history = client.get(page("history")).text
    for said in ("授予荣誉", "更正荣誉", "撤销荣誉", "恢复荣誉"):
        assert said in history


def test_a_clerk_finds_on_an_application_where_a_mistaken_result_is_taken_back(client, clerk):
    call, (chosen,) = make.concluded()
    leads = reverse("admin:calls_application_award", args=[chosen.pk])
    assert leads in client.get(reverse("admin:calls_application_change", args=[chosen.pk])).text
    assert client.get(leads)["Location"] == reverse(
        "admin:honours_award_change", args=[make.only().pk]
    )
    asked = client.get(reverse("admin:calls_call_honour", args=[call.pk]))
    assert asked.status_code == 200


def test_the_list_is_taken_out_as_it_is_narrowed_and_without_what_is_not_hers(client, clerk):
    make.award(recipient="林晓静")
    make.award(code=make.CITY, recipient="王敏")
    elsewhere = factories.department("science_innovation")
    talent = factories.talent(department=elsewhere)
    make.award(talent, recipient="李雷")
    assert Award.objects.get(recipient="李雷").department == elsewhere
    export = reverse("admin:honours_award_export")
    level = {"honour__level__exact": "municipal"}
    taken = client.get(export, level)
    assert taken["Content-Type"].endswith("sheet")
    counts = AuditEntry.objects.filter(action="honours.export_awards")
    client.get(export)
    assert list(counts.order_by("pk").values_list("detail__count", flat=True)) == [1, 2]
    odd = client.get(export, {"nothing": "1"})
    assert (odd.status_code, odd.url) == (302, reverse("admin:honours_award_changelist"))
    assert counts.count() == 2
    client.force_login(factories.staff("auditor"))
    assert client.get(export).status_code == 403


def test_the_catalogue_is_kept_in_the_admin(client, clerk):
    typed = {
        "name": "两江新区巾帼科技先锋",
        "name_en": "",
        "level": "district",
        "for_whom": "person",
        "granted_by": "",
        "standard_code": "",
        "is_current": "on",
    }
    add = reverse("admin:honours_honour_add")
    assert client.post(add, typed).status_code == 302
    assert "目录里已有同名的荣誉" in client.post(add, typed).text
    assert Honour.objects.filter(name=typed["name"]).count() == 1
