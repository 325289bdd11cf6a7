"""A form gets back what was typed, wherever its page comes from, and nothing else changes."""

from kernel.form_filling import fill

PAGE = "https://portal.example/events/"


def filled(html, values, path="/events/", **more):
    return fill(html, page=PAGE, path=path, values=values, **more)


def test_every_kind_of_field_is_filled_and_the_rest_is_left_to_the_byte():
    html = """<p title='a>b'>vorher &amp; 中文</p>
<form method="get"><input name="q" value="x"></form>
<form class="form" method="POST" novalidate>
<input type="hidden" name="key" value="new">
<input name="name" value="旧" @input="go" :class="{a: 1}">
<textarea name="story">
old</textarea>
<input type="checkbox" name="topics" value="1" checked><input type="checkbox" name="topics" value="2">
<input type=radio name=kind value=a checked><input type=radio name=kind value=b>
<select name="unit"><option value="">-</option><option value="3" selected>三</option><option value="4">四</option></select>
<input type="file" name="photo"><input type="password" name="password">
<button name="save" value="1">保存</button>
</form><p>nachher</p>"""
    values = {
        "key": ["old-key"],
        "name": ['林 "静" <b>'],
        "story": ["第一行\n<第二行>"],
        "topics": ["2"],
        "kind": ["b"],
        "unit": ["4"],
        "password": ["secret"],
        "save": ["1"],
    }
    assert (
        filled(html, values, notice="<p>!</p>")
        == """<p title='a>b'>vorher &amp; 中文</p>
<form method="get"><input name="q" value="x"></form>
<form class="form" method="POST" novalidate><p>!</p>
<input type="hidden" name="key" value="old-key">
<input name="name" value="林 &quot;静&quot; &lt;b&gt;" @input="go" :class="{a: 1}">
<textarea name="story">
第一行
&lt;第二行&gt;</textarea>
<input type="checkbox" name="topics" value="1"><input type="checkbox" name="topics" value="2" checked>
<input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b" checked>
<select name="unit"><option value="">-</option><option value="3">三</option><option value="4" selected>四</option></select>
<input type="file" name="photo"><input type="password" name="password">
<button name="save" value="1">保存</button>
</form><p>nachher</p>"""
    )


def test_of_several_forms_to_one_address_the_one_that_was_sent_is_filled():
    row = '<form method="post" action="/read/"><input type="hidden" name="id" value="{}"><input name="note"></form>'
    html = row.format(1) + row.format(2)
    expected = row.format(1) + row.format(2).replace('name="note"', 'name="note" value="hier"')
    assert filled(html, {"id": ["2"], "note": ["hier"]}, path="/read/") == expected


def test_a_page_without_the_form_or_with_no_place_for_a_value_is_not_filled():
    html = '<form method="post"><input name="a"><input type="checkbox" name="t" value="1"></form>'
    assert filled(html, {"a": ["1"]}, path="/other/") is None
    assert filled(html, {"a": ["1"], "reason": ["typed"]}) is None
    assert filled(html, {"t": ["1", "2"]}) is None
    assert filled(html, {"a": ["1"], "reason": [""]}) is not None


def test_a_choice_that_is_looked_up_while_typing_keeps_its_value():
    html = '<form method="post"><select name="unit"></select></form>'
    chosen = '<form method="post"><select name="unit"><option value="7" selected>7</option></select></form>'
    assert filled(html, {"unit": ["7"]}) == chosen


def test_fields_that_stand_outside_the_form_belong_to_it_by_its_id():
    html = '<form method="post" id="f"></form><input name="a" form="f"><input name="a" disabled>'
    expected = html.replace('form="f"', 'form="f" value="1"')
    assert filled(html, {"a": ["1"]}) == expected


def test_what_is_folded_away_around_the_form_is_opened_and_nothing_else():
    html = """<details class="a"><summary>1</summary><form method="post"><input name="x"></form></details>
<details><summary>2</summary><details class="b"><form method="post" action="/word/"><input name="word"></form></details></details>"""
    assert (
        filled(html, {"word": ["两"]}, path="/word/")
        == """<details class="a"><summary>1</summary><form method="post"><input name="x"></form></details>
<details open><summary>2</summary><details class="b" open><form method="post" action="/word/"><input name="word" value="两"></form></details></details>"""
    )
