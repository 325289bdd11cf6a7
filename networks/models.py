"""All tables of the app, by theme."""

from networks.associations.models import *  # noqa: F403
from networks.elections.models import *  # noqa: F403
from networks.members.models import *  # noqa: F403
from networks.meter.models import *  # noqa: F403
from networks.posts.models import *  # noqa: F403
