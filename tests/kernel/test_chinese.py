"""Chinese within an English page is marked, so that a screen reader changes its voice."""

import pytest
from django.utils.html import format_html
from django.utils.translation import override

from kernel.templatetags.portal import chinese, is_chinese

MARKED = {
    "两江人才大厦": '<span lang="zh-Hans">两江人才大厦</span>',
    "Attending an event: 女性专场": 'Attending an event: <span lang="zh-Hans">女性专场</span>',
    "悦来国际会议中心 2 号厅": '<span lang="zh-Hans">悦来国际会议中心 2 号厅</span>',
    "Checked in: 林*禾, thanks": 'Checked in: <span lang="zh-Hans">林*禾</span>, thanks',
    "AI与芯片": 'AI<span lang="zh-Hans">与芯片</span>',
    "重庆AI中心": '<span lang="zh-Hans">重庆AI中心</span>',
    "《女科学家》 is full": '<span lang="zh-Hans">《女科学家》</span> is full',
    "<b>甲</b>": '&lt;b&gt;<span lang="zh-Hans">甲</span>&lt;/b&gt;',
    "Hall 3": "Hall 3",
}


@pytest.mark.parametrize("text", MARKED)
def test_the_chinese_of_an_english_sentence_is_marked(text):
    """Only the Chinese in it, with its own punctuation; what was typed is escaped."""
    with override("en"):
        assert chinese(text) == MARKED[text]


def test_what_is_marked_is_not_marked_twice():
    """A component may mark a title that its caller has marked."""
    with override("en"):
        once = chinese("女性专场")
        assert chinese(once) == once
        apart = '<span lang="zh-Hans">甲</span> &amp; <span lang="zh-Hans">乙</span>'
        assert chinese(format_html("{}", "甲 & 乙")) == apart


def test_a_chinese_page_marks_nothing():
    """There it goes without saying."""
    with override("zh-hans"):
        assert chinese("女性专场") == "女性专场"
        assert is_chinese("女性专场") == ""
    with override("en"):
        assert is_chinese("女性专场") == 'lang="zh-Hans"'
