"""Elections: reminders ahead, calls for the posts, results that write them."""
