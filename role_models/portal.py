"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Ask, Declaration, Entry, Item, Link, PersonalData, Place
from kernel.retention import Keep, Retention
from notices.kinds import Kind
from privacy.purposes import Purpose
from role_models import event_part, personal_data, queue, talk_rules
from role_models.operations.stories import PHOTO_PURPOSE, PURPOSE
from talents.departures import Departure

WRITING = ("role_models.view_story", "role_models.add_story", "role_models.change_story")
ARRANGING = ("role_models.view_talkrequest", "role_models.route_talkrequest")

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
    "role_models.shown_again": _told(
        _("您的故事恢复展示"),
        _("您的故事恢复展示了，所有人都能看到。不想展示时，可以在“我的故事”里撤回。"),
    ),
    "role_models.withdrawn": _told(
        _("本人撤回了故事"), _("《%(title)s》本人已撤回，页面上已经看不到。"), "title"
    ),
    "role_models.allowed_again": _told(
        _("本人重新允许故事"), _("《%(title)s》本人重新允许展示。"), "title"
    ),
    "role_models.talk_asked": Kind(
        _("请您去讲一讲"),
        _(
            "%(unit)s想请人讲“%(topic)s”，您方便吗？请在 %(until)s 前答复；不便不用说明原因，对方不知道问过您。"
        ),
        frozenset({"unit", "topic", "until"}),
        essential=True,
        moments=frozenset({"until"}),
    ),
    "role_models.talk_off": _told(
        _("宣讲邀请取消了"),
        _("%(unit)s的“%(topic)s”不用您答复或出席了，谢谢您。"),
        "unit",
        "topic",
    ),
    "role_models.talk_accepted": _told(
        _("宣讲有主讲人了"), _("您申请的“%(topic)s”有主讲人了，接下来商定时间。"), "topic"
    ),
    "role_models.talk_planned": _told(
        _("宣讲已安排"), _("您申请的“%(topic)s”已安排成活动，时间地点见申请页。"), "topic"
    ),
    "role_models.talk_refused": _told(
        _("宣讲没能安排"),
        _("您申请的“%(topic)s”没能安排，原因：%(reason)s。"),
        "topic",
        "reason",
    ),
    "role_models.talk_reopened": _told(
        _("宣讲继续安排"), _("您申请的“%(topic)s”继续安排，有进展会通知您。"), "topic"
    ),
    "role_models.talk_agreed": _told(
        _("主讲人答应了"), _("“%(topic)s”的主讲人答应了，请商定时间、安排活动。"), "topic"
    ),
    "role_models.talk_declined": _told(
        _("主讲人不便参加"), _("“%(topic)s”邀请的人不便参加，请另请一位。"), "topic"
    ),
    "role_models.talk_waits": _told(
        _("有宣讲申请没人处理"), _("“%(topic)s”提交三天了，还没有邀请主讲人。"), "topic"
    ),
    "role_models.talk_unanswered": _told(
        _("主讲人还没有答复"),
        _("“%(topic)s”邀请的人过了期限还没有答复，请联系她或另请一位。"),
        "topic",
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
    "role_models.offer_talks": pgettext_lazy("audit", "表示愿意宣讲"),
    "role_models.stop_offering": pgettext_lazy("audit", "不再愿意宣讲"),
    "role_models.request_talk": pgettext_lazy("audit", "申请宣讲"),
    "role_models.withdraw_request": pgettext_lazy("audit", "撤回宣讲申请"),
    "role_models.invite_speaker": pgettext_lazy("audit", "邀请主讲人"),
    "role_models.ask_again": pgettext_lazy("audit", "再次邀请主讲人"),
    "role_models.take_back_invitation": pgettext_lazy("audit", "取消主讲人邀请"),
    "role_models.refuse_request": pgettext_lazy("audit", "答复宣讲没能安排"),
    "role_models.reopen_request": pgettext_lazy("audit", "继续安排宣讲"),
    "role_models.hand_over_request": pgettext_lazy("audit", "把宣讲申请转给其他部门"),
    "role_models.plan_talk": pgettext_lazy("audit", "把宣讲安排成活动"),
    "role_models.unplan_talk": pgettext_lazy("audit", "重新安排宣讲"),
    "role_models.accept_talk": pgettext_lazy("audit", "答应宣讲"),
    "role_models.change_contact": pgettext_lazy("audit", "修改告诉单位的联系方式"),
    "role_models.decline_talk": pgettext_lazy("audit", "答复不便宣讲"),
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
    Retention(
        52,
        "role_models.contacts",
        _("主讲人告诉单位的联系方式"),
        Keep(days=7),
        _("自宣讲结束起算，之后删除"),
        personal_data.old_contacts,
        personal_data.drop_contacts,
    ),
    Retention(
        53,
        "role_models.unit_contacts",
        _("宣讲申请的联系人和电话"),
        Keep(years=1),
        _("自办结起算，之后删除，只留申请本身"),
        personal_data.old_requests,
        personal_data.drop_unit_contacts,
    ),
)

