"""Where SMS and mail leave the portal: a provider in production, a local folder in development."""
