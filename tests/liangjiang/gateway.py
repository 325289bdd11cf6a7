"""SMS gateways for tests of the settings."""


class Sms:
    """A gateway that could send."""

    def send(self, phone, text, *, kind="code", params=None):
        """Send nothing."""


class Lacking(Sms):
    """A gateway that needs a package and a variable nobody gave it."""

    package = "no_such_package"
    needs = ("GATEWAY_KEY",)
