"""What a supervisor can see and do."""

from __future__ import annotations

import pytest

from tests.integration.worlds.conftest import Project, car, supervisor

pytestmark = pytest.mark.integration

WALL = 'DEF WALL LotWall { translation 8 0 0.6 rotation 0 0 1 1.570796 name "ahead" size 20 0.2 1.2 }\n'
DRIVE = """
from vehicle import Driver
d = Driver()
d.setCruisingSpeed(7.2)
while d.step() != -1: pass
"""


def test_the_status_of_simulation_quit_is_the_status_of_the_run(project: Project) -> None:
    source = """
    from controller import Supervisor
    s = Supervisor()
    for _ in range(7): s.step(10)
    s.simulationQuit(42)
    report([s.step(10), s.getTime()])
    """
    probe = project(supervisor("c"), c=source)
    outcome = probe.run()
    assert (outcome.verdict, outcome.status) == ("quit", 42)
    assert outcome.sim_time_s == pytest.approx(0.07)
    assert probe.report()[0] == -1


def test_a_quit_that_is_followed_by_no_step_still_counts(project: Project) -> None:
    outcome = project(
        supervisor("c"), c="from controller import Supervisor\ns = Supervisor()\ns.step(10)\ns.simulationQuit(5)"
    ).run()
    assert (outcome.verdict, outcome.status) == ("quit", 5)
    assert outcome.controllers[0].exit_code == 0


def test_stepping_on_after_minus_one_ends_the_process_with_status_zero(project: Project) -> None:
    probe = project(
        supervisor("c"),
        c="""
        from controller import Supervisor
        s = Supervisor()
        s.simulationQuit(0)
        s.step(10)
        report("still here")
        s.step(10)
        report("never reached")
        """,
    )
    outcome = probe.run()
    assert probe.report() == "still here"
    assert outcome.controllers[0].exit_code == 0


def test_nodes_are_found_by_def_and_tell_their_types_and_fields(project: Project) -> None:
    probe = project(
        car("drive") + WALL + supervisor("c"),
        drive=DRIVE,
        c="""
        from controller import Supervisor, Node
        s = Supervisor()
        ego = s.getFromDef("EGO")
        root = s.getRoot().getField("children")
        report({
            "none": s.getFromDef("NOBODY") is None,
            "self": s.getSelf().getDef(),
            "ego": [ego.getTypeName(), ego.getBaseTypeName(), ego.isProto(), ego.getType() == Node.ROBOT],
            "same": s.getFromId(ego.getId()) == ego,
            "names": [root.getMFNode(i).getTypeName() for i in range(root.getCount())],
            "fields": [ego.getFieldByIndex(i).getName() for i in range(ego.getNumberOfFields())][:3],
            "parent": ego.getParentNode().getId(),
            "base": s.getFromDef("WALL").getBaseNodeField("boundingObject").getSFNode().getTypeName(),
            "args": ego.getField("controllerArgs").getCount(),
            "bool": ego.getField("supervisor").getSFBool(),
        })
        s.simulationQuit(0)
        """,
    )
    probe.run()
    assert probe.report() == {
        "none": True,
        "self": "BOSS",
        "ego": ["LearnerCar", "Robot", True, True],
        "same": True,
        "names": ["WorldInfo", "LearnerCar", "LotWall", "Robot"],
        "fields": ["translation", "rotation", "color"],
        "parent": 0,
        "base": "Box",
        "args": 0,
        "bool": 0,
    }


