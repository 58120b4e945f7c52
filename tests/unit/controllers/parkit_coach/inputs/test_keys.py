"""Held keys: several at once, newest first, without the holes that key repeat leaves."""

from __future__ import annotations

from controllers.parkit_coach.inputs.keys import LEFT, RIGHT, SHIFT, UP, HeldKeys, keys_down


class Keyboard:
    """Webots' list of held keys: emptied by reading."""

    def __init__(self) -> None:
        self.down: list[int] = []
        self._left: list[int] = []

    def step(self, *down: int) -> None:
        self._left = list(down)

    def getKey(self) -> int:
        return self._left.pop(0) if self._left else -1


class Rig:
    def __init__(self) -> None:
        self.keyboard, self.now = Keyboard(), 0.0
        self.held = HeldKeys(self.keyboard, lambda: self.now)

    def step(self, *down: int, dt: float = 0.02) -> tuple[int, ...]:
        self.now += dt
        self.keyboard.step(*down)
        self.held.sample()
        return self.held()


def test_all_keys_of_a_step_are_read_and_shift_is_a_key_of_its_own() -> None:
    keyboard = Keyboard()
    keyboard.step(LEFT | SHIFT, ord("B") | SHIFT)
    assert keys_down(keyboard) == (LEFT, ord("B"), SHIFT)
    assert keys_down(keyboard) == ()


def test_newest_key_comes_first_and_stays_there() -> None:
    rig = Rig()
    assert rig.step(UP) == (UP,)
    assert rig.step(UP, LEFT) == (LEFT, UP)
    assert rig.step(LEFT, UP) == (LEFT, UP)


def test_hole_of_key_repeat_is_no_release() -> None:
    rig = Rig()
    rig.step(UP, LEFT)
    assert set(rig.step()) == {UP, LEFT}
    assert set(rig.step()) == {UP, LEFT}
    assert set(rig.step(UP, LEFT)) == {UP, LEFT}


def test_key_let_go_is_gone_soon_while_another_is_held() -> None:
    rig = Rig()
    rig.step(UP, RIGHT)
    for _ in range(4):
        held = rig.step(UP)
    assert held == (UP,)
