"""Associations, terms, posts and who holds them, members, elections, and women's share.

`networks_of_post` writes association, rung and number of seats of a post on each of its holdings, which the exclusion
constraints stand on; `networks_post_changed` has them follow when the post changes, so that a post that many hold cannot
be made one of a single seat. A term is extended once (`networks_extended_once`); what was entered of women's share is
confirmed, refused or withdrawn, never rewritten (`networks_count_frozen`).
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import networks.posts.models

TRIGGERS = """
CREATE FUNCTION networks_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    post networks_post;
BEGIN
    SELECT * INTO post FROM networks_post WHERE id = NEW.post_id FOR SHARE;
    NEW.association_id := post.association_id;
    NEW.rung := post.rung;
    NEW.is_single := post.seats = 1;
    IF NOT EXISTS (
        SELECT FROM networks_term WHERE id = NEW.term_id AND association_id = post.association_id
    ) THEN
        RAISE EXCEPTION 'the term is another association''s' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holding_of_post
    BEFORE INSERT OR UPDATE OF post_id, term_id, association_id, rung, is_single ON networks_holding
    FOR EACH ROW EXECUTE FUNCTION networks_of_post();

CREATE FUNCTION networks_post_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE networks_holding SET rung = NEW.rung, is_single = NEW.seats = 1 WHERE post_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER post_changed AFTER UPDATE OF rung, seats ON networks_post FOR EACH ROW
    WHEN (OLD.rung IS DISTINCT FROM NEW.rung OR (OLD.seats = 1) IS DISTINCT FROM (NEW.seats = 1))
    EXECUTE FUNCTION networks_post_changed();

CREATE FUNCTION networks_extended_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a term is extended once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER term_extended_once BEFORE UPDATE OF ends_on ON networks_term FOR EACH ROW
    WHEN (OLD.extended_at IS NOT NULL AND NEW.extended_at IS NOT NULL AND NEW.ends_on > OLD.ends_on)
    EXECUTE FUNCTION networks_extended_once();

CREATE FUNCTION networks_count_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a count is withdrawn and entered anew' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER share_count_frozen
    BEFORE UPDATE OF association_id, rung, total, women, as_of, source ON networks_sharecount FOR EACH ROW
    WHEN ((OLD.association_id, OLD.rung, OLD.total, OLD.women, OLD.as_of, OLD.source)
        IS DISTINCT FROM (NEW.association_id, NEW.rung, NEW.total, NEW.women, NEW.as_of, NEW.source))
    EXECUTE FUNCTION networks_count_frozen();
