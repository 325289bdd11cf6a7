"""What is written as Markdown comes out as words and never as anything that acts or loads."""

import re
from html.parser import HTMLParser

import pytest

from cloud_home import rules
from kernel import markdown

VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>body{background:url(https://evil.example)}</style>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<form action=https://evil.example><input></form>",
    "<!--><script>alert(1)</script>-->",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onclick=alert(1)")',
    '[x](https://a.example" onmouseover="alert(1))',
    "![x](https://evil.example/p.png)",
    "![x](javascript:alert(1))",
    "![x][y]\n\n[y]: https://evil.example/p.png",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| <script>alert(1)</script> | b |\n|---|---|\n| [x](javascript:alert(1)) | c |",
    "# <script>alert(1)</script>",
    "> <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u202e<script>alert(1)</script>",
    "[x](//evil.example)",
    "[<img src=x onerror=alert(1)>](https://a.example)",
    "<https://a.example/<script>alert(1)</script>>",
)
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
ADDRESS = re.compile(r"(https?:|mailto:|/|#)")


class Reader(HTMLParser):
    """Takes down what is not on the list, as a browser would find it."""

    def __init__(self, text):
        super().__init__()
        self.wrong = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in markdown.TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()):
                self.wrong.append((tag, name))
            if name == "href" and not ADDRESS.match(value):
                self.wrong.append(value)
        if tag == "a" and dict(attrs).get("rel") != "nofollow ugc noopener":
            self.wrong.append("rel")


@pytest.mark.parametrize("text", VECTORS)
def test_nothing_acts_or_loads(text):
    assert Reader(markdown.html(text)).wrong == []


def test_a_control_the_reader_finds_what_is_wrong():
    found = Reader('<script></script><a href="javascript:x" onclick="y">z</a><img src="a">').wrong
    assert found == ["script", "javascript:x", ("a", "onclick"), "rel", "img", ("img", "src")]


def test_what_women_write_looks_as_they_meant_it():
    text = "# 步骤\n\n第一行\n第二行\n\n- **先**烘\n- 再测\n\n3. 三\n\n> 引用\n\n[标准](https://a.example)"
    assert markdown.html(text) == (
        "<h3>步骤</h3>\n<p>第一行<br>\n第二行</p>\n<ul>\n<li><strong>先</strong>烘</li>\n<li>再测</li>\n</ul>\n"
        '<ol start="3">\n<li>三</li>\n</ol>\n<blockquote>\n<p>引用</p>\n</blockquote>\n'
        '<p><a href="https://a.example" rel="nofollow ugc noopener">标准</a></p>\n'
    )


def test_a_picture_from_elsewhere_is_a_link():
    assert markdown.html("![图](https://a.example/p.png)") == (
        '<p>!<a href="https://a.example/p.png" rel="nofollow ugc noopener">图</a></p>\n'
    )


def test_the_words_alone_are_what_is_searched_and_quoted():
    assert markdown.plain("**功率**器件 <b>\n\n[标准](https://a.example)") == "功率器件 <b>\n标准"


@pytest.mark.parametrize("piece", ["[", "*a", "![", "[a](", ">", "|a", "`", "<", "- ", "_a_"])
def test_ten_thousand_characters_of_anything_are_read(piece):
    text = piece * (10_000 // len(piece))
    assert Reader(markdown.html(text)).wrong == []


def test_a_table_that_grows_seventyfold_is_refused():
    row = "|a" * 90 + "|\n"
    wide = row + "|-" * 90 + "|\n" + "|\n" * 3000
    assert (len(wide) < 10_000, len(markdown.html(wide)) > 500_000) == (True, True)
    assert rules.why_not_words(wide).code == "table_too_large"
    plain = "|样品|批次|\n|-|-|\n" + "|77|3|\n" * 500
    assert rules.why_not_words(plain) is None
