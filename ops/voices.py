"""Makes the sounds the car plays: beeps by arithmetic, spoken lines by eSpeak NG. `python -m ops.voices`.

Webots' own voices know no Korean, and its Speaker plays WAV files only; so every line is a file, in both languages.
eSpeak NG (`apt-get install espeak-ng`) is needed only here: the files are part of the project. What a synthesiser
has said may be replaced by a recording of the same name; `--keep` makes only what is missing.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach_core.errors import ParkitError, UsageError
from controllers.data import cue_texts
from controllers.parkit_coach.sound.beeps import RHYTHMS, TIMBRES, beep_name
from controllers.parkit_coach.sound.spoken import LANGUAGES, Language, all_lines, load_spoken

SOUNDS = Path(__file__).resolve().parents[1] / "controllers" / "parkit_coach" / "sounds"
RATE = 12_000
"""Samples per second: speech up to 6 kHz, which keeps the files small."""
VOICES: dict[Language, tuple[str, int]] = {"ko": ("ko", 215), "en": ("en-gb", 170)}
"""eSpeak's voice and words per minute."""
LOUDNESS = 0.12
"""Root mean square of speech, of full scale."""
PEAK = 0.89
EDGE_S = 0.02
"""Silence kept before and after a line."""
RAMP_S = 0.006
"""A tone begins and ends so softly that it does not click."""

Samples = NDArray[np.float64]


def beep(frequency: float, overtone: float, on_s: float, off_s: float) -> Samples:
    """One turn of a loop: a tone of `on_s` and silence of `off_s`; without silence the loop closes without a seam."""
    total = round((on_s + off_s) * RATE)
    if off_s == 0.0:
        frequency = round(frequency * total / RATE) * RATE / total
    time = np.arange(total) / RATE
    tone = np.sin(2.0 * np.pi * frequency * time) + overtone * np.sin(4.0 * np.pi * frequency * time)
    tone *= 0.5 / (1.0 + overtone)
    if off_s > 0.0:
        ramp = np.clip(np.minimum(time, on_s - time) / RAMP_S, 0.0, 1.0)
        tone *= 0.5 - 0.5 * np.cos(np.pi * ramp)
    return np.asarray(tone, dtype=np.float64)


def speech(words: str, language: Language) -> Samples:
    """A line as eSpeak NG says it: resampled, without the silence round it, at an even loudness."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise UsageError("espeak-ng is not installed; it makes the spoken lines: apt-get install espeak-ng")
    voice, pace = VOICES[language]
    made = subprocess.run([program, "-v", voice, "-s", str(pace), "--stdout", words], capture_output=True, check=False)
    if made.returncode:
        raise UsageError(f"espeak-ng could not say {words!r}: {made.stderr.decode(errors='replace').strip()}")
    # eSpeak writes a stream whose header does not know its length yet: the samples are what follows it.
    raw = np.frombuffer(made.stdout[44:], dtype="<i2") / 32768.0
    with wave.open(io.BytesIO(made.stdout[:44] + b"\0\0")) as header:
        rate = header.getframerate()
    return _levelled(_trimmed(_resampled(raw, rate)))


def _resampled(samples: Samples, rate: int) -> Samples:
    """The same sound at RATE, by way of its spectrum."""
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    return np.asarray(np.fft.irfft(spectrum, count) * (count / len(samples)), dtype=np.float64)


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if not len(loud):
        raise UsageError("espeak-ng said nothing")
    edge = round(EDGE_S * RATE)
    return samples[max(0, loud[0] - edge) : loud[-1] + edge]


def _levelled(samples: Samples) -> Samples:
    gain = LOUDNESS / float(np.sqrt(np.mean(samples**2)))
    return samples * min(gain, PEAK / float(np.max(np.abs(samples))))


def write_wav(path: Path, samples: Samples) -> None:
    """16 bits, one channel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(samples * 32767.0).astype("<i2").tobytes())


def seconds_of(path: Path) -> float:
    """Length of a WAV file [s]."""
    with wave.open(str(path)) as file:
        return float(round(file.getnframes() / file.getframerate(), 3))


def make(folder: Path = SOUNDS, *, keep: bool = False) -> dict[str, Any]:
    """All sounds and their table `manifest.json`; keep: make only those that are missing. The table."""
    manifest: dict[str, Any] = {"beeps": {}, **{language: {} for language in LANGUAGES}}
    for side, (frequency, overtone) in TIMBRES.items():
        for name, rhythm in RHYTHMS.items():
            path = folder / "beeps" / f"{beep_name(side, name)}.wav"
            write_wav(path, beep(frequency * rhythm.pitch, overtone, rhythm.on_s, rhythm.off_s))
            manifest["beeps"][path.stem] = {"seconds": seconds_of(path)}
    for line in all_lines(cue_texts(), load_spoken()):
        for language in LANGUAGES:
            path = folder / language / f"{line.key}.wav"
            if not (keep and path.exists()):
                write_wav(path, speech(line.words[language], language))
            manifest[language][line.key] = {"text": line.words[language], "seconds": seconds_of(path)}
    for language in LANGUAGES:
        for path in (folder / language).glob("*.wav"):
            if path.stem not in manifest[language]:
                path.unlink()
    table = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(table, encoding="utf-8")
    return manifest


def main() -> int:
    """Make the sounds and say how many."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--keep", action="store_true", help="make only files that are missing")
    try:
        manifest = make(keep=options.parse_args().keep)
    except ParkitError as error:
        print(f"voices: {error}", file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in SOUNDS.rglob("*.wav"))
    print(f"{sum(map(len, manifest.values()))} sounds, {size / 1e6:.1f} MB, in {SOUNDS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
