"""All tables of the app, by theme."""

from outreach.choices.models import *  # noqa: F403
from outreach.lessons.models import *  # noqa: F403
from outreach.requests.models import *  # noqa: F403
from outreach.surveys.models import *  # noqa: F403
from outreach.volunteers.models import *  # noqa: F403