def test_field_setters_insist_on_exact_types_and_only_complain(project: Project) -> None:
    probe = project(
        WALL + supervisor("c"),
        c="""
        from controller import Supervisor
        s = Supervisor()
        wall = s.getFromDef("WALL")
        place = wall.getField("translation")
        place.setSFVec3f((1.0, 2.0, 3.0))          # a tuple is refused
        place.setSFVec3f([1.0, 2.0])               # and so is a short list
        s.getFromDef("WALL").getBaseNodeField("name").setSFString("no")  # inside a PROTO: read-only
        before = place.getSFVec3f()
        place.setSFVec3f([1.0, 2.0, 3.0])
        report([before, place.getSFVec3f(), wall.getPosition(), wall.getField("name").getSFString()])
        s.simulationQuit(0)
        """,
    )
    outcome = probe.run()
    assert probe.report() == [[8.0, 0.0, 0.6], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], "ahead"]
    said = outcome.controllers[0].stderr_tail
    assert "wrong type or length" in said
    assert "length of 'value' argument should be 3" in said
    assert "read-only" in said


def test_a_car_that_is_moved_stands_where_it_was_put(project: Project) -> None:
    probe = project(
        car("drive") + supervisor("c"),
        drive=DRIVE,
        c="""
        from controller import Supervisor
        s = Supervisor()
        ego = s.getFromDef("EGO")
        for _ in range(20): s.step(50)
        moving = ego.getVelocity()[0]
        ego.getField("translation").setSFVec3f([5.0, 6.0, 0.4])
        ego.getField("rotation").setSFRotation([0.0, 0.0, 1.0, 1.5707963])
        ego.resetPhysics()
        placed, speed = ego.getPosition(), ego.getVelocity()
        orientation = ego.getOrientation()
        report([moving, placed, speed, orientation[3], ego.getPose()[7]])
        s.simulationQuit(0)
        """,
    )
    probe.run()
    moving, placed, speed, sine, y = probe.report()
    assert moving == pytest.approx(2.0)
    assert placed == pytest.approx([5.0, 6.0, 0.273])
    assert speed == [0.0] * 6
    assert sine == pytest.approx(1.0)
    assert y == 6.0


def test_contact_points_tell_body_from_tyres(project: Project) -> None:
    probe = project(
        car("drive") + WALL + supervisor("c"),
        drive=DRIVE,
        c="""
        from controller import Supervisor
        s = Supervisor()
        ego = s.getFromDef("EGO")
        s.step(50)
        free = [len(ego.getContactPoints()), len(ego.getContactPoints(True))]
        for _ in range(100): s.step(50)
        touching = ego.getContactPoints()
        report([free, [p.point for p in touching], {p.node_id for p in touching} == {ego.getId()},
                ego.getPosition()[0], len(s.getFromDef("WALL").getContactPoints()) > 0])
        s.simulationQuit(0)
        """,
    )
    probe.run(max_sim_s=20.0)
    free, points, own, x, wall_too = probe.report()
    assert free == [0, 4]
    assert points
    assert all(point[0] == pytest.approx(7.9, abs=2e-3) for point in points)
    assert own
    assert wall_too
    assert x + 3.5945 == pytest.approx(7.9, abs=2e-3)


def test_a_removed_node_is_gone_for_sensors_and_look_ups(project: Project) -> None:
    eye = 'children [ DistanceSensor { translation 0 0 0.5 name "eye" type "sonar" lookupTable [ 0 0 0, 20 20 0 ] } ]'
    probe = project(
        WALL + supervisor("c", eye),
        c="""
        from controller import Supervisor
        s = Supervisor()
        eye = s.getDevice("eye"); eye.enable(10)
        s.step(10)
        before = eye.getValue()
        s.getFromDef("WALL").remove()
        s.step(10)
        report([before, eye.getValue(), s.getFromDef("WALL") is None])
        s.simulationQuit(0)
        """,
    )
    probe.run()
    assert probe.report() == [pytest.approx(7.9), 20.0, True]


def test_a_moved_wall_is_seen_where_it_is_now(project: Project) -> None:
    eye = 'children [ DistanceSensor { translation 0 0 0.5 name "eye" type "sonar" lookupTable [ 0 0 0, 20 20 0 ] } ]'
    probe = project(
        WALL + supervisor("c", eye),
        c="""
        from controller import Supervisor
        s = Supervisor()
        eye = s.getDevice("eye"); eye.enable(10)
        wall = s.getFromDef("WALL").getField("translation")
        seen = []
        for x in (8.0, 5.0, 3.0):
            wall.setSFVec3f([x, 0.0, 0.6])
            s.step(10)
            seen.append(eye.getValue())
        report(seen)
        s.simulationQuit(0)
        """,
    )
    probe.run()
    assert probe.report() == pytest.approx([7.9, 4.9, 2.9])


