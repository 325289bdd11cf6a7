"""How often a program of the running portal has died, and when it is started again."""

PAUSES = (1, 3, 9)  # seconds before it is started again for the first, the second, the third time
WITHIN = 60


class Deaths:
    """The deaths of each program; one that dies once more than there are pauses, within a minute, is past help."""

    def __init__(self, pauses=PAUSES, within=WITHIN):
        """`pauses` grow; deaths longer ago than `within` seconds are forgotten."""
        self.pauses, self.within, self.times = pauses, within, {}

    def pause_after(self, name, at):
        """Note that `name` died at `at` (seconds); return the seconds to wait, None where it died too often."""
        recent = [time for time in self.times.get(name, ()) if at - time < self.within]
        self.times[name] = [*recent, at]
        return self.pauses[len(recent)] if len(recent) < len(self.pauses) else None
