import type { SlotMap, VehicleProfile } from '../contracts.generated'
import { advance, worldFromEgo, type Point, type Pose } from './geometry'

/** Corners of the body in its own frame: front left, rear left, rear right, front right. */
export function bodyCorners(vehicle: VehicleProfile): [Point, Point, Point, Point] {
  const front = vehicle.wheelbase_m + vehicle.front_overhang_m
  const rear = -vehicle.rear_overhang_m
  const half = vehicle.width_m / 2
  return [
    { x: front, y: half },
    { x: rear, y: half },
    { x: rear, y: -half },
    { x: front, y: -half },
  ]
}

/** The body at a pose, world frame, counter-clockwise from the front left corner. */
export const footprint = (vehicle: VehicleProfile, pose: Pose): Point[] =>
  bodyCorners(vehicle).map((corner) => worldFromEgo(pose, corner))

/** The four corners of a painted slot: entrance left and right (seen looking in), then the far end. */
export function slotCorners(slot: SlotMap): [Point, Point, Point, Point] {
  const pose = { x: slot.entrance_x_m, y: slot.entrance_y_m, yaw: slot.inward_yaw_rad }
  const half = slot.width_m / 2
  return [
    worldFromEgo(pose, { x: 0, y: half }),
    worldFromEgo(pose, { x: 0, y: -half }),
    worldFromEgo(pose, { x: slot.depth_m, y: -half }),
    worldFromEgo(pose, { x: slot.depth_m, y: half }),
  ]
}

export interface Sweep {
  /** Body outlines along the arc, each counter-clockwise. */
  readonly outlines: readonly Point[][]
  /** Tracks of the two corners that lead the way: left, right. */
  readonly edges: readonly [Point[], Point[]]
}

/**
 * Ground the body covers if it drives on for `length` m with the wheel held as it is.
 * `direction` is +1 forward and -1 in reverse; `steering` is the front wheel's angle, left positive.
 */
export function sweptPath(
  vehicle: VehicleProfile,
  pose: Pose,
  steering: number,
  direction: 1 | -1,
  length: number,
  step = 0.05,
): Sweep {
  const curvature = Math.tan(steering) / vehicle.wheelbase_m
  const outlines: Point[][] = []
  const left: Point[] = []
  const right: Point[] = []
  const count = Math.max(1, Math.ceil(length / step))
  for (let i = 0; i <= count; i += 1) {
    const outline = footprint(vehicle, advance(pose, curvature, (direction * length * i) / count))
    const [frontLeft, rearLeft, rearRight, frontRight] = outline
    if (!frontLeft || !rearLeft || !rearRight || !frontRight) break
    outlines.push(outline)
    left.push(direction > 0 ? frontLeft : rearLeft)
    right.push(direction > 0 ? frontRight : rearRight)
  }
  return { outlines, edges: [left, right] }
}

/** Used until a session has said which car it is driven with. */
export const DEFAULT_VEHICLE: VehicleProfile = {
  name: 'unknown',
  wheelbase_m: 2.8,
  front_overhang_m: 0.835,
  rear_overhang_m: 0.85,
  width_m: 1.823,
  track_m: 1.628,
  max_steering_angle_rad: 0.6,
  steering_ratio: 15,
  sensors: [],
}
