"""Careers: what a record holds besides the present, and snapshots of how it stood.

`talents_snapshot` writes one whenever a record in the database changes in what a snapshot shows, whoever
writes. Snapshots are append-only; only the deletion of their record takes them along, by the constraint of
the database, and the trigger lets a row go once its record is gone.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import privacy.fields

SNAPSHOTS = """
-- Who works elsewhere keeps her place in the database: for trends she has left.
CREATE FUNCTION talents_stood_as(her talents_talent) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN her.state = 'verified' AND her.moved_away_on IS NOT NULL
                THEN 'moved_away' ELSE her.state END
$$;

CREATE FUNCTION talents_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz;
    old_state text := '';
    old_title text := '';
    old_tier text := '';
    old_discipline text := '';
    old_industry text := '';
    old_kind text;
    old_unit bigint;
    old_department bigint;
BEGIN
    moment := NEW.updated_at;
    IF TG_OP = 'INSERT' THEN
        moment := coalesce(NEW.verified_at, NEW.updated_at);
    ELSE
        old_title := OLD.title_level;
        old_tier := OLD.tier;
        old_discipline := OLD.discipline;
        old_industry := OLD.industry;
        old_unit := OLD.unit_id;
        old_department := OLD.department_id;
        IF OLD.verified_at IS NOT NULL THEN
            old_state := talents_stood_as(OLD);
        END IF;
        -- As it was counted: of who was not in the database the kind of her unit may have changed meanwhile.
        SELECT unit_kind INTO old_kind FROM talents_careersnapshot
         WHERE talent_id = NEW.id ORDER BY day DESC, id DESC LIMIT 1;
    END IF;
    INSERT INTO talents_careersnapshot (
        talent_id, day, unit_id, department_id, unit_kind, position, title_level, tier, education_level,
        degree, discipline, industry, state, source, was_state, was_title_level, was_tier,
        was_discipline, was_industry, was_unit_kind, was_unit_id, was_department_id, corrected, recorded_at
    ) VALUES (
        NEW.id,
        -- A clock that runs ahead must not keep anybody from saving a record.
        (least(moment, clock_timestamp()) AT TIME ZONE 'Asia/Shanghai')::date,
        NEW.unit_id, NEW.department_id,
        coalesce((SELECT kind FROM accounts_unit WHERE id = NEW.unit_id), ''),
        NEW.position, NEW.title_level, NEW.tier, NEW.education_level, NEW.degree, NEW.discipline,
        NEW.industry, talents_stood_as(NEW), NEW.written_by, old_state, old_title, old_tier,
        old_discipline, old_industry, coalesce(old_kind, ''), old_unit, old_department,
        -- What is set right was never so; who does it says so (talents.career.keeping.setting_right).
        coalesce(current_setting('portal.set_right', true), '') = 'on',
        clock_timestamp()
    );
    RETURN NULL;
END $$;

CREATE TRIGGER talents_snapshot_new AFTER INSERT ON talents_talent
    FOR EACH ROW WHEN (NEW.verified_at IS NOT NULL) EXECUTE FUNCTION talents_snapshot();
CREATE TRIGGER talents_snapshot_changed AFTER UPDATE ON talents_talent
    FOR EACH ROW
    WHEN (coalesce(NEW.verified_at, OLD.verified_at) IS NOT NULL AND (
        OLD.verified_at IS NULL, OLD.state, OLD.moved_away_on IS NULL,
        OLD.unit_id, OLD.unit_text, OLD.department_id, OLD.position,
        OLD.title_level, OLD.professional_title, OLD.tier, OLD.education_level, OLD.degree, OLD.discipline,
        OLD.industry
    ) IS DISTINCT FROM (
        NEW.verified_at IS NULL, NEW.state, NEW.moved_away_on IS NULL,
        NEW.unit_id, NEW.unit_text, NEW.department_id, NEW.position,
        NEW.title_level, NEW.professional_title, NEW.tier, NEW.education_level, NEW.degree, NEW.discipline,
        NEW.industry
    ))
    EXECUTE FUNCTION talents_snapshot();

