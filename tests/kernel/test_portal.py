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


def test_the_worker_knows_every_task_of_the_clock():
    """A worker throws a task away that it does not know, and only its log says so."""
    app.loader.import_default_modules()
    assert sorted(set(portal.merged("beat")) - set(app.tasks)) == []
