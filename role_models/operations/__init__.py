"""What happens to stories and to requests for talks."""

from role_models.operations.photos import (
    add_photo,
    approve_photo,
    delete_photo,
    describe_photo,
    hide_photo,
    read_photo,
    show_photo,
)
from role_models.operations.reading import count_reader
from role_models.operations.stories import (
    agree,
    allow_again,
    ask_her,
    begin_story,
    bring_back,
    choose_photos,
    discard_draft,
    edit_story,
    hide_story,
    publish_story,
    show_story,
    take_back,
    wish_changes,
    withdraw_story,
)

__all__ = [
    "add_photo",
    "agree",
    "allow_again",
    "approve_photo",
    "ask_her",
    "begin_story",
    "bring_back",
    "choose_photos",
    "count_reader",
    "delete_photo",
    "describe_photo",
    "discard_draft",
    "edit_story",
    "hide_photo",
    "hide_story",
    "publish_story",
    "read_photo",
    "show_photo",
    "show_story",
    "take_back",
    "wish_changes",
    "withdraw_story",
]
