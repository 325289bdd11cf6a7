"""Pages of the day itself: the door, the codes a phone kept, the screen on site."""
