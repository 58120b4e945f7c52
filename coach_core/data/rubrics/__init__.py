"""Rubrics as data, one JSON file each; see `coach_core.scoring.load_rubric`."""