-- A unit is of another kind from today on, and so are its people: nobody came, rose or left by that.
CREATE FUNCTION talents_snapshot_of_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO talents_careersnapshot (
        talent_id, day, unit_id, department_id, unit_kind, position, title_level, tier, education_level,
        degree, discipline, industry, state, source, was_state, was_title_level, was_tier,
        was_discipline, was_industry, was_unit_kind, was_unit_id, was_department_id, corrected, recorded_at
    )
    SELECT t.id, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date,
           t.unit_id, t.department_id, NEW.kind, t.position, t.title_level, t.tier, t.education_level,
           t.degree, t.discipline, t.industry, 'verified', t.written_by, 'verified', t.title_level, t.tier,
           t.discipline, t.industry, s.unit_kind, t.unit_id, t.department_id, false, clock_timestamp()
      FROM talents_talent t
     CROSS JOIN LATERAL (
        SELECT unit_kind, state FROM talents_careersnapshot
         WHERE talent_id = t.id ORDER BY day DESC, id DESC LIMIT 1
     ) s
     WHERE t.unit_id = NEW.id AND s.state = 'verified' AND s.unit_kind <> NEW.kind
       FOR NO KEY UPDATE OF t;
    RETURN NULL;
END $$;

CREATE TRIGGER talents_snapshot_of_kind AFTER UPDATE OF kind ON accounts_unit
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION talents_snapshot_of_kind();

ALTER TABLE talents_careersnapshot ADD CONSTRAINT snapshot_goes_with_record
    FOREIGN KEY (talent_id) REFERENCES talents_talent (id) ON DELETE CASCADE;

CREATE FUNCTION talents_snapshot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (
        current_setting('portal.allow_purge', true) = 'on'
        OR NOT EXISTS (SELECT 1 FROM talents_talent WHERE id = OLD.talent_id)
    ) THEN
        RETURN OLD;
    END IF;
    -- Of somebody who was erased the words and the place go; what is counted stays.
    IF TG_OP = 'UPDATE' AND NEW.position = '' AND NEW.unit_id IS NULL AND NEW.was_unit_id IS NULL
        AND to_jsonb(NEW) - '{position,unit_id,was_unit_id}'::text[]
            = to_jsonb(OLD) - '{position,unit_id,was_unit_id}'::text[]
        AND EXISTS (SELECT 1 FROM talents_talent WHERE id = OLD.talent_id AND state = 'erased')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

