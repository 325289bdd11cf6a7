"""What schools ask of the volunteer team: the year's white list, a request, who is asked, who has the place."""
