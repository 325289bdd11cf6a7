"""Small templates that differ from reader to reader by a few words: rendered once, the words are put in each time.

Rendering takes a tenth of a millisecond for each tag, whatever comes out. A greeting, or a form that is the same for
all but its token, is cut once for a language where its words go, as a page is at its holes (kernel.holes). What is kept
holds no reader's words.

A part that says many things, most of which few readers are told, is cut out of the first one that is rendered (`kept_like`).
"""

import re
import secrets
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

WORD = secrets.token_hex(16)  # no name anybody types holds it
_MARK = re.compile(rf"{WORD}(\w+)\.")
MOST_KEPT = 1000
_kept = {}  # {what a part depends on: (texts, names)}, of this process


def stencilled(template, **words):
    """Return a template with its words put in, as render_to_string would.

    Arguments:
        template: may print the words as they are, without filters, and ask whether one is there; nothing else.
        words: {name: text}, escaped here unless it is marked as safe; "" or None for what is not there.
    """
    there = frozenset(name for name, word in words.items() if word)
    return _filled(*_cut(template, there, get_language()), words)


def kept_like(like, words, render):
    """Return what `render()` would, out of one kept for whoever it says the same to but for her words.

    Arguments:
        like: hashable, all that it depends on besides her words; the reader's language is added here.
        words: {name: text} of hers, each long and random (a code, a token), so that nothing else on it reads alike.
        render: makes it afresh.
    """
    like = (like, frozenset(words), get_language())
    cut = _kept.get(like)  # once: another thread may empty it meanwhile
    if cut is None:
        names = {conditional_escape(word): name for name, word in words.items()}
        parts = re.split(f"({'|'.join(map(re.escape, names))})", render()) if names else [render()]
        cut = tuple(parts[0::2]), tuple(names[word] for word in parts[1::2])
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[like] = cut
    return _filled(*cut, words)


def _filled(texts, names, words):
    parts = [texts[0]]
    for name, text in zip(names, texts[1:], strict=True):
        parts += [conditional_escape(words[name]), text]
    return mark_safe("".join(parts))  # noqa: S308 (our own template, the words escaped)


@lru_cache(maxsize=256)
def _cut(template, there, language):
    """Return (the texts between the words, the names of the words in order)."""
    marks = {name: mark_safe(f"{WORD}{name}.") for name in there}  # noqa: S308 (our own word)
    parts = _MARK.split(render_to_string(template, marks))
    return tuple(parts[0::2]), tuple(parts[1::2])
