"""What is kept: sessions, recordings, events and reports, in SQLite or PostgreSQL."""
