"""Stories and requests for talks in the admin."""

from role_models.admin import stories, talks  # noqa: F401
