"""What an app may declare: names of its own."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kernel import portal
from liangjiang.celery import app


@pytest.mark.parametrize(
    "field",
    [
        {"verbs": {"events.ask_question": "提问"}},
        {"notices": {"event.asked": object()}},
        {"beat": {"events.tasks.clear": 60}},
        {"permissions": {"auditor": ("events.view_event",)}},
    ],
    ids=lambda field: next(iter(field)),
)
def test_an_app_declares_no_name_of_another(field):
    with (
        pytest.raises(ImproperlyConfigured, match="not its own"),
        portal.declared("mentoring", portal.Declaration(**field)),
    ):
        pass
    assert "mentoring" not in portal.declarations()


def test_a_control_an_app_declares_its_own_names():
    own = portal.Declaration(verbs={"mentoring.ask_question": "提问"})
    with portal.declared("mentoring", own):
        assert portal.merged("verbs")["mentoring.ask_question"] == "提问"
    assert "mentoring.ask_question" not in portal.merged("verbs")


def test_parts_of_one_app_are_joined_rights_add_up():
    one = portal.Declaration(beat={"a.one": 1}, queue=("first",), permissions={"clerk": ("a.x",)})
    two = portal.Declaration(
        beat={"a.two": 2},
        queue=("second",),
        permissions={"clerk": ("a.y",), "auditor": ("a.z",)},
        api="a.api",
    )
    assert portal.joined(one, two) == portal.Declaration(
        beat={"a.one": 1, "a.two": 2},
        queue=("first", "second"),
        permissions={"clerk": ("a.x", "a.y"), "auditor": ("a.z",)},
        api="a.api",
    )


@pytest.mark.parametrize("field", [{"beat": {"a.one": 1}}, {"api": "a.api"}], ids=["table", "once"])
def test_parts_of_one_app_do_not_repeat_each_other(field):
    with pytest.raises(ImproperlyConfigured, match="two parts"):
        portal.joined(portal.Declaration(**field), portal.Declaration(**field))


def test_the_worker_knows_every_task_of_the_clock():
    """A worker throws a task away that it does not know, and only its log says so."""
    app.loader.import_default_modules()
    assert sorted(set(portal.merged("beat")) - set(app.tasks)) == []
