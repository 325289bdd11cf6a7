"""The app in the admin, by theme."""

from networks.associations import admin as associations  # noqa: F401
from networks.elections import admin as elections  # noqa: F401
from networks.members import admin as members  # noqa: F401
from networks.meter import admin as meter  # noqa: F401
from networks.posts import admin as posts  # noqa: F401
