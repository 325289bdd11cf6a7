"""The volunteer team: who joins, what she brings, when she comes, and whether she may stand before a class today."""
