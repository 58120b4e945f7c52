"""What the overlay says, in Korean and English: cues from the catalogue, gauges, levels."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Literal

from coach_core.contracts import Cue, Level, Result

Language = Literal["ko", "en"]

LEVEL_WORDS: dict[Language, dict[Level, str]] = {
    "ko": {"clear": "여유", "caution": "주의", "warning": "경고", "critical": "위험"},
    "en": {"clear": "Clear", "caution": "Caution", "warning": "Warning", "critical": "Critical"},
}
GEAR_WORDS: dict[Language, dict[str, str]] = {
    "ko": {"P": "주차", "R": "후진", "N": "중립", "D": "전진"},
    "en": {"P": "Park", "R": "Reverse", "N": "Neutral", "D": "Drive"},
}
ASSIST_WORDS: dict[Language, str] = {"ko": "안내 {level}단계", "en": "Assist {level}"}
TEST_WORDS: dict[Language, str] = {"ko": "시험", "en": "Test"}
LINK_WORDS: dict[Language, dict[bool, str]] = {
    "ko": {True: "연결됨", False: "연결 끊김"},
    "en": {True: "Online", False: "Offline"},
}
RESULT_WORDS: dict[Language, dict[Result, str]] = {
    "ko": {"parked": "주차 완료", "contact": "접촉", "timeout": "시간 초과", "aborted": "중단"},
    "en": {"parked": "Parked", "contact": "Contact", "timeout": "Time is up", "aborted": "Stopped"},
}
PASSED_WORDS: dict[Language, dict[bool, str]] = {
    "ko": {True: "합격", False: "불합격"},
    "en": {True: "Passed", False: "Not passed"},
}
POINTS_WORDS: dict[Language, str] = {"ko": "−{points}점", "en": "−{points}"}
NEXT_TIME_WORDS: dict[Language, str] = {"ko": "다음에는", "en": "Next time"}
WITH_THAT_WORDS: dict[Language, str] = {"ko": "그랬다면 {score}점", "en": "that would have been {score}"}
_TURNS: dict[Language, tuple[str, ...]] = {
    "ko": ("조금", "반의 반 바퀴", "반 바퀴", "반 바퀴 조금 더", "한 바퀴", "한 바퀴 조금 더", "한 바퀴 반",
           "한 바퀴 반 조금 더", "두 바퀴", "두 바퀴 조금 더", "두 바퀴 반", "두 바퀴 반 조금 더", "세 바퀴"),
    "en": ("a little", "¼ turn", "½ turn", "¾ turn", "1 turn", "1¼ turns", "1½ turns",
           "1¾ turns", "2 turns", "2¼ turns", "2½ turns", "2¾ turns", "3 turns"),
}  # fmt: skip
"""By quarter turns."""
_TOWARDS: dict[Language, dict[str, str]] = {
    "ko": {"left": "왼쪽으로", "right": "오른쪽으로"},
    "en": {"left": "Turn left", "right": "Turn right"},
}
_NOW: dict[Language, dict[str, str]] = {
    "ko": {"left": "왼쪽", "right": "오른쪽"},
    "en": {"left": "Left", "right": "Right"},
}
_STRAIGHT: dict[Language, tuple[str, str]] = {"ko": ("핸들", "똑바로"), "en": ("Wheel", "straight")}
_GOOD: dict[Language, tuple[str, str]] = {"ko": ("좋아요", "그대로"), "en": ("Good", "hold it")}

GOOD_WITHIN = math.radians(10.0)
"""Hand-wheel error [rad] that counts as reached."""


def cue_text(catalogue: Mapping[str, Any], cue: Cue, language: Language) -> str:
    """The cue as a sentence; its id where this catalogue is older than the coach."""
    entry = catalogue["cues"].get(cue.id)
    if entry is None:
        return cue.id

    def word(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in cue.params:
            return match.group(0)
        value = str(cue.params[name])
        table = catalogue["params"].get(name, {})
        return str(table[value][language]) if value in table else value

    return re.sub(r"\{(\w+)\}", word, entry[language])


def wheel_advice(actual: float, target: float | None, language: Language) -> tuple[str, str]:
    """Two short lines below the wheel. Hand-wheel angles [rad, left positive]; None: nothing is asked of it.

    With a target they say which way and how far to turn, without one how the wheel stands.
    """
    if target is None:
        if abs(actual) <= GOOD_WITHIN:
            return _STRAIGHT[language]
        return _NOW[language]["left" if actual > 0.0 else "right"], turns(actual, language)
    error = target - actual
    if abs(error) <= GOOD_WITHIN:
        return _GOOD[language]
    return _TOWARDS[language]["left" if error > 0.0 else "right"], turns(error, language)


def advice_words(language: Language) -> list[str]:
    """Every line that wheel advice can have."""
    sides = (*_TOWARDS[language].values(), *_NOW[language].values())
    return [*sides, *_STRAIGHT[language], *_GOOD[language], *_TURNS[language]]


def turns(angle: float, language: Language) -> str:
    """How far a hand wheel is turned, in quarter turns; the side is not said."""
    words = _TURNS[language]
    return words[min(round(abs(angle) / (0.5 * math.pi)), len(words) - 1)]


def distance(metres: float) -> str:
    """0.234 m -> "23 cm", 0.62 m -> "60 cm", 1.25 m -> "1.2 m": as fine as one can use while driving."""
    if metres < 0.3:
        return f"{round(metres * 100.0)} cm"
    centimetres = 5 * round(metres * 20.0)
    return f"{centimetres} cm" if centimetres < 100 else f"{metres:.1f} m"


def speed(metres_per_second: float) -> str:
    """km/h without a sign: the gear says which way."""
    return f"{abs(metres_per_second) * 3.6:.1f}"
