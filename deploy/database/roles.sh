#!/bin/sh
# Run once by the database's image, on empty data, as the superuser: the three roles of the portal.
# portal owns the tables and is used by `migrate` alone; portal_app works in them (web, worker, beat);
# portal_purge may remove rows of append-only tables by rule, and no service has its password.
set -eu
psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set owner="$DATABASE_OWNER_PASSWORD" --set app="$DATABASE_PASSWORD" \
    --set purge="$DATABASE_PURGE_PASSWORD" --set name="$POSTGRES_DB" <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'owner';
CREATE ROLE portal_app LOGIN PASSWORD :'app';
CREATE ROLE portal_purge LOGIN PASSWORD :'purge';
ALTER DATABASE :"name" OWNER TO portal;
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO portal_app, portal_purge;
SQL
