"""Fonts that are shipped with Parkit, and their licence."""
