"""From Kafka to the store: records sessions, and writes the report of each when it has ended."""
