"""Scores: a session's track judged by a rubric, in records that add up exactly. `score_session` is the front door."""

from coach_core.scoring.causes import FINDERS
from coach_core.scoring.detectors import DETECTORS
from coach_core.scoring.findings import Par
from coach_core.scoring.par import par_of
from coach_core.scoring.rubric import RUBRIC_PACKAGE, TOTAL, Rubric, load_rubric, rubric_file
from coach_core.scoring.score import score_session
from coach_core.scoring.sentences import (
    TEXTS_FILE,
    cause_sentence,
    change_sentence,
    deduction_sentence,
    strength_sentence,
)
from coach_core.scoring.strengths import STRENGTHS
from coach_core.scoring.track import SessionTrack

__all__ = [
    "DETECTORS",
    "FINDERS",
    "RUBRIC_PACKAGE",
    "STRENGTHS",
    "TEXTS_FILE",
    "TOTAL",
    "Par",
    "Rubric",
    "SessionTrack",
    "cause_sentence",
    "change_sentence",
    "deduction_sentence",
    "load_rubric",
    "par_of",
    "rubric_file",
    "score_session",
    "strength_sentence",
]
