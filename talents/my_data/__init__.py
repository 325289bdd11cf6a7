"""The page 我的数据: a copy of what the portal holds about her, and having it erased."""
