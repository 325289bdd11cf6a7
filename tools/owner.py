"""Statements of the database's owner, for what bench and attack do around the portal."""


def tell(address, *statements):
    """Run statements one by one, outside a transaction, as the owner of the tables.

    `address` is the owner's database URL.
    """
    import psycopg2  # bench is started by a Python that may lack it

    link = psycopg2.connect(address)
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()
