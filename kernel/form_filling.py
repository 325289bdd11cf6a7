"""What was typed once is put back into the form of a page that is served again.

Works on finished HTML, so one function serves every form of the site: the public pages, the admin's
and those of libraries. Only the tags of the form's own fields are written anew, not another byte of the
page. (A form bound to the old data would have to be built into each view, and would show errors before
anything was sent.)
"""

from collections import defaultdict
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

FIELDS = ("input", "textarea", "select", "button")
TICKED = ("checkbox", "radio")
PRESSED = ("submit", "image", "button", "reset")
NEVER_FILLED = ("file", "password", *PRESSED)


@dataclass
class Control:
    """A field, button or option: its tag, its attributes, where its start tag and its content end."""

    tag: str
    attrs: dict
    start: int
    end: int
    inner_end: int = 0
    options: list = field(default_factory=list)

    @property
    def name(self):
        """Return the name it is sent under; None for what is not sent."""
        return None if "disabled" in self.attrs else self.attrs.get("name")

    @property
    def value(self):
        """Return the value it is sent with."""
        return self.attrs.get("value") or ("on" if self.kind in TICKED else "")

    @property
    def kind(self):
        """Return the type of an input, else the tag; a button counts as what presses it."""
        default = {"input": "text", "button": "submit"}.get(self.tag, self.tag)
        return (self.attrs.get("type") or default).lower()


@dataclass
class Form:
    """A form: its attributes, where its start tag ends, the <details> it stands in (Controls), its fields."""

    attrs: dict
    end: int
    folded: list = field(default_factory=list)
    controls: list = field(default_factory=list)

    def goes_to(self, path, page):
        """Tell whether it is posted to `path` when it stands on the page at the address `page`."""
        target = urlsplit(urljoin(page, self.attrs.get("action") or "")).path
        return (self.attrs.get("method") or "").lower() == "post" and target == path

    def takes(self, values):
        """Tell whether everything in `values` has its place here."""
        offered, open_names = defaultdict(set), set()
        for control in self.controls:
            if control.kind in TICKED:
                offered[control.name].add(control.value)
            else:
                open_names.add(control.name)
        return all(
            name in open_names or set(sent) <= offered[name]
            for name, sent in values.items()
            if any(sent)
        )

    def likeness(self, values):
        """Return how many hidden fields and buttons hold just what was sent (rows of like forms differ there)."""
        fixed = (c for c in self.controls if c.kind in ("hidden", *PRESSED))
        return sum(c.value in values.get(c.name, ()) for c in fixed)


class _Reader(HTMLParser):
    """Finds the forms of a page and their fields."""

    def __init__(self, html):
        super().__init__()
        self.line_starts = [0]
        for line in html.split("\n"):
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.forms, self.apart, self.folded = [], [], []
        self.form = self.control = None
        self.feed(html)
        self.close()
        by_id = {form.attrs["id"]: form for form in self.forms if form.attrs.get("id")}
        for control in self.apart:
            if form := by_id.get(control.attrs["form"]):
                form.controls.append(control)

    def _here(self):
        line, column = self.getpos()
        return self.line_starts[line - 1] + column

    def handle_starttag(self, tag, attrs):
        """Note a form, a field or an option."""
        start = self._here()
        end = start + len(self.get_starttag_text())
        if tag == "form":
            self.form = Form(dict(attrs), end, list(self.folded))
            self.forms.append(self.form)
        elif tag == "details":
            self.folded.append(Control(tag, dict(attrs), start, end))
        elif tag in FIELDS:
            self._add(Control(tag, dict(attrs), start, end))
        elif tag == "option" and self.control:
            self.control.options.append(Control(tag, dict(attrs), start, end))

    def _add(self, control):
        self.control = control
        if "form" in control.attrs:
            self.apart.append(control)
        elif self.form:
            self.form.controls.append(control)

    def handle_endtag(self, tag):
        """Note where a form, or what is written in a field, ends."""
        if tag == "form":
            self.form = None
        elif tag == "details" and self.folded:
            self.folded.pop()
        elif tag in ("textarea", "select") and self.control:
            self.control.inner_end = self._here()


def read_forms(html):
    """Return the forms of a page (Form), with the fields that belong to each."""
    return _Reader(html).forms


def fill(html, *, page, path, values, notice=""):
    """Return the page with `values` in the form that is posted to `path`; None where no form takes them all.

    Arguments:
        html: the page. page: its own address, from which the forms' addresses are read.
        path: the path what was typed had been sent to.
        values: {name: list of values} as sent. Files and passwords are never filled in.
        notice: HTML that is put at the beginning of the form.
    """
    forms = [form for form in read_forms(html) if form.goes_to(path, page)]
    forms = [form for form in forms if form.takes(values)]
    if not forms:
        return None
    form = max(forms, key=lambda form: form.likeness(values))
    left = {name: list(sent) for name, sent in values.items()}
    edits = [(form.end, form.end, notice)]
    edits += [_marked(details, "open", True) for details in form.folded]  # or she would not see it
    for control in form.controls:
        edits += _edits(control, left)
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _edits(control, left):
    """Return the changes one field needs, as (start, end, new text); takes its value out of `left`."""
    name, kind = control.name, control.kind
    if not name or kind in NEVER_FILLED:
        return []
    if kind in TICKED:
        return [_marked(control, "checked", control.value in left.get(name, ()))]
    if control.tag == "select":
        return _chosen(control, left.get(name, []))
    if not left.get(name):
        return []
    typed = left[name].pop(0)
    if control.tag == "textarea":
        return [(control.end, control.inner_end, "\n" + escape(typed))]
    return [(control.start, control.end, _tag(control.tag, control.attrs | {"value": typed}))]


def _chosen(control, sent):
    edits = [_marked(option, "selected", option.value in sent) for option in control.options]
    known = {option.value for option in control.options}
    # A list that is filled while typing holds only what was chosen before.
    for value in (value for value in sent if value and value not in known):
        option = _tag("option", {"value": value, "selected": None}) + escape(value) + "</option>"
        edits.append((control.inner_end, control.inner_end, option))
    return edits


def _marked(control, mark, on):
    attrs = {name: value for name, value in control.attrs.items() if name != mark}
    return (control.start, control.end, _tag(control.tag, attrs | ({mark: None} if on else {})))


def _tag(tag, attrs):
    written = (
        name if value is None else f'{name}="{escape(value)}"' for name, value in attrs.items()
    )
    return f"<{' '.join((tag, *written))}>"
