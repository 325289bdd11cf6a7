"""Kinds of notices: their words, their placeholders, and whether they are sent without consent.

Each app declares its own (kernel.portal, field `notices`). Words are Chinese there and translated when
rendered. An SMS is one sentence without a link's length.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language

from kernel import portal
from kernel.words import moment_text, month_text, span_text


@dataclass(frozen=True)
class Topic:
    """What she chooses a way for: a code, the words of the line on her page, its `order` there.

    Several kinds may share one. `by_mail`: what is read at leisure leaves by mail alone unless she chose SMS; who has
    no verified address finds it in her inbox.
    """

    code: str
    words: Any
    order: int
    by_mail: bool = False


@dataclass(frozen=True)
class Kind:
    """The words of one kind of notice.

    `title` and `body` use %(name)s placeholders from `placeholders` only; a text with a number is an
    ngettext_lazy that names the number's placeholder. `moments`, `spans` and `months` say which of
    them are a moment (datetime), two moments or a month's first day (date), kept as ISO text and shown
    in the reader's words. `essential` kinds go out without consent to messages, because the person
    asked for the thing they speak of. `outside` is what an SMS or a mail says of a notice marked
    `discreet`: (title, body) without the place, the reason or whatever else gives a sensitive matter
    away on a lock screen. Her inbox shows the whole. `to_closed` kinds go out to a closed account as well:
    they say what is done with it. `topic` is the Topic she may choose a way for, or to read of in her inbox alone.
    """

    title: str
    body: str
    placeholders: frozenset = frozenset()
    essential: bool = False
    outside: tuple | None = None
    moments: frozenset = frozenset()
    spans: frozenset = frozenset()
    months: frozenset = frozenset()
    to_closed: bool = False
    topic: Topic | None = None

    @property
    def is_by_mail(self):
        """Tell whether it leaves by mail alone where she did not choose another way."""
        return self.topic is not None and self.topic.by_mail

    def check(self, context, *, discreet=False):
        """Raise ValueError unless `context` holds exactly the placeholders, and a `discreet` notice has words."""
        if set(context) != set(self.placeholders):
            raise ValueError(f"placeholders {sorted(context)} are not {sorted(self.placeholders)}")
        if discreet and self.outside is None:
            raise ValueError("a discreet notice needs words for outside")

    def stored(self, context):
        """Return `context` as plain JSON values; a moment no kind declares cannot be stored as one."""
        return {name: self._stored(name, value) for name, value in context.items()}

    def _stored(self, name, value):
        if name in self.spans:
            return [moment.isoformat() for moment in value]
        return value.isoformat() if name in self.moments | self.months else value

    def shown(self, context):
        """Return `context` as people read it; a name kept in several languages in the active one."""
        return {name: self._shown(name, value) for name, value in context.items()}

    def _shown(self, name, value):
        if isinstance(value, dict):
            return value.get(get_language()) or value["zh-hans"]
        if name in self.months:
            return month_text(parse_date(value))
        if name in self.spans:
            return span_text(*map(parse_datetime, value))
        return moment_text(parse_datetime(value)) if name in self.moments else value


def kind(code):
    """Return the Kind called `code`; raises KeyError where no app declares it."""
    return portal.merged("notices")[code]


def find(code):
    """Return the Kind called `code`, or None where no app declares it."""
    return portal.merged("notices").get(code)


def topics():
    """Return {code: Topic} of what people choose a way for, in the order of the page."""
    found = {one.topic for one in portal.merged("notices").values() if one.topic}
    return {topic.code: topic for topic in sorted(found, key=lambda topic: topic.order)}