def test_a_reset_puts_solids_and_clock_back_without_restarting_controllers(project: Project) -> None:
    probe = project(
        car("drive") + supervisor("c"),
        drive="""
        from vehicle import Driver
        d = Driver()
        d.setCruisingSpeed(7.2)
        before, jumps = 0.0, []
        while d.step() != -1:
            if d.getTime() < before: jumps = []
            before = d.getTime()
            jumps.append(d.getCurrentSpeed())
            if len(jumps) == 4 and before < 0.1: report([min(j for j in jumps if j == j)], "speeds")
        """,
        c="""
        from controller import Supervisor
        s = Supervisor()
        ego = s.getFromDef("EGO")
        for _ in range(20): s.step(50)
        far = ego.getPosition()[0]
        s.simulationReset()
        s.step(50)
        report([far, ego.getPosition()[0], s.getTime()])
        s.simulationQuit(0)
        """,
    )
    outcome = probe.run()
    far, near, time = probe.report()
    assert probe.report("speeds")[0] < -100.0  # the library's wheel history knows nothing of the reset
    assert far > 1.0
    assert near < 0.2
    assert time == pytest.approx(0.05)
    assert outcome.verdict == "quit"


def test_a_reload_restarts_the_controllers_and_every_field(project: Project) -> None:
    probe = project(
        WALL + supervisor("c"),
        c="""
        from controller import Supervisor
        s = Supervisor()
        wall = s.getFromDef("WALL").getField("translation")
        flag = os.path.join(os.path.dirname(s.getWorldPath()), "again")
        if os.path.exists(flag):
            report(wall.getSFVec3f())
            s.simulationQuit(0)
        else:
            open(flag, "w").close()
            wall.setSFVec3f([1.0, 1.0, 1.0])
            s.worldReload()
        while s.step(10) != -1: pass
        """,
    )
    assert probe.run().verdict == "quit"
    assert probe.report() == [8.0, 0.0, 0.6]


def test_a_pause_is_refused_because_nobody_could_end_it(project: Project) -> None:
    outcome = project(
        supervisor("c"),
        c="from controller import Supervisor\nSupervisor().simulationSetMode(Supervisor.SIMULATION_MODE_PAUSE)",
    ).run()
    assert "does not offer a pause" in outcome.controllers[0].stderr_tail


def test_what_is_asked_at_every_step_is_answered_as_things_are_at_the_moment_of_asking(project: Project) -> None:
    probe = project(
        car("drive") + WALL + supervisor("c"),
        drive=DRIVE,
        c="""
        from controller import Supervisor
        s = Supervisor()
        ego, wall = s.getFromDef("EGO"), s.getFromDef("WALL")
        place = wall.getField("translation")
        driven, walls, velocity, twice = [], [], [], True
        for step in range(30):
            s.step(10)
            driven.append(ego.getPose()[3])
            velocity.append(ego.getVelocity()[0])
            before = place.getSFVec3f()
            twice = twice and place.getSFVec3f() == before
            before[0] = 1e9
            place.setSFVec3f([8.0 + step, 0.0, 0.6])
            walls.append(place.getSFVec3f()[0])
        report([driven, velocity, walls, twice])
        s.simulationQuit(0)
        s.step(10)
        """,
    )
    probe.run()
    driven, velocity, walls, twice = probe.report()
    for step in range(5, 30):
        assert driven[step] - driven[step - 1] == pytest.approx(0.01 * velocity[step], abs=1e-9)
        assert velocity[step] > 0.0
    assert walls == [8.0 + step for step in range(30)]
    assert twice
