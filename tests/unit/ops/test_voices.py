"""Sounds by arithmetic: loops that close without a click, lines at an even loudness."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from coach_core.errors import UsageError
from ops import voices
from ops.voices import PEAK, RATE, beep, seconds_of, speech, write_wav


def test_beep_begins_and_ends_softly_and_its_pause_is_silent() -> None:
    tone = beep(1000.0, 0.2, 0.15, 0.65)
    assert len(tone) == round(0.8 * RATE)
    assert abs(tone[0]) < 1e-9
    assert not tone[round(0.15 * RATE) :].any()
    assert 0.3 < np.max(np.abs(tone)) <= 0.5
    assert np.max(np.abs(np.diff(tone[: round(0.002 * RATE)]))) < 0.1


def test_solid_tone_loops_without_a_seam() -> None:
    tone = beep(1437.5, 0.15, 0.2, 0.0)
    twice = np.concatenate([tone, tone])
    steps = np.abs(np.diff(twice))
    seam = steps[len(tone) - 1]
    assert seam <= np.max(np.abs(np.diff(tone))) + 1e-9
    spectrum = np.abs(np.fft.rfft(twice))
    assert np.argmax(spectrum) * RATE / len(twice) == pytest.approx(1437.5, abs=5.0)


def test_quiet_and_loud_voices_come_out_alike() -> None:
    noise = np.sin(np.linspace(0.0, 900.0, 5000))
    levels = [np.sqrt(np.mean(voices._levelled(gain * noise) ** 2)) for gain in (0.01, 0.1, 1.0)]
    assert np.ptp(levels) < 1e-9
    spike = np.zeros(5000)
    spike[100] = 1.0
    assert np.max(np.abs(voices._levelled(spike))) == pytest.approx(PEAK)


def test_resampling_keeps_pitch_and_length() -> None:
    time = np.arange(22_050) / 22_050
    out = voices._resampled(np.sin(2.0 * np.pi * 440.0 * time), 22_050)
    assert len(out) == RATE
    assert np.argmax(np.abs(np.fft.rfft(out))) == 440


def test_wav_is_written_as_it_will_be_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.wav"
    write_wav(path, np.array([0.0, 0.5, -1.0]))
    assert seconds_of(path) == round(3 / RATE, 3)
    with wave.open(str(path)) as file:
        assert np.frombuffer(file.readframes(3), "<i2").tolist() == [0, 16384, -32767]


def test_missing_synthesiser_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="apt-get install espeak-ng"):
        speech("hello", "en")
