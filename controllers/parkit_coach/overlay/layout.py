"""Where the panels are on the Display [px]; the middle of the road stays free."""

from __future__ import annotations

from controllers.parkit_coach.overlay.clipping import Frame

WIDTH, HEIGHT = 960, 540
MARGIN = 16
"""Between panels and the edge, where the distance bars are."""

MAP = (WIDTH - MARGIN - 300, HEIGHT - MARGIN - 300, 300, 300)
"""x, y, width, height; so are the others."""
GAUGES = (MARGIN, HEIGHT - MARGIN - 258, 164, 258)
INSTRUCTION = (192, HEIGHT - MARGIN - 128, 440, 128)
"""The plate grows from the bottom of this with the lines on it."""
STATUS = (MARGIN, MARGIN, 470, 36)

_INSET = 5
MAP_FRAME = Frame(MAP[0] + _INSET, MAP[1] + _INSET, MAP[0] + MAP[2] - _INSET - 1, MAP[1] + MAP[3] - _INSET - 1)
"""What may be drawn on of the map: its round edge is left alone."""
