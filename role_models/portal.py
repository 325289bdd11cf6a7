"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item, Link, PersonalData, Place
from kernel.retention import Keep, Retention
from notices.kinds import Kind
from privacy.purposes import Purpose
from role_models import honours, personal_data, queue
from role_models.operations.stories import PHOTO_PURPOSE, PURPOSE
from talents.departures import Departure

WRITING = ("role_models.view_story", "role_models.add_story", "role_models.change_story")

PURPOSES = (
    Purpose(
        PURPOSE,
        48,
        _("公开讲述我的故事（每篇单独同意）"),
        "2026-11",
        _("您同意的那一版文字：署名、身份、经历"),
        _("在“榜样故事”里公开展示，可以被转发、被搜索引擎收录。不同意不影响使用门户的任何服务。"),
        _("撤回后页面马上看不到；别人此前已保存、转载的无法收回。"),
        each="my_stories",
    ),
    Purpose(
        PHOTO_PURPOSE,
        49,
        _("在我的故事里展示我的照片（每张单独同意）"),
        "2026-11",
        _("故事所附的照片"),
        _("与故事一起公开展示；故事被转发时，第一张照片会作为配图。"),
        _("撤回后这张照片马上撤下；别人此前已保存、转载的无法收回。"),
        each="my_stories",
    ),
)


def _told(title, body, *placeholders):
    return Kind(title, body, frozenset(placeholders), essential=True)


NOTICES = {
    "role_models.asked": _told(
        _("请您看一看写您的故事"),
        _("《%(title)s》写好了。请您看稿：同意这一版，或写下希望怎样修改。您同意以前不会发布。"),
        "title",
    ),
    "role_models.agreed": _told(
        _("本人同意了故事稿"), _("《%(title)s》本人已同意，等写稿以外的同事审核发布。"), "title"
    ),
    "role_models.wished": _told(
        _("本人希望修改故事稿"), _("《%(title)s》本人写了修改意见，请改好后再请她看。"), "title"
    ),
    "role_models.published": _told(
        _("您的故事发布了"),
        _("《%(title)s》已发布。随时可以在“我的故事”里撤回。"),
        "title",
    ),
    "role_models.corrected": _told(
        _("您的故事改了几个字"),
        _("《%(title)s》更正了个别字，意思没有改变。如有不妥，请在“我的故事”里告诉我们或撤回。"),
        "title",
    ),
    "role_models.photo_asked": _told(
        _("您的故事有新照片"), _("您的故事添了照片或改了照片说明，请在“我的故事”里选择是否展示。")
    ),
    "role_models.hidden": _told(
        _("您的故事暂时下架"), _("您的故事暂时从页面撤下，原因：%(reason)s。"), "reason"
    ),
    "role_models.withdrawn": _told(
        _("本人撤回了故事"), _("《%(title)s》本人已撤回，页面上已经看不到。"), "title"
    ),
    "role_models.allowed_again": _told(
        _("本人重新允许故事"), _("《%(title)s》本人重新允许展示。"), "title"
    ),
}

VERBS = {
    "role_models.begin_story": pgettext_lazy("audit", "开始写榜样故事"),
    "role_models.edit_story": pgettext_lazy("audit", "修改故事稿"),
    "role_models.file_story": pgettext_lazy("audit", "修改故事的类别或系列"),
    "role_models.ask_her": pgettext_lazy("audit", "请主人公看故事稿"),
    "role_models.take_back": pgettext_lazy("audit", "收回故事稿修改"),
    "role_models.discard_draft": pgettext_lazy("audit", "放弃故事的修改稿"),
    "role_models.agree": pgettext_lazy("audit", "同意这一版故事"),
    "role_models.wish_changes": pgettext_lazy("audit", "对故事稿提出修改意见"),
    "role_models.withdraw_story": pgettext_lazy("audit", "撤回自己的故事"),
    "role_models.allow_again": pgettext_lazy("audit", "重新允许展示自己的故事"),
    "role_models.publish_story": pgettext_lazy("audit", "发布榜样故事"),
    "role_models.bring_back": pgettext_lazy("audit", "换回故事的上一版"),
    "role_models.hide_story": pgettext_lazy("audit", "下架榜样故事"),
    "role_models.show_story": pgettext_lazy("audit", "恢复展示榜样故事"),
    "role_models.add_photo": pgettext_lazy("audit", "上传故事照片"),
    "role_models.describe_photo": pgettext_lazy("audit", "修改故事照片的说明"),
    "role_models.agree_photo": pgettext_lazy("audit", "同意展示一张故事照片"),
    "role_models.refuse_photo": pgettext_lazy("audit", "不同意展示一张故事照片"),
    "role_models.approve_photo": pgettext_lazy("audit", "审核通过一张故事照片"),
    "role_models.hide_photo": pgettext_lazy("audit", "撤下一张故事照片"),
    "role_models.show_photo": pgettext_lazy("audit", "恢复展示一张故事照片"),
    "role_models.delete_photo": pgettext_lazy("audit", "删除一张故事照片"),
}

RETENTION = (
    Retention(
        49,
        "role_models.withdrawn",
        _("本人撤回的榜样故事"),
        Keep(years=1),
        _("自撤回起算，之后连同照片删除"),
        personal_data.old_withdrawn,
    ),
    Retention(
        50,
        "role_models.drafts",
        _("没有发布过的榜样故事稿"),
        Keep(years=1),
        _("自最后一次修改起算，之后删除"),
        personal_data.old_drafts,
    ),
    Retention(
        51,
        "role_models.versions",
        _("榜样故事的旧版本"),
        Keep(years=3),
        _("自修改起算，之后删除"),
        personal_data.old_versions,
    ),
)

declaration = Declaration(
    permissions={
        "department_clerk": WRITING,
        "department_reviewer": ("role_models.view_story", "role_models.publish_story"),
        "event_organiser": ("role_models.view_story",),
        "auditor": ("role_models.view_story",),
        "administrator": ("role_models.view_story",),
    },
    notices=NOTICES,
    purposes=PURPOSES,
    consent_sources={"story": _("看故事稿时")},
    verbs=VERBS,
    departures=(Departure(25, personal_data.lost_by_leaving, personal_data.withdraw_all),),
    movings=(personal_data.MOVING,),
    personal_data=PersonalData(
        34,
        _("榜样故事"),
        personal_data.COVERS,
        personal_data.collect,
        personal_data.photos,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    retention=RETENTION,
    honour_changes=(honours.follow_award,),
    places=(Place(22, "stories/", _("榜样故事"), "book-open", short=_("榜样"), footer=True),),
    navigation=(
        Item(3, 20, pgettext_lazy("many", "榜样故事"), "auto_stories", "role_models_story"),
    ),
    queue=(
        Entry(50, "role_models.publish_story", queue.to_publish),
        Entry(51, "role_models.change_story", queue.to_write),
    ),
    links=(
        Link(
            "settings",
            14,
            _("我的故事"),
            "my_stories",
            lambda user, found: _("看稿、同意、选照片、撤回"),
        ),
    ),
    public_models=(
        "role_models.Story",
        "role_models.StoryVersion",
        "role_models.StoryPhoto",
    ),
)
