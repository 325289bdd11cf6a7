"""Lines of the log without what PostgreSQL tells of the row it refused."""

import logging
import re

# "DETAIL:  Failing row contains (17, 王小敏, …)." and "DETAIL:  Key (…)=(…) already exists." may go
# over several lines; cut to the end of the sentence, or of the text when there is none. Inside a
# repr() the line's end is written \n.
DETAIL = re.compile(
    r'DETAIL:\s+(?:Failing row|Key ).*?(?:(?:\)| exists|"\w+")\.(?:$|\\n)|\Z)',
    re.DOTALL | re.MULTILINE,
)


class LineFormatter(logging.Formatter):
    """Formats a record with its trace, and leaves out the contents of database rows."""

    def format(self, record):
        """Return the text for the log."""
        return DETAIL.sub("DETAIL: (left out)", super().format(record))
