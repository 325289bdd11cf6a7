"""Lessons are written, reviewed by two, corrected by another version, taken off and put back.

`by` is a User or None (the system), `now` an aware datetime. A lesson is locked before anything of it changes.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import reasons
from kernel.errors import Invalid, raise_if
from outreach.lessons import rules
from outreach.lessons.models import REVIEWERS, Lesson, LessonVersion
from privacy import audit

FIELDS = ("kind", "stage", "title", "title_en", "minutes", "materials", "body", "risks")
NEEDED = ("kind", "stage", "title", "minutes", "body")


def locked(lesson):
    """Return a lesson as it stands now, locked."""
    return Lesson.objects.select_for_update(of=("self",), no_key=True).get(pk=lesson.pk)


@transaction.atomic
def save_lesson(*, lesson=None, by, now, **fields):
    """Write a lesson (`lesson=None`), or another version of one; returns the LessonVersion.

    `fields` are of FIELDS. What is shown stays shown until two people have reviewed the new version. Nothing changed:
    the version that is there. Raises Refused, Invalid.
    """
    raise_if(rules.why_not_write(by))
    latest = None
    if lesson is None:
        lesson = Lesson.objects.create(created_at=now)
    else:
        lesson = locked(lesson)
        latest = lesson.versions.first()
    values = {name: getattr(latest, name) for name in FIELDS} if latest else {}
    values |= {name: _tidy(value) for name, value in fields.items() if name in FIELDS}
    for name in NEEDED:
        if not values.get(name):
            raise Invalid("lesson_incomplete", _("请填写这一项。"), field=name)
    raise_if(rules.why_not_values(values["kind"], values.get("risks", "")))
    if latest and all(getattr(latest, name) == values[name] for name in FIELDS):
        return latest
    number = latest.number + 1 if latest else 1
    made = LessonVersion.objects.create(
        lesson=lesson, number=number, written_by=by, at=now, **values
    )
    verb = "outreach.rewrite_lesson" if latest else "outreach.write_lesson"
    audit.record(verb, lesson, by=by, at=now, version=number)
    return made


def _tidy(value):
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else value


@transaction.atomic
def review_lesson(*, version, agrees, note="", by, now):
    """Say of a version that it may be shown, or send it back with a `note`; the second who agrees shows it.

    Raises Refused, Invalid, Conflict. Returns the LessonReview.
    """
    raise_if(rules.why_not_review(version, by))
    lesson = locked(version.lesson)
    version = lesson.versions.get(pk=version.pk)
    raise_if(rules.why_not_review(version, by))
    if not agrees:
        note = reasons.clean(note, _("请写明要改什么。"), field="note")
    review = version.reviews.create(by=by, agrees=agrees, note=" ".join(note.split()), at=now)
    verb = "outreach.agree_lesson" if agrees else "outreach.send_back_lesson"
    audit.record(verb, lesson, by=by, at=now, version=version.number)
    if version.reviews.filter(agrees=True).count() >= REVIEWERS:
        lesson.shown = version
        lesson.save(update_fields=["shown"])
        audit.record("outreach.show_lesson", lesson, by=None, at=now, version=version.number)
    return review


@transaction.atomic
def take_back_review(*, review, by, now):
    """Take back what she said of a version that still waits; returns the LessonVersion. Raises Refused, Conflict."""
    raise_if(rules.why_not_take_back(review, by))
    version = review.version
    lesson = locked(version.lesson)
    raise_if(rules.why_not_take_back(review, by))
    version.reviews.filter(pk=review.pk).delete()
    audit.record("outreach.take_back_review", lesson, by=by, at=now, version=version.number)
    return version


@transaction.atomic
def withdraw_lesson(*, lesson, reason, by, now):
    """Take a lesson off; returns it. Raises Refused, Invalid, Conflict."""
    raise_if(rules.why_not_write(by))
    reason = reasons.clean(reason, _("请写明为什么撤下。"))
    lesson = locked(lesson)
    raise_if(rules.why_not_withdraw(lesson, by))
    lesson.withdrawn_at, lesson.reason = now, reason
    lesson.save(update_fields=["withdrawn_at", "reason"])
    audit.record("outreach.withdraw_lesson", lesson, by=by, at=now, reason=reason)
    return lesson


@transaction.atomic
def restore_lesson(*, lesson, by, now):
    """Put a lesson back as it was; returns it. Raises Refused, Conflict."""
    raise_if(rules.why_not_write(by))
    lesson = locked(lesson)
    raise_if(rules.why_not_restore(lesson, by))
    lesson.withdrawn_at, lesson.reason = None, ""
    lesson.save(update_fields=["withdrawn_at", "reason"])
    audit.record("outreach.restore_lesson", lesson, by=by, at=now)
    return lesson