"""
FREE = """
DROP TRIGGER share_count_frozen ON networks_sharecount;
DROP FUNCTION networks_count_frozen();
DROP TRIGGER term_extended_once ON networks_term;
DROP FUNCTION networks_extended_once();
DROP TRIGGER post_changed ON networks_post;
DROP FUNCTION networks_post_changed();
DROP TRIGGER holding_of_post ON networks_holding;
DROP FUNCTION networks_of_post();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_departments"),
        ("calls", "0009_requirements"),
        ("events", "0004_seats_for_points"),
        ("places", "0001_initial"),
        ("talents", "0004_compare_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Association",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="英文名称")),
                (
                    "legal_form",
                    models.CharField(
                        choices=[
                            ("society", "登记的社会团体"),
                            ("federation", "行业妇联"),
                            ("fellowship", "联谊会"),
                        ],
                        max_length=12,
                        verbose_name="组织形式",
                    ),
                ),
                (
                    "is_mixed",
                    models.BooleanField(
                        default=False,
                        help_text="学会、协会、研究会等，关注其中女性的比例",
                        verbose_name="男女会员都有",
                    ),
                ),
                (
                    "uscc",
                    models.CharField(
                        blank=True,
                        help_text="登记的社会团体填，51 开头；行业妇联和联谊会没有",
                        max_length=18,
                        null=True,
                        verbose_name="统一社会信用代码",
                    ),
                ),
                (
                    "supervisor",
                    models.CharField(
                        help_text="社会团体填业务主管单位，行业妇联填上级妇联，联谊会填依托单位",
                        max_length=80,
                        verbose_name="主管单位",
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        help_text="行业妇联必填，写名称和文号",
                        max_length=120,
                        verbose_name="批准成立的文件",
                    ),
                ),
                ("founded_on", models.DateField(verbose_name="成立日期")),
                (
                    "term_years",
                    models.PositiveSmallIntegerField(
                        choices=[(4, "四年"), (5, "五年")],
                        help_text="按章程填写",
                        verbose_name="每届任期",
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="简介")),
                (
                    "summary_en",
                    models.CharField(blank=True, max_length=600, verbose_name="英文简介"),
                ),
                (
                    "disciplines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("110", "数学"),
                                ("120", "信息科学与系统科学"),
                                ("130", "力学"),
                                ("140", "物理学"),
                                ("150", "化学"),
                                ("160", "天文学"),
                                ("170", "地球科学"),
                                ("180", "生物学"),
                                ("190", "心理学"),
                                ("210", "农学"),
                                ("220", "林学"),
                                ("230", "畜牧、兽医科学"),
                                ("240", "水产学"),
                                ("310", "基础医学"),
                                ("320", "临床医学"),
                                ("330", "预防医学与公共卫生学"),
                                ("340", "军事医学与特种医学"),
                                ("350", "药学"),
                                ("360", "中医学与中药学"),
                                ("410", "工程与技术科学基础学科"),
                                ("413", "信息与系统科学相关工程与技术"),
                                ("416", "自然科学相关工程与技术"),
                                ("420", "测绘科学技术"),
                                ("430", "材料科学"),
                                ("440", "矿山工程技术"),
                                ("450", "冶金工程技术"),
                                ("460", "机械工程"),
                                ("470", "动力与电气工程"),
                                ("480", "能源科学技术"),
                                ("490", "核科学技术"),
                                ("510", "电子与通信技术"),
                                ("520", "计算机科学技术"),
                                ("530", "化学工程"),
                                ("535", "产品应用相关工程与技术"),
                                ("540", "纺织科学技术"),
                                ("550", "食品科学技术"),
                                ("560", "土木建筑工程"),
                                ("570", "水利工程"),
                                ("580", "交通运输工程"),
                                ("590", "航空、航天科学技术"),
                                ("610", "环境科学技术及资源科学技术"),
                                ("620", "安全科学技术"),
                                ("630", "管理学"),
                                ("710", "马克思主义"),
                                ("720", "哲学"),
                                ("730", "宗教学"),
                                ("740", "语言学"),
                                ("750", "文学"),
                                ("760", "艺术学"),
                                ("770", "历史学"),
                                ("780", "考古学"),
                                ("790", "经济学"),
                                ("810", "政治学"),
                                ("820", "法学"),
                                ("830", "军事学"),
                                ("840", "社会学"),
                                ("850", "民族学与文化学"),
                                ("860", "新闻学与传播学"),
                                ("870", "图书馆、情报与文献学"),
                                ("880", "教育学"),
                                ("890", "体育科学"),
                                ("910", "统计学"),
                            ],
                            max_length=4,
                        ),
                        blank=True,
                        default=list,
                        help_text="按学科找可以任职的女性；不选则不限",
                        size=None,
                        verbose_name="涉及学科",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        help_text="会写在公开页面上，不要写个人手机号",
                        max_length=120,
                        verbose_name="公开的联系方式",
                    ),
                ),
                (
                    "takes_members",
                    models.BooleanField(default=False, verbose_name="网上接受入会申请"),
                ),
                (
                    "member_months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="几个月，6 到 60",
                        validators=[
                            django.core.validators.MinValueValidator(6),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="会籍多久一续",
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="对外公布")),
                (
                    "dissolved_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="注销或撤销日期"
                    ),
                ),
                (
                    "dissolve_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="原因"
                    ),
                ),
                (
                    "silence_asked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="询问活动情况"),
                ),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="联系部门",
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        blank=True,
                        help_text="用接口读取会员和任职名单的单位",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="association",
                        to="accounts.unit",
                        verbose_name="对应的单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "协会",
                "verbose_name_plural": "协会",
                "ordering": ["name"],
                "permissions": [("lead_association", "收到协会换届超期的上报")],
            },
        ),
        migrations.CreateModel(
            name="AssociationEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_events",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_by",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "协会的活动",
                "verbose_name_plural": "协会的活动",
            },
        ),
        migrations.CreateModel(
            name="CouncilMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("member", "会员大会"),
                            ("delegate", "会员代表大会"),
                            ("council", "理事会（执委会）"),
                            ("standing", "常务理事会（常委会）"),
                        ],
                        max_length=10,
                        verbose_name="什么会议",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="开会日期")),
                (
                    "present",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="到会人数",
                    ),
                ),
                ("women", models.PositiveIntegerField(verbose_name="其中女性")),
                (
                    "source",
                    models.CharField(
                        help_text="会议纪要的名称或编号", max_length=120, verbose_name="依据"
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "协会会议",
                "verbose_name_plural": "协会会议",
                "ordering": ["-held_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Election",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="选举第几届",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(
                        help_text="换届大会的日期；前一届到前一天为止",
                        verbose_name="新一届从哪天起",
                    ),
                ),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="开始筹备")),
                (
                    "cancelled_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="取消时间"
                    ),
                ),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="取消的原因"
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elections",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "换届选举",
                "verbose_name_plural": "换届选举",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("name", "名称"),
                            ("address", "住所"),
                            ("scope", "业务范围"),
                            ("legal_person", "法定代表人"),
                            ("supervisor", "业务主管单位"),
                            ("leaders", "负责人"),
                            ("charter", "章程"),
                        ],
                        max_length=12,
                        verbose_name="变更事项",
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="变更日期")),
                ("due_on", models.DateField(verbose_name="备案期限")),
                ("filed_on", models.DateField(blank=True, null=True, verbose_name="备案日期")),
                (
                    "document",
                    models.CharField(blank=True, max_length=120, verbose_name="备案的文书"),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "变更备案",
                "verbose_name_plural": "变更备案",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "等待审核"),
                            ("active", "会员"),
                            ("declined", "没有通过"),
                            ("withdrawn", "已撤回"),
                            ("left", "已退会"),
                            ("lapsed", "会籍已失效"),
                        ],
                        default="applied",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("applied_at", models.DateTimeField(verbose_name="申请或登记时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="审核时间"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="没有通过或结束的原因"
                    ),
                ),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="入会日期")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="会籍到期日")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="退会日期")),
                ("paused_from", models.DateField(blank=True, null=True, verbose_name="暂停从")),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="暂停到")),
                ("reminded_at", models.DateTimeField(editable=False, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "协会会员",
                "verbose_name_plural": "协会会员",
                "ordering": ["-id"],
                "permissions": [
                    ("import_membership", "可以导入会员名单"),
                    ("export_membership", "可以导出会员名单"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=30, verbose_name="职务")),
                ("title_en", models.CharField(blank=True, max_length=60, verbose_name="英文名称")),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("delegate", "会员代表"),
                            ("council", "理事（执委）"),
                            ("standing", "常务理事（常委）"),
                            ("leader", "负责人"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="人数",
                    ),
                ),
                (
                    "runs",
                    models.BooleanField(
                        default=False,
                        help_text="审核入会、看会员和任职名单；任期、会籍或任职一结束，权限随之结束",
                        verbose_name="任职期间可以办理会员事务",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="取消时间"
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "协会职务",
                "verbose_name_plural": "协会职务",
                "ordering": ["association", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ElectionCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="election_call",
                        to="calls.call",
                        verbose_name="申报通知",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="networks.election",
                        verbose_name="换届选举",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="networks.post",
                        verbose_name="职务",
                    ),
                ),
            ],
            options={
                "verbose_name": "选举的申报通知",
                "verbose_name_plural": "选举的申报通知",
                "ordering": ["post__order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ShareCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("member", "会员"),
                            ("delegate", "会员代表"),
                            ("council", "理事（执委）"),
                            ("standing", "常务理事（常委）"),
                            ("leader", "负责人"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "total",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="总人数",
                    ),
                ),
                ("women", models.PositiveIntegerField(verbose_name="其中女性")),
                ("as_of", models.DateField(verbose_name="截至日期")),
                (
                    "source",
                    models.CharField(
                        help_text="名单、年报或文件的名称，在哪里可以核对",
                        max_length=120,
                        verbose_name="来源",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entered", "待确认"),
                            ("confirmed", "已确认"),
                            ("refused", "已退回"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="entered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="填报时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="退回或撤销的原因"),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="share_counts",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
            ],
            options={
                "verbose_name": "女性比例",
                "verbose_name_plural": "女性比例",
                "ordering": ["-id"],
                "permissions": [("confirm_sharecount", "可以确认女性比例")],
            },
        ),
        migrations.CreateModel(
            name="ShareTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("member", "会员"),
                            ("delegate", "会员代表"),
                            ("council", "理事（执委）"),
                            ("standing", "常务理事（常委）"),
                            ("leader", "负责人"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="目标（%）",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="章程、文件或会议决定的名称和文号",
                        max_length=120,
                        verbose_name="依据",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="share_targets",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "女性比例目标",
                "verbose_name_plural": "女性比例目标",
                "ordering": ["association", "rung"],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="第几届",
                    ),
                ),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        choices=[(4, "四年"), (5, "五年")],
                        help_text="按章程填写",
                        verbose_name="任期",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="从哪天起")),
                ("planned_ends_on", models.DateField(editable=False, verbose_name="届满日期")),
                ("ends_on", models.DateField(editable=False, verbose_name="到哪天止")),
                (
                    "extended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="登记延期"
                    ),
                ),
                (
                    "extension_document",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="同意延期的文件"
                    ),
                ),
                (
                    "six_reminded_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="提前六个月提醒"),
                ),
                (
                    "three_reminded_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="提前三个月提醒"),
                ),
                (
                    "overdue_told_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="超期上报"),
                ),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "届",
                "verbose_name_plural": "届次",
                "ordering": ["association", "-number"],
                "permissions": [("extend_term", "可以登记延期换届")],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            ("member", "会员"),
                            ("delegate", "会员代表"),
                            ("council", "理事（执委）"),
                            ("standing", "常务理事（常委）"),
                            ("leader", "负责人"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("is_single", models.BooleanField(default=False, editable=False)),
                (
                    "outside",
                    models.CharField(
                        blank=True,
                        choices=[("woman", "库外（女）"), ("man", "库外（男）")],
                        max_length=6,
                        verbose_name="库外的人",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="从哪天起")),
                ("last_day", models.DateField(verbose_name="到哪天止")),
                (
                    "document",
                    models.CharField(
                        help_text="选举结果、会议决议或文件的名称和文号",
                        max_length=120,
                        verbose_name="依据",
                    ),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resigned", "辞职"),
                            ("removed", "免职"),
                            ("new_term", "提前换届"),
                            ("not_member", "会籍结束"),
                            ("void", "当选无效"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="提前结束的原因",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="登记结束"
                    ),
                ),
                ("noted_at", models.DateTimeField(editable=False, verbose_name="登记时间")),
                (
                    "application",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="post_holding",
                        to="calls.application",
                        verbose_name="申报",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="networks.post",
                        verbose_name="职务",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="networks.term",
                        verbose_name="届",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="election",
            name="term",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="election",
                to="networks.term",
                verbose_name="选出的一届",
            ),
        ),
        migrations.CreateModel(
            name="YearlyCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="哪一年的年检")),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "合格"), ("partly", "基本合格"), ("failed", "不合格")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("checked_on", models.DateField(verbose_name="结论日期")),
                (
                    "document",
                    models.CharField(
                        help_text="通知的名称和文号", max_length=120, verbose_name="依据"
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="yearly_checks",
                        to="networks.association",
                        verbose_name="协会",
                    ),
                ),
            ],
            options={
                "verbose_name": "年检",
                "verbose_name_plural": "年检",
                "ordering": ["-year", "association"],
            },
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.UniqueConstraint(fields=("uscc",), name="association_uscc_once"),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("legal_form", "society"),
                        ("uscc__isnull", False),
                        ("uscc__regex", "^51[0-9A-Z]{16}$"),
                    ),
                    models.Q(models.Q(("legal_form", "society"), _negated=True), ("uscc", None)),
                    _connector="OR",
                ),
                name="association_code_by_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("supervisor", ""), _negated=True),
                    models.Q(
                        models.Q(("legal_form", "federation"), _negated=True),
                        models.Q(("document", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="association_papers_by_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.CheckConstraint(
                condition=models.Q(("term_years__in", (4, 5))), name="association_term"
            ),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.CheckConstraint(
                condition=models.Q(("member_months__range", (6, 60))),
                name="association_member_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="association",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dissolve_reason", ""), ("dissolved_on", None)),
                    models.Q(
                        ("dissolved_on__isnull", False),
                        models.Q(("dissolve_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="association_dissolved_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="associationevent",
            constraint=models.UniqueConstraint(
                fields=("association", "event"), name="association_event_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="councilmeeting",
            constraint=models.UniqueConstraint(
                fields=("association", "rung", "held_on"), name="council_meeting_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="councilmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("present__gte", 1), ("women__lte", models.F("present"))),
                name="council_meeting_women_within_present",
            ),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(
                condition=models.Q(("filed_on", None)), fields=["due_on"], name="filing_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("filed_on", None)),
                fields=("association", "kind"),
                name="filing_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", ""), ("filed_on", None)),
                    models.Q(
                        ("filed_on__gte", models.F("decided_on")),
                        ("filed_on__isnull", False),
                        models.Q(("document", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="filing_filed_by_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gt", models.F("decided_on"))),
                name="filing_due_after_change",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["association", "state", "-id"], name="membership_list"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("state", "active")),
                fields=["valid_until"],
                name="membership_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("applied", "active"))),
                fields=("association", "talent"),
                name="membership_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("joined_on", None),
                        ("left_on", None),
                        ("paused_from", None),
                        ("state__in", ("applied", "declined", "withdrawn")),
                        ("valid_until", None),
                    ),
                    models.Q(
                        ("joined_on__isnull", False),
                        ("left_on", None),
                        ("state", "active"),
                        ("valid_until__gte", models.F("joined_on")),
                        ("valid_until__isnull", False),
                    ),
                    models.Q(
                        ("joined_on__isnull", False),
                        ("left_on__isnull", False),
                        ("state__in", ("left", "lapsed")),
                    ),
                    _connector="OR",
                ),
                name="membership_of_members",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), models.Q(("reason", ""), _negated=True)),
                    ("state", "left"),
                    models.Q(
                        models.Q(("state__in", ("declined", "left")), _negated=True), ("reason", "")
                    ),
                    _connector="OR",
                ),
                name="membership_declined_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paused_from", None), ("paused_until", None)),
                    models.Q(
                        ("paused_from__isnull", False),
                        ("paused_until__gte", models.F("paused_from")),
                        ("paused_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="membership_pause",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("association", "title"),
                name="post_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__gte", 1)), name="post_has_seats"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("rung__in", ("delegate", "council", "standing", "leader"))),
                name="post_rung",
            ),
        ),
        migrations.AddConstraint(
            model_name="electioncall",
            constraint=models.UniqueConstraint(
                fields=("election", "post"), name="election_call_once"
            ),
        ),
        migrations.AddIndex(
            model_name="sharecount",
            index=models.Index(fields=["state", "-id"], name="share_count_queue"),
        ),
        migrations.AddConstraint(
            model_name="sharecount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("entered", "confirmed"))),
                fields=("association", "rung", "as_of"),
                name="share_count_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharecount",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", 1), ("women__lte", models.F("total"))),
                name="share_count_women_within_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharecount",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="share_count_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharecount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    ("decided_by", None),
                    ("entered_by", None),
                    models.Q(("decided_by", models.F("entered_by")), _negated=True),
                    _connector="OR",
                ),
                name="share_count_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharecount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("reason", ""), ("state", "entered")),
                    models.Q(("decided_at__isnull", False), ("reason", ""), ("state", "confirmed")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state__in", ("refused", "withdrawn")),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="share_count_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharetarget",
            constraint=models.UniqueConstraint(
                fields=("association", "rung"), name="share_target_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharetarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 1), ("percent__lte", 100)),
                name="share_target_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharetarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="share_target_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(
                fields=("association", "number"), name="term_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("association", "="),
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_upper=True
                            ),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="terms_apart",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("years__in", (4, 5))), name="term_of_four_or_five"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "planned_ends_on__lt",
                        networks.posts.models.YearsAfter("starts_on", models.F("years")),
                    ),
                    (
                        "planned_ends_on__gte",
                        networks.posts.models.YearsAfter(
                            "starts_on",
                            django.db.models.expressions.CombinedExpression(
                                models.F("years"), "-", models.Value(1)
                            ),
                        ),
                    ),
                ),
                name="term_planned",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="term_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ends_on__lte", models.F("planned_ends_on")),
                        ("extended_at", None),
                        ("extension_document", ""),
                    ),
                    models.Q(
                        ("extended_at__isnull", False),
                        models.Q(("extension_document", ""), _negated=True),
                        ("ends_on__lte", networks.posts.models.YearsAfter("planned_ends_on", 1)),
                    ),
                    _connector="OR",
                ),
                name="term_extended_by_document",
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(fields=["talent", "-id"], name="holding_hers"),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(fields=["association", "last_day"], name="holding_list"),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(fields=["term"], name="holding_term"),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_single", True), ("last_day__gte", models.F("first_day"))),
                expressions=[
                    ("post", "="),
                    (
                        models.Func(
                            "first_day",
                            "last_day",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_upper=True
                            ),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="post_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("last_day__gte", models.F("first_day")), ("talent__isnull", False)
                ),
                expressions=[
                    ("association", "="),
                    ("rung", "="),
                    ("talent", "="),
                    (
                        models.Func(
                            "first_day",
                            "last_day",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_upper=True
                            ),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="rung_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outside", ""), ("talent__isnull", False)),
                    models.Q(("talent", None), models.Q(("outside", ""), _negated=True)),
                    _connector="OR",
                ),
                name="holding_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True), name="holding_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("end_reason", ""),
                        ("ended_at", None),
                        ("last_day__gte", models.F("first_day")),
                    ),
                    models.Q(
                        models.Q(("end_reason", ""), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="holding_ended_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None), ("term", None)),
                fields=("association",),
                name="election_one_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="election",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancel_reason", ""), ("cancelled_at", None)),
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("term", None),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="election_cancelled_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlycheck",
            constraint=models.UniqueConstraint(
                fields=("association", "year"), name="yearly_check_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearlycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True), name="yearly_check_document"
            ),
        ),
        migrations.RunSQL(TRIGGERS, FREE),
    ]
