"""Fields of one line refuse line breaks and control characters, whoever saves them."""

import pytest
from django.apps import apps
from django.urls import reverse

from accounts import operations as accounts
from events import operations as events
from events.models import Event
from kernel import portal
from kernel.errors import Invalid
from kernel.one_line import _fields, why_not_one_line
from tests import factories

NOW = factories.NOW
BROKEN = [
    "沙龙\n第二行",
    "沙龙\r\nBcc: x@example.cn",
    "沙龙\x00",
    "沙龙\x1b[31m",
    "沙龙\u2028",
    "沙龙\u202e文",
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_not_one_line(text):
    assert why_not_one_line(text).code == "not_one_line"


def test_what_is():
    for text in ("", "智能制造女科学家沙龙（第 3 期）", "Zoë · 朱婧", "𠮷野家", "a\u3000b"):
        assert why_not_one_line(text) is None
    assert why_not_one_line("请补充学历\r\n和职称", breaks=True) is None
    assert why_not_one_line("请补充\x07", breaks=True).code == "not_one_line"


@pytest.mark.django_db
@pytest.mark.parametrize("text", [text for text in BROKEN if "\0" not in text])
def test_every_way_of_saving_asks(text):
    administrator, event = factories.staff("administrator"), factories.event()
    for save in (
        lambda: events.edit_event(event=event, changes={"title": text}, by=None, now=NOW),
        lambda: accounts.save_unit(unit=None, name=text, kind="school", by=administrator, now=NOW),
        lambda: factories.user(text),
        lambda: factories.talent(full_name=text, user=None),
        lambda: Event(title=text).save(),
    ):
        with pytest.raises(Invalid) as refused:
            save()
        assert refused.value.code == "not_one_line"
    assert Event.objects.get().title == event.title


@pytest.mark.django_db
def test_the_admins_form_says_it_at_the_field(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("administrator"))
    add = reverse("admin:accounts_unit_add")
    page = client.post(add, {"name": "重庆大学\n附属", "kind": "school"}).content.decode()
    assert "不能有换行或控制字符" in page
    assert client.post(add, {"name": "重庆大学附属", "kind": "school"}).status_code == 302


def test_every_model_of_the_apps_is_asked():
    """The control: a model nobody watches would be one without a receiver."""
    from django.db.models.signals import pre_save

    watched = {key[0] for key, *_rest in pre_save.receivers if str(key[0]).startswith("one_line.")}
    models = [m for app in portal.declarations() for m in apps.get_app_config(app).get_models()]
    assert {f"one_line.{model._meta.label}" for model in models} == watched
    assert ("title", False) in _fields(Event)
    assert ("cancel_reason", True) in _fields(Event)
