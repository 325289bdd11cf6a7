"""A form read in a process of its own, row by row as they arrive."""

import json

from kernel import confined
from talents.imports.problems import Problem, WorkbookError

from .cells import rich_row

LIMITS = confined.Limits(memory=300 << 20, cpu=60, wall=120, output=400 << 20)


class Incoming:
    """The rows of a file (bytes). `tables`, `notes` (Problem.stored) and `total` are known with the first row.

    So are `key`, what tells the form by its headers, `unknown`, (word, header, samples) of each column nothing
    knows, and `said`, the {word: field} of `mappings` ({key: {word: field}}) that was applied.
    """

    def __init__(self, data, mappings=None):
        said = json.dumps(mappings or {}).encode()
        self.child = confined.Child("talents.imports.workbook.child", said + b"\n" + data, LIMITS)
        self.tables, self.notes, self.total = [], [], 0
        self.key, self.unknown, self.said = "", [], {}

    def rows(self):
        """Yield each Row, and None for every second in which none arrives, so that a caller may stop.

        Raises WorkbookError as `read` does, and "too_complex" where a limit is reached.
        """
        try:
            for answer in self.child.answers():
                if isinstance(answer, dict):
                    self._begin(answer)
                else:
                    yield answer and rich_row(answer, self.tables)
        except confined.LimitReached as error:
            raise WorkbookError("too_complex") from error
        except confined.ChildFailed as error:
            raise WorkbookError("corrupted") from error

    def _begin(self, answer):
        if error := answer.get("error"):
            problem = Problem.restored(error)
            raise WorkbookError(problem.code, **problem.params)
        self.tables, self.notes, self.total = answer["tables"], answer["notes"], answer["total"]
        self.key, self.unknown, self.said = answer["key"], answer["unknown"], answer["said"]
