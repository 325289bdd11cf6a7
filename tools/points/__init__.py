"""The points ledger under load and fault, and at ten million entries: `make points`."""
