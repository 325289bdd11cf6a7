"""One form on its way into the database: the run, its file, its rows."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from privacy.fields import EncryptedTextField
from talents.imports.problems import Problem


class ImportState(models.TextChoices):
    """Where an import run stands."""

    UPLOADED = "uploaded", _("等待预览")
    PREVIEWING = "previewing", _("正在预览")
    READY = "ready", _("等待确认")
    COMMITTING = "committing", _("正在导入")
    DONE = "done", _("已完成")
    FAILED = "failed", _("无法导入")
    CANCELLED = "cancelled", _("已取消")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")


class Outcome(models.TextChoices):
    """What becomes of one row of a form."""

    CREATE = "create", _("新增")
    UPDATE = "update", _("更新")
    MERGE = "merge", _("合并")
    SAME = "same", _("无变化")
    # Translators: of a row that is not taken over and goes back to the unit
    REFUSE = "refuse", _("退回")


class ImportRunQuerySet(models.QuerySet):
    """Questions about import runs."""

    WORKING = (
        ImportState.UPLOADED,
        ImportState.PREVIEWING,
        ImportState.COMMITTING,
        ImportState.UNDOING,
    )

    def visible_to(self, user):
        """Keep the runs of her department, for staff who may import."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("talents.import_talent"):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(department=user.department_id)

    def abandoned(self, since):
        """Keep runs with work left that nobody has touched after `since`."""
        return self.filter(state__in=self.WORKING).filter(
            Q(heartbeat_at=None) | Q(heartbeat_at__lt=since)
        )


class ImportRun(models.Model):
    """One form on its way into the database: read, shown row by row, confirmed, written.

    `worker` is the token of the process that works on it and `heartbeat_at` its last sign of life;
    whoever finds that one old may take the run over (talents.imports.running.take).
    """

    file_name = models.CharField(_("文件名"), max_length=120)
    # Keyed, so that the digest of a short list cannot be tried out from the list itself.
    digest = models.CharField(max_length=64, db_index=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("所属部门"), db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("上传人"),
    )
    state = models.CharField(_("状态"), max_length=12, choices=ImportState, default="uploaded")
    # Why the run failed, as problems.Problem.stored; null while it has not.
    failure = models.JSONField(null=True, editable=False)
    # The form's tables as (sheet, columns as (field, index, letter, header)): what makes a stored row a
    # row again.
    tables = models.JSONField(default=list, editable=False)
    # What the clerk should know of the file as a whole, a list of problems.Problem.stored.
    notes = models.JSONField(default=list, editable=False)
    # Units no record of the portal is called by, as (name, rows), and what the clerk said they are:
    # {normal form: unit, null where it stays as written}.
    unknown_units = models.JSONField(default=list, editable=False)
    units = models.JSONField(default=dict, editable=False)
    # What tells the form by its headers; columns nothing knows, as JSON of (word, header, samples); and what
    # staff said they are, as it was applied: {word: field, "" where it is not taken over}.
    form_key = models.CharField(max_length=64, blank=True, editable=False)
    unknown_columns = EncryptedTextField(null=True, editable=False)
    columns_said = models.JSONField(default=dict, editable=False)
    total = models.PositiveIntegerField(_("总行数"), default=0)
    processed = models.PositiveIntegerField(_("已处理"), default=0)
    created_count = models.PositiveIntegerField(_("新增"), default=0)
    updated_count = models.PositiveIntegerField(_("更新"), default=0)
    merged_count = models.PositiveIntegerField(_("合并"), default=0)
    same_count = models.PositiveIntegerField(_("无变化"), default=0)
    refused_count = models.PositiveIntegerField(_("退回"), default=0)
    created_at = models.DateTimeField(_("上传时间"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    worker = models.CharField(max_length=32, blank=True, editable=False)
    # How often it was taken since it last got on, and how often its file was begun to be read.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    reads = models.PositiveSmallIntegerField(default=0, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单导入")
        verbose_name_plural = pgettext_lazy("many", "名单导入")
        ordering = ["-id"]
        indexes = [models.Index(fields=["department", "-id"], name="importrun_department")]

    def __str__(self):
        return self.file_name

    @property
    def is_working(self):
        """Tell whether the worker still has something to do."""
        return self.state in ImportRunQuerySet.WORKING

    @property
    def percent(self):
        """Return the progress of the present stage, 0 to 100."""
        return min(100, self.processed * 100 // self.stage_total) if self.stage_total else 0

    @property
    def stage_total(self):
        """Return how many rows the present stage has to do."""
        writes = self.created_count + self.updated_count
        return writes if self.state == ImportState.UNDOING else self.total

    @property
    def failure_text(self):
        """Return why the run failed in the reader's language, "" where it has not."""
        return Problem.restored(self.failure).message if self.failure else ""

    @property
    def note_texts(self):
        """Return what to know of the file as a whole, in the reader's language."""
        return [Problem.restored(note).message for note in self.notes]

    @property
    def counts(self):
        """Return {outcome: rows}, in the order they are shown."""
        return {
            Outcome.CREATE: self.created_count,
            Outcome.UPDATE: self.updated_count,
            Outcome.MERGE: self.merged_count,
            Outcome.SAME: self.same_count,
            Outcome.REFUSE: self.refused_count,
        }


class ColumnMapping(models.Model):
    """What staff of a department said the unknown columns of one form are: {header word: field or ""}.

    `form` is the key of the form by its headers (talents.imports.workbook.child).
    """

    department = models.ForeignKey(Department, models.CASCADE, related_name="+", db_index=False)
    form = models.CharField(max_length=64)
    fields = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["department", "form"], name="mapping_of_form"),
        )

    def __str__(self):
        return f"columns of form {self.form[:8]}"


class ImportFile(models.Model):
    """A piece of the uploaded file, encrypted; deleted once its run needs the file no more.

    In pieces, because encoding, encrypting and sending a whole file of 10 MB takes fifteen times its size of a
    web process's memory.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="file", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = EncryptedTextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="import_piece_once"),)

    def __str__(self):
        return f"piece {self.number} of the file of run {self.run_id}"


class ImportRow(models.Model):
    """One person's row of a form. `content` is JSON: values, problems and the cells as written.

    `words` is what the row is searched by (`rows.words`), apart because it is opened for every row of a search.

    `number` counts the rows of the file, `line` is the row's number in its sheet; `outcome` is empty until
    it is decided what becomes of it.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField(_("行号"))
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, blank=True)
    merge_with = models.PositiveIntegerField(null=True)
    has_doubt = models.BooleanField(default=False)
    content = EncryptedTextField(null=True)
    words = EncryptedTextField(null=True)
    talent = models.ForeignKey("talents.Talent", models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导入行")
        verbose_name_plural = pgettext_lazy("many", "导入行")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="importrow_once"),
        ]
        indexes = [
            models.Index(fields=["run", "outcome", "number"], name="importrow_outcome"),
            models.Index(
                fields=["run", "number"], name="importrow_open", condition=Q(applied_at=None)
            ),
            models.Index(fields=["run", "line"], name="importrow_line"),
        ]

    def __str__(self):
        return f"row {self.number} of run {self.run_id}"

    @property
    def as_sent(self):
        """Return the row's values in one line, as they were read from the form; "" once they are deleted."""
        values = json.loads(self.content)["values"] if self.content else {}
        return " · ".join(str(value) for value in values.values() if value)
