"""Lessons as the tests need them."""

from outreach.lessons import operations
from tests.factories import NOW
from tests.outreach import make


def said(**values):
    """Return what is written of an experiment."""
    return {
        "kind": "experiment",
        "stage": "primary",
        "title": "会爬坡的水",
        "minutes": 40,
        "materials": "纸巾",
        "body": "- 先猜\n- 再做",
        "risks": "地上有水会滑，备拖布。",
    } | values


def written(by=None, **values):
    """Return the first version of a lesson."""
    return operations.save_lesson(by=by, now=NOW, **said(**values))


def agree(version, by=None):
    """Return the review of somebody who agrees."""
    by = by or make.coordinator()
    return operations.review_lesson(version=version, agrees=True, by=by, now=NOW)


def shown(**values):
    """Return the version of a lesson everybody reads."""
    version = written(**values)
    for _ in range(2):
        agree(version)
    return version
