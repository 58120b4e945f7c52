"""Worlds as data: built from a family's parameters, written out, drawn from above and checked."""
