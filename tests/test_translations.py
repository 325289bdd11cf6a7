"""Every Chinese text has whole English, and every text of a library that readers meet has Chinese."""

import ast
import gettext
import re
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from liangjiang import translations

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]+")
# Chinese that stays Chinese in English sentences: the headings and values a unit writes into the
# Chinese collection form, a masked name, and a punctuation mark that is itself the subject.
KEPT_IN_ENGLISH = {
    "、", "王", "敏", "姓名", "身份证号码", "工作单位", "退回原因", "中共党员", "群众", "博士", "硕士",
    "学士", "博士研究生", "硕士研究生", "大学本科", "大学专科",
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+")


@cache
def collected_catalogues():
    return translations.collect()


@cache
def kept_catalogues():
    return translations.english()


def texts():
    """Every text of the sources."""
    return [m for catalogue in collected_catalogues().values() for m in catalogue if m.id]


def english():
    """Every entry of the apps' English catalogues."""
    return [m for catalogue in kept_catalogues().values() for m in catalogue if m.id]


def forms(text):
    """The strings of a message, one for each plural form."""
    return [text] if isinstance(text, str) else list(text)


def catalogue(*entries, locale="en", **options):
    """A small catalogue for showing that a check can fail."""
    small = Catalog(locale=locale, domain="django")
    for text, translated in entries:
        small.add(text, translated, **options)
    return small


def wrong_placeholders(messages):
    """Messages whose translation names other placeholders or HTML elements than the text."""
    return [
        message.id
        for message in messages
        if message.id
        for string in forms(message.string)
        if string
        and set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(forms(message.id)[-1]))
    ]


def with_chinese(messages):
    """Messages whose English still holds Chinese that is not kept on purpose."""
    return [
        message.id
        for message in messages
        if message.id
        for string in forms(message.string)
        if set(CHINESE.findall(string)) - KEPT_IN_ENGLISH
    ]


def keys(messages):
    return {(forms(message.id)[0], message.context) for message in messages if message.id}


def test_every_text_has_english_in_the_catalogue_of_its_app():
    assert translations.untranslated() == []


def test_a_text_that_several_apps_use_stands_with_the_lowest_of_them():
    places = [translations.key(m) for m in english()]
    assert len(places) == len(set(places))
    owner = {
        translations.key(m)[0]: app
        for app, catalogue in kept_catalogues().items()
        for m in catalogue
        if m.id
    }
    assert (owner["取消报名"], owner["跳到正文"], owner["首页"]) == (
        "events",
        "kernel",
        "liangjiang",
    )


def suggestion(old, new):
    """Return the entry that a changed sentence gets from the catalogue."""
    message = catalogue((new, "")).get(new)
    english_before = catalogue((old, "My points"))
    translations._take_over(message, {}, {m.id: m for m in english_before if m.id})
    return message


def test_a_changed_sentence_keeps_its_english_as_a_suggestion_that_is_refused():
    message = suggestion("这里是我的积分，请查看", "这里是我的积分，请您查看")

    assert (message.string, message.fuzzy) == ("My points", True)
    assert message.previous_id == ["这里是我的积分，请查看"]
    assert translations.lacking(
        [message],
        catalogue(
            (
                "这里是我的积分，请您查看",
                "",
            )
        ),
    ) == [message]
    written = translations.rendered(_of(message), "x").decode()
    assert '#, fuzzy\n#| msgid "这里是我的积分，请查看"' in written


def test_a_sentence_unlike_any_other_gets_no_suggestion():
    assert suggestion("这里是我的积分，请查看", "名额已满").string == ""


def _of(message):
    whole = Catalog(locale="en", domain="django")
    whole[message.id] = message
    return whole


@pytest.mark.parametrize("flags", [(), ("fuzzy",)], ids=["empty", "fuzzy"])
def test_an_empty_or_fuzzy_english_text_is_lacking(flags):
    known = catalogue(("我的积分", "My points" if flags else ""), flags=flags)

    assert [m.id for m in translations.lacking(catalogue(("我的积分", "")), known)] == ["我的积分"]


def test_a_text_lacking_one_plural_form_is_lacking():
    known = catalogue((("%(n)s 人", "%(n)s 人"), ("%(n)s person", "")))

    assert len(translations.lacking(catalogue((("%(n)s 人", "%(n)s 人"), ("", ""))), known)) == 1


