"""Suggestions of women (巾帼建言献策): campaigns, what was suggested, who deals with it by when, replies and their effect."""
