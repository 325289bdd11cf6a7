"""Errors an operation may raise; page, admin and API each turn them into their own kind of answer."""


class DomainError(Exception):
    """A rule said no.

    `code` is stable snake_case for machines, `message` one translated sentence that says what to do,
    `field` the form field it belongs to (None: the whole form). `status` is the HTTP status the API
    answers with (400, 403, 404, 409 or 422).
    """

    status = 422

    def __init__(self, code, message, *, field=None):
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.field = field

    def __str__(self):
        return str(self.message)

    def add_to(self, form, *, fallback=None):
        """Show the sentence in a form: at its field where the form has it, else at `fallback`.

        `fallback` is a field's name; None stands above all fields.
        """
        form.add_error(self.field if self.field in form.fields else fallback, str(self))


class Refused(DomainError):
    """The person may not do this."""

    status = 403


class Conflict(DomainError):
    """The record is not in a state that allows this, or somebody was quicker."""

    status = 409


class Invalid(DomainError):
    """What was given cannot be accepted as it stands."""

    status = 422


def raise_if(error):
    """Raise what a rule says against it; None says nothing."""
    if error:
        raise error
