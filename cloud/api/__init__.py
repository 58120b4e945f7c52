"""REST: cars, sessions, reports, recordings, commands; health, metrics and the built dashboard."""
