"""Measuring Parkit: figures with the machine and the command they came from."""
