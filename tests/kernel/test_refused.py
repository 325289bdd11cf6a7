"""A refused form says so in the title and at the top, with links to its fields, and takes the focus."""

import re

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from kernel.errors import Invalid
from kernel.refused import ASKS, Problem, problems
from tests import factories
from tests.talents.test_profile import fill

pytestmark = pytest.mark.django_db


class Sample(forms.Form):
    """A form with every way a field can be found."""

    name = forms.CharField(label="name")
    way = forms.ChoiceField(label="方式", widget=forms.RadioSelect, choices=[("a", "A")])
    key = forms.CharField(label="key", widget=forms.HiddenInput)

    def clean(self):
        """Refuse the form as a whole, too."""
        raise forms.ValidationError("整个表单有误。")


def test_each_problem_names_its_field_and_where_it_stands():
    texts = [(p.anchor, p.label) for p in problems({"form": Sample({}), "same": Sample({})})]
    expected = [("", ""), ("id_name", "Name"), ("id_way_error", "方式"), ("", "Key")]
    assert texts == expected


def test_a_form_that_only_asks_says_so():
    class Asking(forms.Form):
        def clean(self):
            raise forms.ValidationError("会这样，请再保存一次。", code=ASKS)

    assert problems({"form": Asking({})}) == [Problem("", "", "会这样，请再保存一次。", asks=True)]


def test_a_form_that_was_not_sent_or_is_right_is_no_problem():
    class Right(forms.Form):
        name = forms.CharField()

    assert problems({"a": Sample(), "b": Right({"name": "x"}), "error": None}) == []


def test_a_refusal_without_a_form_is_one():
    found = problems({"error": Invalid("x", "请先同意。", field="agree")})
    assert found == [Problem("id_agree", "", "请先同意。")]


def test_sets_of_forms_are_looked_through():
    sent = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    rows = forms.formset_factory(Sample, extra=2)({**sent, "form-1-way": "b"})
    assert "id_form-1-name" in [problem.anchor for problem in problems({"rows": rows})]


def summary(html):
    """Return the title, and the summary: its attributes, its links as (field, text)."""
    title = re.search(r"<title>(.*?)</title>", html, re.S)[1].strip()
    attributes, inside = re.search(
        r'<div class="(?:notice notice-danger|portal-say is-bad portal-problems)"([^>]*)>(.*?)</ul>',
        html,
        re.S,
    ).groups()
    links = re.findall(r'<a href="#([^"]+)">([^<]*)</a>', inside)
    return title, attributes, [(field, " ".join(text.split())) for field, text in links]


@pytest.fixture
def woman(client):
    user = factories.user("林静", phone="13812345678")
    client.force_login(user)
    return user


def test_a_page_of_the_site(woman, client):
    html = client.post(reverse("profile_step", args=[1]), {}).content.decode()
    title, attributes, links = summary(html)
    assert title.startswith("需要修改：")
    assert (
        'role="alert"' in attributes and 'tabindex="-1"' in attributes and "autofocus" in attributes
    )
    assert [field for field, _text in links] == ["id_full_name", "id_birth_month_error"]
    ids = set(re.findall(r'id="([^"]+)"', html))
    assert {field for field, _text in links} <= ids


def test_a_page_of_signing_in():
    answer = Client().post(reverse("account_login"), {"login": "", "password": ""})
    title, _attributes, links = summary(answer.content.decode())
    assert title.startswith("需要修改：登录")
    assert [field for field, _text in links] == ["id_login", "id_password"]


@pytest.mark.parametrize(
    "page",
    ["admin:accounts_unit_add", "admin:events_event_add", "admin:care_points_servicehours_add"],
)
def test_the_pages_of_the_admin(client, page):
    roles = ("department_clerk", "event_organiser", "points_clerk")
    client.force_login(factories.staff(*roles))
    html = client.post(reverse(page), {"_save": "1"}).content.decode()
    title, attributes, links = summary(html)
    assert title.startswith("需要修改：")
    assert 'role="alert"' in attributes and "autofocus" in attributes
    assert links and {field for field, _text in links} <= set(re.findall(r'id="([^"]+)"', html))
    assert "Please correct" not in html


def test_handing_in_without_consent_is_said_at_the_top(woman, client):
    fill(client)
    html = client.post(reverse("profile_review"), {}).content.decode()
    title, _attributes, links = summary(html)
    assert title.startswith("需要修改：我的档案")
    assert links == [("id_agree", "请先同意将档案存入人才数据库，再提交审核。")]
