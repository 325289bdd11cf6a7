"""Calls that start at one moment."""

import threading

from django.db import connection

from kernel.errors import DomainError


def rush(calls):
    """Start all calls at one moment, each in its own connection; returns the codes of what was refused."""
    gate, met = threading.Barrier(len(calls)), []

    def one(call):
        gate.wait()
        try:
            call()
        except DomainError as error:
            met.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met
