import type { VehicleProfile } from '../contracts.generated'
import { LEVEL_FILL, levelRank } from '../severity'
import type { Pose } from './geometry'
import { addToPath, tracePath, type Painter } from './painter'
import { cuspsOf, progressIndex } from './plan'
import { SWEEP_LENGTH_M, type PathPoint, type TrailPoint } from './scene'
import { sweptPath } from './vehicle'
import { toScreen } from './view'

/** Ground the body would cover if the wheel stayed as it is, as one translucent shape with two firm edges. */
export function drawSweep(painter: Painter, vehicle: VehicleProfile, pose: Pose, steering: number, direction: 1 | -1) {
  const { ctx, palette } = painter
  const sweep = sweptPath(vehicle, pose, steering, direction, SWEEP_LENGTH_M)
  ctx.beginPath()
  for (const outline of sweep.outlines) {
    addToPath(painter, outline)
    ctx.closePath()
  }
  ctx.fillStyle = palette.sweepFill
  ctx.fill('nonzero')
  ctx.strokeStyle = palette.sweepEdge
  ctx.lineWidth = 1.75
  ctx.lineJoin = 'round'
  for (const edge of sweep.edges) {
    tracePath(painter, edge)
    ctx.stroke()
  }
  // where the leading end would be one metre ahead: a rung, as on a reversing camera
  const rungs = sweep.edges[0].length - 1
  for (const metres of [1, 2, SWEEP_LENGTH_M]) {
    const index = Math.round((metres / SWEEP_LENGTH_M) * rungs)
    const left = sweep.edges[0][index]
    const right = sweep.edges[1][index]
    if (!left || !right) continue
    tracePath(painter, [left, right])
    ctx.globalAlpha = metres === SWEEP_LENGTH_M ? 0.9 : 0.35
    ctx.stroke()
  }
  ctx.globalAlpha = 1
}

/** The planned path of the rear-axle centre, dotted; faint where it has been driven; diamonds where the gear changes. */
export function drawPlan(painter: Painter, path: readonly PathPoint[], pose: Pose | null): void {
  if (path.length < 2) return
  const { ctx, view, palette } = painter
  const here = progressIndex(path, pose)
  const stretch = (from: number, to: number, colour: string) => {
    tracePath(
      painter,
      path.slice(from, to).map(([x, y]) => ({ x, y })),
    )
    ctx.strokeStyle = colour
    ctx.stroke()
  }
  ctx.lineWidth = 3.5
  ctx.lineCap = 'round'
  ctx.setLineDash([0.1, 8])
  stretch(0, here + 1, palette.planDone)
  stretch(here, path.length, palette.plan)
  ctx.setLineDash([])
  for (const index of cuspsOf(path)) {
    const point = path[index]
    if (!point) continue
    const { x, y } = toScreen(view, { x: point[0], y: point[1] })
    ctx.beginPath()
    for (const [dx, dy] of [[0, -7], [7, 0], [0, 7], [-7, 0]] as const) ctx.lineTo(x + dx, y + dy)
    ctx.closePath()
    ctx.fillStyle = palette.ground
    ctx.fill()
    ctx.strokeStyle = palette.plan
    ctx.lineWidth = 2
    ctx.stroke()
  }
  drawGoal(painter, path.at(-1))
}

function drawGoal({ ctx, view, palette }: Painter, goal: PathPoint | undefined): void {
  if (!goal) return
  const { x, y } = toScreen(view, { x: goal[0], y: goal[1] })
  ctx.beginPath()
  ctx.arc(x, y, 5, 0, 2 * Math.PI)
  ctx.fillStyle = palette.plan
  ctx.fill()
}

/** The road driven, one stroke per run of equal level; danger is wider as well as coloured. */
export function drawTrail(painter: Painter, trail: readonly TrailPoint[]): void {
  const { ctx, palette } = painter
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  let start = 0
  while (start < trail.length - 1) {
    const level = trail[start + 1]?.level ?? 'clear'
    let end = start + 1
    while (end < trail.length - 1 && trail[end + 1]?.level === level) end += 1
    const width = 2 + 1.25 * levelRank(level)
    tracePath(painter, trail.slice(start, end + 1))
    if (level !== 'clear') {
      ctx.strokeStyle = palette.levelEdge
      ctx.lineWidth = width + 2
      ctx.stroke()
    }
    ctx.strokeStyle = level === 'clear' ? palette.trail : LEVEL_FILL[level]
    ctx.lineWidth = width
    ctx.stroke()
    start = end
  }
}
