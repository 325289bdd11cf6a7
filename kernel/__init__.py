"""The ground every app stands on: nothing here knows of people, events or points."""