def test_english_keeps_placeholders_and_elements():
    assert wrong_placeholders(english()) == []


def test_a_lost_a_renamed_and_an_added_placeholder_are_found():
    lost = ("还差 %(missing)s 积分", "You need more points")
    renamed = ("第 %(rank)s 位", "Number %(place)s")
    added = ("人数", "{count} people")
    tag = ("<span>她的才干</span>", "Her talent")

    assert len(wrong_placeholders(catalogue(lost, renamed, added, tag))) == 4


def test_english_holds_no_chinese():
    assert with_chinese(english()) == []


def test_chinese_characters_and_punctuation_in_english_are_found():
    half = ("我的积分", "My 积分")
    mark = ("请先登录。", "Please sign in first。")

    assert with_chinese(catalogue(half, mark)) == ["我的积分", "请先登录。"]


def test_the_english_catalogue_holds_the_texts_of_the_sources_and_no_others():
    assert keys(english()) ^ keys(texts()) == set(), "run `manage.py messages`"


def test_collecting_finds_python_templates_plurals_and_the_punctuation_of_attributes():
    found = keys(texts())

    assert ("邮箱或密码不正确。", None) in found
    assert ("跳到正文", None) in found
    assert len([message for message in texts() if isinstance(message.id, tuple)]) > 0


def test_a_comment_for_the_translator_is_collected_from_python_and_templates(tmp_path):
    python, template = tmp_path / "a.py", tmp_path / "a.html"
    python.write_text("# Translators: of a seat\n_('余')\n", encoding="utf-8")
    template.write_text("{# Translators: of a seat #}\n{% translate '余' %}", encoding="utf-8")

    for path in (python, template):
        assert [m[2] for m in translations._messages(path, path.name)] == [["of a seat"]]


def test_an_unchanged_run_leaves_the_same_bytes():
    for app, updated in translations.updated().items():
        once = translations.rendered(updated, translations.COMMENT.format(app=app))
        assert once == (settings.BASE_DIR / app / translations.ENGLISH).read_bytes()


def test_every_name_under_which_gettext_is_imported_is_collected():
    unexpected = set()
    for path, place in translations._sources(settings.BASE_DIR, ("*/**/*.py",)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                unexpected |= {
                    (place, name.asname)
                    for name in node.names
                    if name.asname and name.asname not in translations.KEYWORDS
                }

    assert unexpected == set()


@pytest.mark.parametrize("package", sorted(translations.LIBRARIES))
def test_every_text_of_a_library_that_readers_meet_has_chinese(package):
    texts_of_library = translations.collect_library(package)

    assert len(texts_of_library) > 0
    assert [message.id for message in translations.without_chinese(package)] == []


def test_without_our_catalogue_unfold_would_speak_english():
    alone = translations.lacking(
        translations.collect_library("unfold"), *translations.library_chinese("unfold")
    )

    assert "Search apps and models..." in {message.id for message in alone}
    assert len(alone) > 80


def test_our_chinese_of_libraries_keeps_to_texts_and_placeholders_that_exist():
    known = set().union(*(keys(translations.collect_library(p)) for p in translations.LIBRARIES))
    unexpected = [
        message.id
        for message in translations.chinese()
        if message.id
        for string in forms(message.string)
        if set(PLACEHOLDER.findall(string)) - set(PLACEHOLDER.findall(forms(message.id)[-1]))
    ]

    assert keys(translations.chinese()) - known == set()
    assert unexpected == []


@pytest.mark.parametrize(
    ("path", "locale", "text", "translated"),
    [
        (f"care_points/{translations.ENGLISH}", "en", "我的积分", "My points"),
        (translations.CHINESE, "zh_Hans", "Search apps and models...", "搜索功能……"),
    ],
)
def test_catalogues_compile_and_answer(path, locale, text, translated):
    with (settings.BASE_DIR / path).open("rb") as source:
        whole = read_po(source, locale=locale, domain="django", abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)

    assert gettext.GNUTranslations(compiled).gettext(text) == translated


def test_english_plurals_follow_the_number():
    with (settings.BASE_DIR / "kernel" / translations.ENGLISH).open("rb") as source:
        whole = read_po(source, locale="en", domain="django")
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    days = gettext.GNUTranslations(compiled)

    assert days.ngettext("%(n)s 天", "%(n)s 天", 1) == "%(n)s day"
    assert days.ngettext("%(n)s 天", "%(n)s 天", 3) == "%(n)s days"
