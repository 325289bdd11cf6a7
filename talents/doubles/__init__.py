"""Two records of one woman: found (`finding`), judged, merged (talents.operations.merging) and taken apart again."""
