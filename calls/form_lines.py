"""Lines of a call's form that one box does not hold: a table, and files."""

from django import forms
from django.utils.functional import cached_property

from calls import tables
from calls.models.calls import MOST_ROWS
from kernel.forms import FilesField

LONG_CELL = 60  # characters from which on a cell is written in an area
INPUTS = {
    tables.NUMBER: {"type": "text", "inputmode": "decimal"},
    tables.DATE: {"type": "date"},
    tables.TEXT: {"type": "text"},
}


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
                "input": INPUTS[column["kind"]],
                "is_long": column["kind"] == tables.TEXT and column["limit"] > LONG_CELL,
            }
            for place, (column, value) in enumerate(zip(self.field.line.columns, row, strict=False))
        ]


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
