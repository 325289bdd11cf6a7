"""A template cut once where its words go says what it would say rendered afresh, and keeps nobody's words."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from kernel import stencils
from kernel.stencils import stencilled

GREETING, ACCOUNT = "liangjiang/greeting.html", "liangjiang/account.html"
NAMES = ("王敏", "O'Neil & <b>", "Li \\1 {{ name }} %s", "", None)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_the_template_says(name, language):
    with translation.override(language):
        assert stencilled(ACCOUNT, name=name or "", bell="", csrf_token="t") == render_to_string(
            ACCOUNT, {"name": name or "", "bell": "", "csrf_token": "t"}
        )


@pytest.mark.parametrize("name", [name for name in NAMES if name != "王敏"])
def test_it_asks_whether_a_word_is_there(name):
    assert stencilled(GREETING, name=name) == render_to_string(GREETING, {"name": name})


def test_what_is_marked_as_safe_stays_as_it_is():
    words = {"name": "", "csrf_token": "t", "bell": mark_safe("<i>3</i>")}
    assert stencilled(ACCOUNT, **words) == render_to_string(ACCOUNT, words)


def test_one_cut_serves_all_and_holds_nobodys_words():
    stencils._cut.cache_clear()
    said = [stencilled(GREETING, name=name) for name in ("王敏", "李静")]
    assert [name in text for name, text in zip(("王敏", "李静"), said, strict=True)] == [True] * 2
    assert stencils._cut.cache_info().currsize == 1
    kept = "".join(stencils._cut(GREETING, frozenset({"name"}), "zh-hans")[0])
    assert [name in kept for name in ("王敏", "李静")] == [False, False]