-- As the owner: the running portal's own role may change no row here.
CREATE FUNCTION talents_forget_snapshots(record bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH emptied AS (
        UPDATE talents_careersnapshot SET position = '', unit_id = NULL, was_unit_id = NULL
         WHERE talent_id = record
           AND EXISTS (SELECT FROM talents_talent WHERE id = record AND state = 'erased')
     RETURNING 1
    ) SELECT count(*) FROM emptied
$$;

CREATE TRIGGER talents_careersnapshot_rows BEFORE UPDATE OR DELETE ON talents_careersnapshot
    FOR EACH ROW EXECUTE FUNCTION talents_snapshot_stays();
CREATE TRIGGER talents_careersnapshot_truncate BEFORE TRUNCATE ON talents_careersnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_append_only();
"""

NO_SNAPSHOTS = """
DROP TRIGGER talents_careersnapshot_truncate ON talents_careersnapshot;
DROP TRIGGER talents_careersnapshot_rows ON talents_careersnapshot;
DROP FUNCTION talents_forget_snapshots(bigint);
DROP FUNCTION talents_snapshot_stays();
ALTER TABLE talents_careersnapshot DROP CONSTRAINT snapshot_goes_with_record;
DROP TRIGGER talents_snapshot_of_kind ON accounts_unit;
DROP FUNCTION talents_snapshot_of_kind();
DROP TRIGGER talents_snapshot_changed ON talents_talent;
DROP TRIGGER talents_snapshot_new ON talents_talent;
DROP FUNCTION talents_snapshot();
DROP FUNCTION talents_stood_as(talents_talent);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_departments"),
        ("talents", "0002_sharing"),
        ("privacy", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareerEntry",
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
                            ("education", "教育经历"),
                            ("employment", "工作经历"),
                            ("title", "职称经历"),
                            ("tier", "人才称号"),
                            ("achievement", "成果"),
                            ("overseas", "海外经历"),
                            ("language", "语言"),
                            ("post", "社会兼职"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("sort", models.CharField(blank=True, max_length=16, verbose_name="种类")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="名称")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=120, verbose_name="单位或机构"),
                ),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="角色")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="编号")),
                ("began", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("ended", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(editable=False, verbose_name="确认时间")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="添加时间")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="更新时间")),
                (
                    "deleted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="删除时间"),
                ),
            ],
            options={
                "verbose_name": "履历",
                "verbose_name_plural": "履历",
            },
        ),
        migrations.CreateModel(
            name="CareerSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("unit_id", models.BigIntegerField(null=True, verbose_name="单位")),
                ("department_id", models.BigIntegerField(verbose_name="所属部门")),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("enterprise", "企业"),
                            ("research_institute", "科研院所"),
                            ("school", "学校"),
                            ("hospital", "医院"),
                            ("association", "协会社团"),
                            ("bank", "银行"),
                            ("government", "机关"),
                        ],
                        max_length=20,
                        verbose_name="单位类型",
                    ),
                ),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "title_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "无职称"),
                            ("primary", "初级"),
                            ("intermediate", "中级"),
                            ("associate_senior", "副高级"),
                            ("senior", "正高级"),
                        ],
                        max_length=16,
                        verbose_name="职称级别",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reserve", "储备"),
                            ("district", "区级"),
                            ("city", "市级"),
                            ("national", "国家级"),
                        ],
                        max_length=10,
                        verbose_name="人才层次",
                    ),
                ),
                (
                    "education_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "博士研究生"),
                            ("14", "硕士研究生"),
                            ("21", "大学本科"),
                            ("31", "大学专科"),
                            ("41", "中等专科"),
                            ("61", "普通高中"),
                            ("90", "其他"),
                        ],
                        max_length=4,
                        verbose_name="学历",
                    ),
                ),
                (
                    "degree",
                    models.CharField(
                        blank=True,
                        choices=[("2", "博士"), ("3", "硕士"), ("4", "学士")],
                        max_length=4,
                        verbose_name="学位",
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
                        max_length=4,
                        verbose_name="学科",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "农、林、牧、渔业"),
                            ("B", "采矿业"),
                            ("C", "制造业"),
                            ("D", "电力、热力、燃气及水生产和供应业"),
                            ("E", "建筑业"),
                            ("F", "批发和零售业"),
                            ("G", "交通运输、仓储和邮政业"),
                            ("H", "住宿和餐饮业"),
                            ("I", "信息传输、软件和信息技术服务业"),
                            ("J", "金融业"),
                            ("K", "房地产业"),
                            ("L", "租赁和商务服务业"),
                            ("M", "科学研究和技术服务业"),
                            ("N", "水利、环境和公共设施管理业"),
                            ("O", "居民服务、修理和其他服务业"),
                            ("P", "教育"),
                            ("Q", "卫生和社会工作"),
                            ("R", "文化、体育和娱乐业"),
                            ("S", "公共管理、社会保障和社会组织"),
                            ("T", "国际组织"),
                        ],
                        max_length=2,
                        verbose_name="行业",
                    ),
                ),
                ("state", models.CharField(max_length=10, verbose_name="状态")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("was_state", models.CharField(blank=True, default="", max_length=10)),
                ("was_title_level", models.CharField(blank=True, default="", max_length=16)),
                ("was_tier", models.CharField(blank=True, default="", max_length=10)),
                ("was_discipline", models.CharField(blank=True, default="", max_length=4)),
                ("was_industry", models.CharField(blank=True, default="", max_length=2)),
                ("was_unit_kind", models.CharField(blank=True, default="", max_length=20)),
                ("was_unit_id", models.BigIntegerField(null=True)),
                ("was_department_id", models.BigIntegerField(null=True)),
                ("corrected", models.BooleanField(default=False)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="记录时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "履历快照",
                "verbose_name_plural": "履历快照",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
            ],
            options={
                "verbose_name": "证明材料",
                "verbose_name_plural": "证明材料",
            },
        ),
        migrations.CreateModel(
            name="EvidencePiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalCareerEntry",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("education", "教育经历"),
                            ("employment", "工作经历"),
                            ("title", "职称经历"),
                            ("tier", "人才称号"),
                            ("achievement", "成果"),
                            ("overseas", "海外经历"),
                            ("language", "语言"),
                            ("post", "社会兼职"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("sort", models.CharField(blank=True, max_length=16, verbose_name="种类")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="名称")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=120, verbose_name="单位或机构"),
                ),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="角色")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="编号")),
                ("began", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("ended", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="更新时间")),
                (
                    "deleted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="删除时间"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "履历修改记录",
                "verbose_name_plural": "historical 履历",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="talent",
            name="confirm_from",
            field=models.DateTimeField(editable=False, null=True, verbose_name="下次确认"),
        ),
        migrations.AddField(
            model_name="talent",
            name="confirm_asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="talent",
            name="confirmed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="最近确认"),
        ),
        migrations.AddField(
            model_name="talent",
            name="confirmed_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("self", "本人填写"),
                    ("unit", "单位确认"),
                    ("staff", "工作人员填写"),
                    ("import", "单位报送"),
                ],
                editable=False,
                max_length=6,
                verbose_name="由谁确认",
            ),
        ),
        migrations.AddField(
            model_name="talent",
            name="discipline_detail",
            field=models.CharField(blank=True, max_length=5, verbose_name="二级学科"),
        ),
        migrations.AddField(
            model_name="talent",
            name="facts",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="talent",
            name="graduated",
            field=models.DateField(blank=True, null=True, verbose_name="毕业年份"),
        ),
        migrations.AddField(
            model_name="talent",
            name="industry_division",
            field=models.CharField(blank=True, max_length=2, verbose_name="行业大类"),
        ),
        migrations.AddField(
            model_name="talent",
            name="title_since",
            field=models.DateField(blank=True, null=True, verbose_name="取得职称年份"),
        ),
        migrations.AddField(
            model_name="talent",
            name="unit_since",
            field=models.DateField(blank=True, null=True, verbose_name="到岗年月"),
        ),
        migrations.AddField(
            model_name="talent",
            name="written_by",
            field=models.CharField(
                choices=[
                    ("self", "本人填写"),
                    ("unit", "单位确认"),
                    ("staff", "工作人员填写"),
                    ("import", "单位报送"),
                ],
                default="self",
                editable=False,
                max_length=6,
            ),
        ),
        migrations.AddIndex(
            model_name="talent",
            index=models.Index(
                condition=models.Q(("state", "verified")),
                fields=["confirm_from", "id"],
                name="talent_confirm",
            ),
        ),
        migrations.AddIndex(
            model_name="talent",
            index=models.Index(
                condition=models.Q(
                    ("confirm_asked_at", None), ("state", "verified"), ("user__isnull", False)
                ),
                fields=["confirm_from", "id"],
                name="talent_to_ask",
            ),
        ),
        migrations.AddField(
            model_name="careerentry",
            name="talent",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="career",
                to="talents.talent",
                verbose_name="人才",
            ),
        ),
        migrations.AddField(
            model_name="careersnapshot",
            name="talent",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="snapshots",
                to="talents.talent",
                verbose_name="人才",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence",
                to="talents.careerentry",
            ),
        ),
        migrations.AddField(
            model_name="evidencepiece",
            name="evidence",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pieces",
                to="talents.evidence",
            ),
        ),
        migrations.AddField(
            model_name="historicalcareerentry",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalcareerentry",
            name="talent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="talents.talent",
                verbose_name="人才",
            ),
        ),
        migrations.AddIndex(
            model_name="careerentry",
            index=models.Index(fields=["talent", "kind"], name="entry_talent"),
        ),
        migrations.AddIndex(
            model_name="careerentry",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="entry_deleted",
            ),
        ),
        migrations.AddConstraint(
            model_name="careerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("began", None),
                    ("ended", None),
                    ("ended__gte", models.F("began")),
                    _connector="OR",
                ),
                name="entry_ends_after_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="careerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("organisation", ""), _negated=True),
                    _connector="OR",
                ),
                name="entry_says_something",
            ),
        ),
        migrations.AddIndex(
            model_name="careersnapshot",
            index=models.Index(fields=["talent", "-day", "-id"], name="snapshot_of_talent"),
        ),
        migrations.AddIndex(
            model_name="careersnapshot",
            index=models.Index(fields=["day", "state"], name="snapshot_day"),
        ),
        migrations.AddIndex(
            model_name="careersnapshot",
            index=models.Index(
                condition=models.Q(("state", "submitted")),
                fields=["talent", "id"],
                name="snapshot_void",
            ),
        ),
        migrations.AddConstraint(
            model_name="careersnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day__lte", django.db.models.functions.datetime.TruncDate("recorded_at"))
                ),
                name="snapshot_not_in_future",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencepiece",
            constraint=models.UniqueConstraint(
                fields=("evidence", "number"), name="evidence_piece_once"
            ),
        ),
        migrations.CreateModel(
            name="UnitConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位核对",
                "verbose_name_plural": "单位核对",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "key"), name="unit_confirmation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTalent",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填写中"),
                            ("submitted", "待审核"),
                            ("verified", "已入库"),
                            ("returned", "待补充"),
                            ("left", "已退出"),
                            ("erased", "已删除"),
                            ("merged", "已并入"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("self", "本人注册"), ("import", "单位报送")],
                        default="self",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reserve", "储备"),
                            ("district", "区级"),
                            ("city", "市级"),
                            ("national", "国家级"),
                        ],
                        max_length=10,
                        verbose_name="人才层次",
                    ),
                ),
                ("full_name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("birth_month", models.DateField(blank=True, null=True, verbose_name="出生年月")),
                (
                    "unit_text",
                    models.CharField(blank=True, max_length=120, verbose_name="单位（未收录）"),
                ),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "professional_title",
                    models.CharField(blank=True, max_length=60, verbose_name="职称"),
                ),
                (
                    "title_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "无职称"),
                            ("primary", "初级"),
                            ("intermediate", "中级"),
                            ("associate_senior", "副高级"),
                            ("senior", "正高级"),
                        ],
                        max_length=16,
                        verbose_name="职称级别",
                    ),
                ),
                (
                    "education_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "博士研究生"),
                            ("14", "硕士研究生"),
                            ("21", "大学本科"),
                            ("31", "大学专科"),
                            ("41", "中等专科"),
                            ("61", "普通高中"),
                            ("90", "其他"),
                        ],
                        max_length=4,
                        verbose_name="学历",
                    ),
                ),
                (
                    "degree",
                    models.CharField(
                        blank=True,
                        choices=[("2", "博士"), ("3", "硕士"), ("4", "学士")],
                        max_length=4,
                        verbose_name="学位",
                    ),
                ),
                (
                    "school_and_major",
                    models.CharField(blank=True, max_length=200, verbose_name="毕业院校及专业"),
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
                        max_length=4,
                        verbose_name="学科",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "农、林、牧、渔业"),
                            ("B", "采矿业"),
                            ("C", "制造业"),
                            ("D", "电力、热力、燃气及水生产和供应业"),
                            ("E", "建筑业"),
                            ("F", "批发和零售业"),
                            ("G", "交通运输、仓储和邮政业"),
                            ("H", "住宿和餐饮业"),
                            ("I", "信息传输、软件和信息技术服务业"),
                            ("J", "金融业"),
                            ("K", "房地产业"),
                            ("L", "租赁和商务服务业"),
                            ("M", "科学研究和技术服务业"),
                            ("N", "水利、环境和公共设施管理业"),
                            ("O", "居民服务、修理和其他服务业"),
                            ("P", "教育"),
                            ("Q", "卫生和社会工作"),
                            ("R", "文化、体育和娱乐业"),
                            ("S", "公共管理、社会保障和社会组织"),
                            ("T", "国际组织"),
                        ],
                        max_length=2,
                        verbose_name="行业",
                    ),
                ),
                (
                    "discipline_detail",
                    models.CharField(blank=True, max_length=5, verbose_name="二级学科"),
                ),
                (
                    "industry_division",
                    models.CharField(blank=True, max_length=2, verbose_name="行业大类"),
                ),
                (
                    "research_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="研究方向",
                    ),
                ),
                ("unit_since", models.DateField(blank=True, null=True, verbose_name="到岗年月")),
                (
                    "title_since",
                    models.DateField(blank=True, null=True, verbose_name="取得职称年份"),
                ),
                ("graduated", models.DateField(blank=True, null=True, verbose_name="毕业年份")),
                (
                    "overseas_study",
                    models.BooleanField(default=False, verbose_name="有海外学习经历"),
                ),
                (
                    "overseas_detail",
                    models.CharField(blank=True, max_length=120, verbose_name="海外学习经历"),
                ),
                (
                    "honours",
                    models.CharField(blank=True, max_length=2000, verbose_name="获奖及荣誉"),
                ),
                ("remark", models.CharField(blank=True, max_length=2000, verbose_name="备注")),
                (
                    "written_by",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        default="self",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="所属部门",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "档案修改记录",
                "verbose_name_plural": "historical 女性科技人才",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunSQL(SNAPSHOTS, NO_SNAPSHOTS),
    ]
