"""The attendance list of a meeting tool: read, matched with bookings, shown, applied, undone."""
