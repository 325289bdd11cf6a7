"""What she has in the Cloud Home when her record leaves the database."""

from django.utils.translation import gettext as _

from cloud_home.models import Follow, Membership, Post, Preference


def lost(talent, now, hers):
    """Say that she reads it no more, and what becomes of what she wrote."""
    if talent.user_id is None or not Post.objects.filter(author=talent.user_id, gone="").exists():
        return []
    return [
        _("云之家不能再进入；您写过的内容保留，不再显示姓名。想删除内容，请先在“我的发言”里删除。")
    ]


def leave(*, talent, hers, now):
    """Take her out of circles and of what she follows; what she wrote is shown without a name (cloud_home.authors)."""
    if talent.user_id is None:
        return
    Membership.objects.filter(user=talent.user_id).delete()
    Follow.objects.filter(user=talent.user_id).delete()
    Preference.objects.filter(user=talent.user_id).delete()
