"""Calls and applications as the tests need them."""

from datetime import timedelta

from calls import operations
from tests import factories

DAY = timedelta(days=1)


def draft(now=factories.NOW, stages=("acceptance", "decision"), lines=True, **fields):
    """Return a draft of the women's federation with three lines: text from the record, text, choice."""
    start = {
        "kind": "honour",
        "measure": 5,
        "title": "三八红旗手推荐",
        "text": "面向一线女性科技人才。",
        "opens_at": now - DAY,
        "closes_at": now + 10 * DAY,
        "sources": ["self"],
        "department": factories.department(),
    }
    call = operations.add_call(fields=start | fields, stages=stages, by=None, now=now)
    if lines:
        line(call, "单位", profile="unit_name", now=now)
        line(call, "主要事迹", limit=20, now=now)
        line(call, "类别", kind="choice", choices=["科研", "教育"], required=False, now=now)
    return call


def line(call, label, now=factories.NOW, **values):
    """Add one line to the form of a draft; a required text unless said otherwise."""
    start = {"kind": "text", "label": label, "limit": 100}
    return operations.save_field(call=call, values=start | values, by=None, now=now)


def call(now=factories.NOW, **fields):
    """Return a call that takes applications."""
    return operations.open_call(call=draft(now, **fields), by=None, now=now)


def begun(to=None, talent=None, now=factories.NOW):
    """Return an application that is being filled in, complete."""
    to = to or call(now)
    talent = talent or factories.talent(unit=factories.unit())
    application = operations.start_application(call=to, talent=talent, by=None, now=now)
    answers = {one.pk: "在一线攻关三年" for one in to.fields.filter(label__in=("单位", "主要事迹"))}
    return operations.save_answers(application=application, answers=answers, by=None, now=now)


def handed_in(to=None, talent=None, now=factories.NOW):
    """Return an application that was handed in."""
    return operations.submit_application(application=begun(to, talent, now), by=None, now=now)


def accepted(to=None, talent=None, now=factories.NOW):
    """Return an application that was accepted."""
    return operations.accept_application(application=handed_in(to, talent, now), by=None, now=now)


def over(application):
    """Return a moment at which the call of an application takes none any more."""
    return application.call.closes_at + timedelta(seconds=1)
