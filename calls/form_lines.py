"""Lines of a call's form that are no plain text: a number, a day, a table, and files."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from calls import tables, values
from calls.models.choices import MOST_ROWS
from kernel.forms import FilesField

LONG_CELL = 60  # characters from which on a cell is written in an area
NUMBER_BOX = {"type": "text", "inputmode": "decimal"}


def day_box(text):
    """Return the kind of box that shows `text` as a day: one for days would hide from her what is none."""
    return "date" if not text or values.is_day(text) else "text"


class DayInput(forms.TextInput):
    """The box of a day, whatever was typed in it."""

    def get_context(self, name, value, attrs):
        """Return what its template shows."""
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = day_box(context["widget"]["value"])
        return context


def say_in_place(form):
    """Let every field of a form keep a place for its sentence, which a save the page makes by itself fills or clears."""
    for name, field in form.fields.items():
        field.notes_stand = True
        notes = [f"id_{name}_helptext"] if field.help_text else []
        field.widget.attrs["aria-describedby"] = " ".join([*notes, f"id_{name}_error"])


def cell_name(table, row, column):
    """Return the name of a cell in the form of a page."""
    return f"{table}-{row}-{column}"


class TableRows(forms.Widget):
    """Reads the rows that were sent, without the one whose button said to take it out. `calls/table.html` shows them."""

    use_fieldset = True

    def __init__(self, width):
        """`width` is how many columns there are."""
        super().__init__()
        self.width = width

    def value_from_datadict(self, data, files, name):
        """Return the rows, each a list of text."""
        gone = data.get("remove_row", "")
        numbers = (n for n in range(MOST_ROWS + 1) if gone != f"{name}-{n}")
        rows = ([data.get(cell_name(name, n, c)) for c in range(self.width)] for n in numbers)
        return [[cell or "" for cell in row] for row in rows if row != [None] * self.width]


class TableField(forms.Field):
    """A table; its value is a list of rows, whatever stands in them."""

    def __init__(self, line, **common):
        """`line` is the Field of the call."""
        super().__init__(widget=TableRows(len(line.columns)), **common)
        self.line = line

    def clean(self, value):
        """Return the rows; refuse a cell that is longer than is kept, so that none is cut."""
        if any(len(cell) > tables.LONGEST for row in value for cell in row):
            raise forms.ValidationError(
                _("每格最多 %(most)s 个字，请先删短。") % {"most": tables.LONGEST}
            )
        return super().clean(value)

    def get_bound_field(self, form, field_name):
        """Return what the page shows."""
        return BoundTable(form, self, field_name)


class BoundTable(forms.BoundField):
    """A table on a page: what there is, and one empty row while there may be more."""

    @property
    def rows(self):
        """Return [(number, its button's value, cells)]."""
        found = list(self.value() or [])
        if len(found) < self.field.line.most and not (found and not any(found[-1])):
            found.append([""] * len(self.field.line.columns))
        return [
            (number + 1, f"{self.html_name}-{number}", self._cells(number, row))
            for number, row in enumerate(found)
        ]

    @property
    def is_full(self):
        """Tell whether it takes no more rows."""
        return len(self.value() or []) >= self.field.line.most

    def _cells(self, number, row):
        return [
            {
                "name": cell_name(self.html_name, number, place),
                "label": tables.column_name(column),
                "value": value,
                "input": _box(column["kind"], value),
                "is_long": column["kind"] == tables.TEXT and column["limit"] > LONG_CELL,
            }
            for place, (column, value) in enumerate(zip(self.field.line.columns, row, strict=False))
        ]


def _box(kind, value):
    """Return the attributes of a cell's input."""
    if kind == tables.NUMBER:
        return NUMBER_BOX
    return {"type": day_box(value) if kind == tables.DATE else "text"}


class LineFiles(FilesField):
    """Files of a line; those it has already stand beside the box."""

    ENDINGS = {"pdf": ".pdf", "docx": ".docx", "image": ".jpg,.jpeg,.png"}

    def __init__(self, line, **common):
        """`line` is the Field of the call."""
        super().__init__(**common)
        self.line = line
        self.widget.attrs["accept"] = ",".join(self.ENDINGS[kind] for kind in line.file_kinds)

    def get_bound_field(self, form, field_name):
        """Return what the page shows."""
        return BoundFiles(form, self, field_name)


class BoundFiles(forms.BoundField):
    """A line for files on a page."""

    @cached_property
    def attached(self):
        """Return the Attachments it has, as they are once all that was sent is kept."""
        return [one for one in self.form.attached if one.field_id == self.field.line.pk]

    @property
    def is_full(self):
        """Tell whether it takes no more files."""
        return len(self.attached) >= self.field.line.most
