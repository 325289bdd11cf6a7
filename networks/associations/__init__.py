"""Associations, and what their legal form asks of them: yearly checks, changes that are filed."""
