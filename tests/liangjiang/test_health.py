"""Health addresses: alive whatever the Host, ready as long as the database is."""

import pytest
from django.db import connection

from kernel import page_memory


def test_alive_whatever_the_host_without_database_session_or_language(client, settings):
    """No `db` fixture here: a query would fail the test."""
    settings.ALLOWED_HOSTS = ["portal.example.cn"]
    settings.SECURE_SSL_REDIRECT = True
    for host in ("portal.example.cn", "10.0.0.7:8000", "a_b", "evil.example"):
        response = client.get("/healthz", headers={"host": host})
        assert (response.status_code, response.content) == (200, b"ok")
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_names_its_parts(client):
    response = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_a_lost_broker_is_told_and_takes_nothing_down(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "failed", "migrations": "ok"}


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_not_ready(client):
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        response = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
    assert response.status_code == 503
    assert response.json()["database"] == "failed"


@pytest.mark.django_db
def test_pages_tell_the_browser_which_devices_they_use(client):
    """Also out of memory: the header stands outside of what is remembered."""
    for _ in range(2):
        policy = client.get("/").headers["Permissions-Policy"].split(", ")
        assert {"camera=(self)", "microphone=()", "geolocation=()"} <= set(policy)
    page_memory.clear()
