"""All tables of the app, by theme."""

from workplaces.childcare.models import *  # noqa: F403
from workplaces.flexible.models import *  # noqa: F403
from workplaces.periods.models import *  # noqa: F403
from workplaces.rooms.models import *  # noqa: F403
