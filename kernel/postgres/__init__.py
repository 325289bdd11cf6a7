"""The database engine of the settings: Django's own for PostgreSQL, less the checks nobody needs."""
