import type { Pose } from './geometry'
import type { PathPoint } from './scene'

/** Heading against direction of travel: a path point driven in reverse has its heading behind it. */
function isReverse(from: PathPoint, to: PathPoint): boolean {
  return (to[0] - from[0]) * Math.cos(from[2]) + (to[1] - from[1]) * Math.sin(from[2]) < 0
}

/** Indices of `path` at which the gear changes. */
export function cuspsOf(path: readonly PathPoint[]): number[] {
  const cusps: number[] = []
  let previous: boolean | null = null
  for (let i = 1; i < path.length; i += 1) {
    const [from, to] = [path[i - 1], path[i]]
    if (!from || !to || Math.hypot(to[0] - from[0], to[1] - from[1]) < 1e-4) continue
    const reverse = isReverse(from, to)
    if (previous !== null && reverse !== previous) cusps.push(i - 1)
    previous = reverse
  }
  return cusps
}

/** Index of the path point nearest the car; what lies before it counts as driven. */
export function progressIndex(path: readonly PathPoint[], pose: Pose | null): number {
  if (!pose) return 0
  let best = 0
  let least = Infinity
  path.forEach(([x, y, yaw], index) => {
    // heading tells the way in from the way past, where a path runs over the same ground twice
    const away = (x - pose.x) ** 2 + (y - pose.y) ** 2 + 2 * (1 - Math.cos(yaw - pose.yaw))
    if (away <= least) {
      least = away
      best = index
    }
  })
  return best
}
