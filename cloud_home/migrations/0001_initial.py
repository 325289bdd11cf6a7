import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("events", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circle",
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
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="圈子名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("field", "学科与领域"),
                            ("association", "协会与议题"),
                            ("event", "活动"),
                        ],
                        max_length=12,
                        verbose_name="圈子类型",
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        help_text="一两句话：适合谁、聊什么", max_length=200, verbose_name="简介"
                    ),
                ),
                (
                    "discipline",
                    models.CharField(
                        blank=True,
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
                        help_text="学科圈填写，求教时用来找同行",
                        max_length=4,
                        verbose_name="学科",
                    ),
                ),
                (
                    "discreet",
                    models.BooleanField(
                        default=False,
                        help_text="健康、法律等主题：只有成员看得到内容，短信和邮件里不提内容",
                        verbose_name="敏感主题",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="关闭时间")),
                (
                    "close_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="关闭原因"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circles",
                        to="accounts.department",
                        verbose_name="负责部门",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circle",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "圈子",
                "verbose_name_plural": "圈子",
                "ordering": ["name", "id"],
                "permissions": [("moderate_circle", "可以管理云之家的发言")],
                "indexes": [
                    models.Index(fields=["department", "-id"], name="circle_department"),
                    models.Index(fields=["kind", "name", "id"], name="circle_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", False), ("kind", "event")),
                            models.Q(models.Q(("kind", "event"), _negated=True), ("event", None)),
                            _connector="OR",
                        ),
                        name="circle_event_has_event",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("event", None)),
                        fields=("name",),
                        name="circle_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("close_reason", ""), ("closed_at", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("close_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="circle_closed_has_reason",
                    ),
                ],
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
                ("joined_at", models.DateTimeField(verbose_name="加入时间")),
                ("is_moderator", models.BooleanField(default=False, verbose_name="圈主")),
                ("follows", models.BooleanField(default=True, verbose_name="关注新话题")),
                (
                    "circle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="cloud_home.circle",
                        verbose_name="圈子",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="成员",
                    ),
                ),
            ],
            options={
                "verbose_name": "圈子成员",
                "verbose_name_plural": "圈子成员",
                "ordering": ["-is_moderator", "joined_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("circle", "user"), name="membership_once")
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
                ("number", models.PositiveIntegerField(verbose_name="楼层")),
                ("as_staff", models.BooleanField(default=False, verbose_name="以工作人员身份")),
                ("body", models.TextField(blank=True, verbose_name="正文")),
                ("key", models.CharField(blank=True, editable=False, max_length=40, null=True)),
                ("written_at", models.DateTimeField(verbose_name="发表时间")),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="编辑时间")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="隐藏时间")),
                (
                    "gone",
                    models.CharField(
                        blank=True,
                        choices=[("deleted", "作者已删除"), ("erased", "已注销用户")],
                        max_length=10,
                        verbose_name="去向",
                    ),
                ),
                (
                    "thanked",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="致谢"),
                ),
                ("named", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "search_grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作者",
                    ),
                ),
                (
                    "quoted",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cloud_home.post",
                        verbose_name="引用",
                    ),
                ),
            ],
            options={
                "verbose_name": "发言",
                "verbose_name_plural": "发言",
                "ordering": ["topic", "number"],
                "indexes": [
                    models.Index(fields=["author", "-id"], name="post_author"),
                    models.Index(fields=["author", "written_at"], name="post_author_pace"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_grams"], name="post_grams"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("author", "key"), name="post_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gone", ""), models.Q(("body", ""), _negated=True)),
                            models.Q(
                                models.Q(("gone", ""), _negated=True),
                                ("body", ""),
                                ("search_text", ""),
                            ),
                            _connector="OR",
                        ),
                        name="post_gone_has_no_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="成员",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="cloud_home.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "提到",
                "verbose_name_plural": "提到",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "user"), name="mention_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Hiding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="隐藏原因")),
                ("hidden_at", models.DateTimeField(verbose_name="隐藏时间")),
                ("appeal", models.CharField(blank=True, max_length=500, verbose_name="申诉")),
                (
                    "appealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="申诉时间"),
                ),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="答复")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="恢复时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="隐藏人",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hidings",
                        to="cloud_home.post",
                        verbose_name="发言",
                    ),
                ),
            ],
            options={
                "verbose_name": "隐藏的发言",
                "verbose_name_plural": "隐藏的发言",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("appealed_at__isnull", False), ("decided_at", None), ("ended_at", None)
                        ),
                        fields=["appealed_at", "id"],
                        name="hiding_appealed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("post",),
                        name="hiding_standing_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="hiding_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("kind", models.CharField(max_length=4, verbose_name="文件类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="cloud_home.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PostVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=80, verbose_name="标题")),
                ("body", models.TextField(verbose_name="正文")),
                ("until", models.DateTimeField(verbose_name="修改时间")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="cloud_home.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "发言修改记录",
                "verbose_name_plural": "发言修改记录",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("never", "不发"),
                            ("daily", "每天上午"),
                            ("weekly", "每周一上午"),
                        ],
                        default="weekly",
                        max_length=8,
                        verbose_name="新内容摘要",
                    ),
                ),
                (
                    "may_be_asked",
                    models.BooleanField(default=False, verbose_name="愿意回答同行的求教"),
                ),
                ("told_up_to", models.DateTimeField(verbose_name="上次摘要")),
                ("next_at", models.DateTimeField(verbose_name="下次摘要")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cloud_home",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "云之家摘要",
                "verbose_name_plural": "云之家摘要",
                "indexes": [
                    models.Index(
                        condition=models.Q(("digest", "never"), _negated=True),
                        fields=["next_at"],
                        name="preference_due",
                    ),
                    models.Index(
                        condition=models.Q(("may_be_asked", True)),
                        fields=["user"],
                        name="preference_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("abuse", "辱骂、攻击他人"),
                            ("privacy", "泄露他人信息或单位机密"),
                            ("advertising", "广告、推销"),
                            ("false", "内容不实"),
                            ("other", "其他问题"),
                        ],
                        max_length=12,
                        verbose_name="举报原因",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="补充说明")),
                ("at", models.DateTimeField(verbose_name="举报时间")),
                ("upheld", models.BooleanField(null=True, verbose_name="举报成立")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="处理说明")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="cloud_home.post",
                        verbose_name="发言",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="post_reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="举报人",
                    ),
                ),
            ],
            options={
                "verbose_name": "举报",
                "verbose_name_plural": "举报",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at", None)),
                        fields=["at", "id"],
                        name="report_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("post", "reporter"),
                        name="report_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("upheld", None)),
                            models.Q(("decided_at__isnull", False), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_decided_has_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="停止发言到")),
                ("appeal", models.CharField(blank=True, max_length=500, verbose_name="申诉")),
                (
                    "appealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="申诉时间"),
                ),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="答复")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提前解除时间"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sanctions",
                        to="cloud_home.post",
                        verbose_name="发言",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="当事人",
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒与停止发言",
                "verbose_name_plural": "提醒与停止发言",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("appealed_at__isnull", False), ("decided_at", None)),
                        fields=["appealed_at", "id"],
                        name="sanction_appealed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="sanction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at", None), ("until__isnull", False), _connector="OR"
                        ),
                        name="sanction_lifted_was_suspension",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("post",),
                        name="sanction_standing_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thanks",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="thanks",
                        to="cloud_home.post",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thanks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="成员",
                    ),
                ),
            ],
            options={
                "verbose_name": "致谢",
                "verbose_name_plural": "致谢",
                "constraints": [
                    models.UniqueConstraint(fields=("post", "user"), name="thanks_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
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
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                ("as_staff", models.BooleanField(default=False, verbose_name="以工作人员身份")),
                (
                    "kind",
                    models.CharField(
                        choices=[("talk", "讨论"), ("question", "求教")],
                        default="talk",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=80, verbose_name="标题")),
                (
                    "posts",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="楼层"),
                ),
                ("started_at", models.DateTimeField(verbose_name="发起时间")),
                ("last_at", models.DateTimeField(verbose_name="最近回复")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="隐藏时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="关闭时间")),
                (
                    "close_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="关闭原因"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作者",
                    ),
                ),
                (
                    "circle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="cloud_home.circle",
                        verbose_name="圈子",
                    ),
                ),
            ],
            options={
                "verbose_name": "话题",
                "verbose_name_plural": "话题",
                "ordering": ["-last_at", "-id"],
                "indexes": [
                    models.Index(fields=["circle", "-last_at", "-id"], name="topic_circle"),
                    models.Index(fields=["-last_at", "-id"], name="topic_liveliest"),
                    models.Index(fields=["circle", "started_at"], name="topic_started"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("close_reason", ""), ("closed_at", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("close_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="topic_closed_has_reason",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="post",
            name="topic",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="all_posts",
                to="cloud_home.topic",
                verbose_name="话题",
            ),
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="关注时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="成员",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="cloud_home.topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "关注的话题",
                "verbose_name_plural": "关注的话题",
                "constraints": [
                    models.UniqueConstraint(fields=("topic", "user"), name="follow_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="请教时间")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="回答时间"),
                ),
                (
                    "declined_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="婉拒时间"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="被请教人",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asks",
                        to="cloud_home.topic",
                        verbose_name="话题",
                    ),
                ),
            ],
            options={
                "verbose_name": "求教",
                "verbose_name_plural": "求教",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["user", "-id"], name="ask_user")],
                "constraints": [models.UniqueConstraint(fields=("topic", "user"), name="ask_once")],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
                (
                    "attachment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="cloud_home.attachment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attachment", "number"), name="attachment_piece_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("topic", "number"), name="post_place_once"),
        ),
    ]
