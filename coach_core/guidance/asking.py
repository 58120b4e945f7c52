"""What the planner is asked: an aim and a start, and the car, the driver and the surroundings as they are now."""

from __future__ import annotations

from coach_core.geometry.polygons import ObstacleSet
from coach_core.geometry.poses import Pose
from coach_core.guidance.aims import Aim
from coach_core.guidance.between_lines import Ground
from coach_core.guidance.guide import Guide
from coach_core.guidance.planning import Entry, Planner, PlanRequest
from coach_core.perception.scene import Perception, Scene
from coach_core.planner import PlanOptions
from coach_core.vehicle import VehicleParams


class Asker:
    """Puts the mission's questions to the planner."""

    def __init__(
        self, vehicle: VehicleParams, perception: Perception, planner: Planner, guide: Guide, options: PlanOptions
    ) -> None:
        self._vehicle, self._perception = vehicle, perception
        self._planner, self._guide, self._options = planner, guide, options

    def obstacles(self, scene: Scene, aim: Aim, *, kerb_margin: bool) -> ObstacleSet:
        """What a plan for this aim goes round; kerb_margin: with room between kerbs and turned wheels."""
        points, sigma = scene.points, scene.point_sigma
        return self._perception.obstacles_for(aim.slot.slot_id, points, sigma, kerb_margin=kerb_margin)

    def ask(self, scene: Scene, aim: Aim, start: Pose, entry: Entry, steer: float, obstacles: ObstacleSet) -> None:
        """For a plan from `start` (3,) that enters as `entry` says, the wheel at `steer` [rad]."""
        goal, *others = aim.goals()
        self._planner.submit(
            PlanRequest(
                aim.slot.slot_id,
                self._vehicle,
                start,
                goal,
                obstacles,
                steer,
                self._guide.turn_steers(),
                entry,
                self._options,
                tuple(others),
                aim.row,
                self._ground(scene, aim),
            )
        )

    def _ground(self, scene: Scene, aim: Aim) -> Ground | None:
        if not len(self._perception.lines.boxes):
            return None
        standing = self._perception.standing_for(aim.slot.slot_id, scene.points, scene.point_sigma)
        return Ground(self._perception.lines, scene.kerbs, standing)
