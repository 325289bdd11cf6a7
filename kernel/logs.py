"""Lines of the log: one for each event, with the request's id, without what PostgreSQL tells of a row."""

import logging
import re

from kernel import request_ids

# "DETAIL:  Failing row contains (17, 王小敏, …)." and "DETAIL:  Key (…)=(…) already exists." may go
# over several lines; cut to the end of the sentence, or of the text when there is none. Inside a
# repr() the line's end is written \n.
DETAIL = re.compile(
    r'DETAIL:\s+(?:Failing row|Key ).*?(?:(?:\)| exists|"\w+")\.(?:$|\\n)|\Z)',
    re.DOTALL | re.MULTILINE,
)


class LineFormatter(logging.Formatter):
    """Formats a record with its trace, and leaves out the contents of database rows.

    `{request_id}` in the format is the current request's or task's id, "-" outside of one. With
    `one_line` the line ends inside a trace are written \\n, for programs that read the log by lines.
    """

    def __init__(self, fmt=None, datefmt=None, style="%", *, one_line=False, **more):
        super().__init__(fmt, datefmt, style, **more)
        self.one_line = one_line

    def format(self, record):
        """Return the text for the log."""
        record.request_id = request_ids.current() or "-"
        text = DETAIL.sub("DETAIL: (left out)", super().format(record))
        return text.replace("\n", "\\n") if self.one_line else text
