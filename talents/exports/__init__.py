"""Lists that clerks take out of the portal: small ones at once, long ones written by the worker."""
