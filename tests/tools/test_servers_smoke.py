from django.db import connection
def test_x(db):
    with connection.cursor() as c:
        c.execute("select current_database(), version()")
        print(c.fetchone())
