"""What an app has for, and holds about, one person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel import words


@dataclass(frozen=True)
class Joint:
    """Something that needs two people (accounts.joint), under the code of its verb.

    `words` say what is asked for; `carry_out(action, by=, now=)` does what was confirmed;
    `facts(action)` returns (label, value) pairs, what the second person reads before she confirms. `right` is
    the permission it is asked for with: who has lost it meanwhile has asked for nothing. `kept(params)` returns what
    stays of the request's values once it is decided or has run out. `tells`: the app itself tells the person it was done
    to, in words of its own, once it is done.
    """

    words: Any
    carry_out: Any
    facts: Any
    right: str
    kept: Any = dict
    tells: bool = False


@dataclass(frozen=True)
class Group:
    """Rows of one kind in her copy: `rows` are model instances, `fields` names of what is shown of them.

    A name is a field, which brings its own words, or a pair (attribute, words).
    """

    title: Any
    rows: Any
    fields: tuple


@dataclass(frozen=True)
class Prefill:
    """What a text of a call's form may begin with: what it is called, and `text(talent)`, "" where nothing is known."""

    words: Any
    text: Any


@dataclass(frozen=True)
class Person:
    """Somebody who is erased: her account (None where she has none), her records, and what she is called from now on.

    The apps that know of records hold their locks already; who holds the account's does so too.
    """

    user: Any
    records: tuple = ()
    pseudonym: str = ""


@dataclass(frozen=True)
class PersonalData:
    """An app's part of what the portal holds about one person (PIPL art. 45), and of erasing her (art. 47).

    Arguments:
        order: where it stands among the parts; title: words.
        covers: "app.Model.field" of the relations to a user or a record whose rows it hands out; a test
            fails on a relation that no app covers and that has no reason on the list of exceptions.
        collect: function(user) that returns Groups.
        files: function(user) that yields (name inside the copy, bytes).
        lost: function(person, now) that returns sentences: what is lost by being erased, and what stays.
        erase: function(person, now) that takes all that says who she was, leaves what sums and links need, and
            returns how many rows it changed. Called in the transaction of the whole erasure, the highest app
            first; twice does no harm.
    """

    order: int
    title: Any
    covers: tuple
    collect: Any
    files: Any = lambda user: ()
    lost: Any = lambda person, now: ()
    erase: Any = lambda person, now: 0


@dataclass(frozen=True)
class Opening:
    """Something that is open to one woman: `why` are sentences, one for each rule that fits; `note` says when or for what."""

    title: str
    link: str
    note: str
    why: tuple


@dataclass(frozen=True)
class Openings:
    """What an app has for her: `find(talent, now)` returns Openings by the rules that `rules` (lazy sentences) tell her."""

    order: int
    rules: tuple
    find: Any


@dataclass(frozen=True)
class Ask:
    """Something an app asks women for: what it is called ("宣讲"), and the page where a woman reads what she was asked.

    `page` is the name of an address that takes the number of the app's own row, its invitation.
    """

    words: Any
    page: str


@dataclass(frozen=True)
class Milestone:
    """One line of a woman's growth: a thing that happened to her or that she did.

    Arguments:
        day: a date; exact: how much of it is known, "day", "month" or "year".
        kind: words for what sort of thing it is ("论文"); title: what it is; note: what else is known.
            Words are lazy, because her copy tells them in both languages.
        link: address of its page; honour: whether it is shown as one.
    """

    day: date
    exact: str
    kind: Any
    title: Any
    note: Any = ""
    link: str = ""
    honour: bool = False

    @property
    def when(self):
        """Return its day in words, as exactly as it is known."""
        return words.date_text(self.day, self.exact)
