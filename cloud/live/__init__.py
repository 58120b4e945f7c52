"""Live state of the cars and its fan-out: one bus interface, in this process or over Redis."""
