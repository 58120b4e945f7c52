/** Poses and arcs. Metres and radians; yaw counter-clockwise from +x; poses of the rear-axle centre, world frame. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Pose extends Point {
  readonly yaw: number
}

export interface Box {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

export function wrapAngle(angle: number): number {
  const turn = 2 * Math.PI
  return angle - turn * Math.floor((angle + Math.PI) / turn)
}

/** A point of the body frame (x forward, y left) in the world. */
export function worldFromEgo(pose: Pose, point: Point): Point {
  const c = Math.cos(pose.yaw)
  const s = Math.sin(pose.yaw)
  return { x: pose.x + c * point.x - s * point.y, y: pose.y + s * point.x + c * point.y }
}

/** Pose after driving `distance` m (negative in reverse) along an arc of `curvature` 1/m (left positive). */
export function advance(pose: Pose, curvature: number, distance: number): Pose {
  const turn = curvature * distance
  const chord = Math.abs(turn) < 1e-9 ? distance : (2 * Math.sin(turn / 2)) / curvature
  const heading = pose.yaw + turn / 2
  return {
    x: pose.x + chord * Math.cos(heading),
    y: pose.y + chord * Math.sin(heading),
    yaw: wrapAngle(pose.yaw + turn),
  }
}

export function boundsOf(points: Iterable<Point>): Box | null {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of points) {
    minX = Math.min(minX, x)
    minY = Math.min(minY, y)
    maxX = Math.max(maxX, x)
    maxY = Math.max(maxY, y)
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : null
}
