"""How the trends ask the database."""

from django.db import connection


def rows(sql, **params):
    """Return the rows of a query; what is put together into `sql` are constants of this app."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def of(department, alias="s", column="department_id"):
    """Return the condition on whose rows are counted: a department's, everybody's for None."""
    return f"{alias}.{column} = %(department)s" if department else "TRUE"
