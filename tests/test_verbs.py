"""The audit log's verbs: each says what happened, has words, is declared, and is recorded somewhere."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from kernel import portal
from liangjiang.translations import portal_apps
from privacy import audit, history
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

FORM = re.compile(r"[a-z_]+\.[a-z]+(_[a-z]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RECORDING = {"record", "record_many", "record_each"}
# Put together where they are recorded: the verb is the right that was asked for.
PUT_TOGETHER = {
    "care_points.add_carestation",
    "care_points.change_carestation",
    "care_points.add_service",
    "care_points.change_service",
    "care_points.add_provider",
    "places.add_place",
    "places.change_place",
    "workplaces.add_periodrule",
    "outreach.add_campusentry",
    "outreach.change_campusentry",
    "workplaces.add_roomtier",
    "workplaces.change_roomtier",
    "workplaces.add_roomcriterion",
    "workplaces.change_roomcriterion",
    "workplaces.add_nurseryrule",
}

# The past forms that do not end in "ed".
PAST = {
    "built",
    "chose",
    "gave",
    "hid",
    "kept",
    "left",
    "let",
    "made",
    "put",
    "read",
    "reset",
    "sent",
    "set",
}
PAST |= {"took", "undid", "withdrew", "wrote"}


def declaring(app):
    """Return the paths of the module, or the modules, an app declares itself in."""
    folder = Path(settings.BASE_DIR, app)
    return [*folder.glob("portal.py"), *folder.glob("portal/*.py"), *folder.glob("*/declares.py")]


def trees():
    """Yield the syntax tree of every module of the apps, declarations left out."""
    for app in portal_apps():
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            if path not in declaring(app) and "migrations" not in path.parts:
                yield ast.parse(path.read_text(encoding="utf-8"))


def is_recording(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RECORDING
        and getattr(node.func.value, "id", "") == "audit"
    )


def literals(tree):
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def recorded():
    """Return the literal verbs of audit.record and audit.record_many."""
    calls = [node for tree in trees() for node in ast.walk(tree) if is_recording(node)]
    return {verb for call in calls for verb in literals(call.args[0]) if FORM.fullmatch(verb)}


def named_where_something_is_recorded():
    """Return the texts of every module that records: a verb chosen beforehand stands there as well."""
    texts = [literals(tree) for tree in trees() if any(map(is_recording, ast.walk(tree)))]
    return set().union(*texts)


@pytest.mark.parametrize("verb", sorted(portal.merged("verbs")))
def test_a_verb_says_what_happened_in_chinese_and_english(verb):
    assert FORM.fullmatch(verb)
    words = portal.merged("verbs")[verb]
    with translation.override("zh-hans"):
        assert CHINESE.search(str(words))
    with translation.override("en"):
        assert str(words)
        assert not CHINESE.search(str(words))


def declared_as():
    """Yield (verb, the function that marks its words for translation, the marked texts) of every declaration."""
    for path in (path for app in portal_apps() for path in declaring(app)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in (one for one in ast.walk(tree) if isinstance(one, ast.Dict)):
            for key, value in zip(node.keys, node.values, strict=True):
                if getattr(key, "value", None) in portal.merged("verbs"):
                    yield key.value, value.func.id, [text.value for text in value.args]


def test_a_verb_shares_its_words_with_no_button():
    shared = [
        verb for verb, marked, texts in declared_as() if marked == "_" or texts[:1] != ["audit"]
    ]
    assert shared == []


def test_every_verb_was_looked_at():
    assert {verb for verb, _marked, _texts in declared_as()} == set(portal.merged("verbs"))


@pytest.mark.parametrize("verb", sorted(portal.merged("verbs")))
def test_a_verb_goes_on_after_a_name_in_english_and_tells_what_was_done(verb):
    with translation.override("en"):
        first = str(portal.merged("verbs")[verb]).split()[0]
    assert first in PAST or re.fullmatch(r"[a-z]+ed", first)


@pytest.mark.parametrize("verb", sorted(portal.merged("verbs")))
def test_what_she_reads_of_a_verb_alone_begins_like_a_sentence(verb):
    with translation.override("en"):
        words = AuditEntry(action=verb).action_words
    assert words[0] == words[0].upper()


def test_what_is_recorded_is_declared():
    assert recorded() - set(portal.merged("verbs")) == set()


def test_what_is_declared_is_recorded_somewhere():
    declared = set(portal.merged("verbs"))
    assert declared - named_where_something_is_recorded() == PUT_TOGETHER


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "herself"), [("zh-hans", "本人"), ("en", "She herself")])
def test_a_woman_who_acted_herself_is_named_once_in_each_sentence(language, herself):
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    for verb in portal.merged("verbs"):
        audit.record(verb, talent, by=talent.user, at=NOW)
    entries = AuditEntry.objects.filter(actor_id=talent.user.pk)
    with translation.override(language):
        told = [line.full for line in history.lines(entries, reader=clerk)]
    assert len(told) >= len(portal.merged("verbs"))
    assert [sentence for sentence in told if sentence.lower().count(herself.lower()) != 1] == []