declaration = Declaration(
    permissions={
        "department_clerk": (*WRITING, *ARRANGING),
        "department_reviewer": ("role_models.view_story", "role_models.publish_story"),
        "event_organiser": ("role_models.view_story", *ARRANGING),
        "auditor": ("role_models.view_story",),
        "administrator": ("role_models.view_story",),
        "unit_contact": ("role_models.ask_talk",),
    },
    notices=NOTICES,
    purposes=PURPOSES,
    consent_sources={"story": _("看故事稿时")},
    verbs=VERBS,
    asks={talk_rules.TALK: Ask(pgettext_lazy("asked for", "宣讲"), "talk_invitation")},
    departures=(Departure(25, personal_data.lost_by_leaving, personal_data.withdraw_all),),
    movings=personal_data.MOVINGS,
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
    places=(Place(22, "stories/", _("榜样故事"), "book-open", short=_("榜样"), footer=True),),
    navigation=(
        Item(3, 20, pgettext_lazy("many", "榜样故事"), "auto_stories", "role_models_story"),
        Item(
            3, 21, pgettext_lazy("many", "宣讲申请"), "record_voice_over", "role_models_talkrequest"
        ),
    ),
    queue=(
        Entry(50, "role_models.publish_story", queue.to_publish),
        Entry(51, "role_models.change_story", queue.to_write),
        Entry(53, "role_models.publish_story", queue.photos),
        Entry(52, "role_models.route_talkrequest", queue.talks),
    ),
    links=(
        Link(
            "settings",
            14,
            _("我的故事"),
            "my_stories",
            lambda user, found: _("看稿、同意、选照片、撤回"),
        ),
        Link(
            "settings",
            15,
            _("宣讲"),
            "my_talks",
            lambda user, found: _("是否愿意宣讲，答复邀请"),
        ),
        Link(
            "work",
            14,
            _("申请宣讲"),
            "talk_requests",
            lambda user, found: (
                _("请榜样人物到单位讲一讲")
                if user.unit_id and user.has_perm("role_models.ask_talk")
                else None
            ),
        ),
    ),
    scopes={"talks:read": _("读取本单位的宣讲申请"), "talks:request": _("申请和撤回宣讲")},
    api="role_models.api",
    api_sections={"talks": _("宣讲")},
    event_parts=(event_part.about_event,),
    beat={
        "role_models.tasks.remind_of_talks": 3600,
        "role_models.tasks.draw_share_pictures": 300,
    },
    demo="role_models.demo",
    public_models=(
        "role_models.Story",
        "role_models.StoryVersion",
        "role_models.StoryPhoto",
        "role_models.StorySharePicture",
        "honours.Award",  # while it is revoked its story is not shown
    ),
)
