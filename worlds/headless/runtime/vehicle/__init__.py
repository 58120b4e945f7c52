# ruff: noqa: TID252
"""The stand-in's `vehicle` module: Driver and Car of Webots R2025a, as far as docs/standin.md says."""

from .car import Car
from .driver import Driver

__all__ = ["Car", "Driver"]
