import type { ClearanceState, SensorMount, VehicleProfile } from '../contracts.generated'
import { distance } from '../format'
import { INK, LEVEL_FILL, levelRank } from '../severity'
import { worldFromEgo, type Pose } from './geometry'
import { inBodyFrame, label, type Painter } from './painter'
import { toScreen } from './view'

/** Cones end here even where the road is free for longer: the drawing is about what is near. */
const CONE_REACH_M = 1.35

const mountOf = (vehicle: VehicleProfile, sector: string): SensorMount | undefined =>
  vehicle.sensors?.find(({ sensor_id }) => sensor_id === `us_${sector}`)

const reachOf = (state: ClearanceState): number => Math.min(Math.max(state.distance_m ?? Infinity, 0.08), CONE_REACH_M)

/** One cone per sector: hue and the number of bars (0 to 3) both tell its level. */
export function drawCones(painter: Painter, vehicle: VehicleProfile, pose: Pose, sectors: readonly ClearanceState[]) {
  inBodyFrame(painter, pose, () => {
    const mildestFirst = [...sectors].sort((a, b) => levelRank(a.level) - levelRank(b.level))
    for (const state of mildestFirst) {
      const mount = mountOf(vehicle, state.sector)
      if (mount) drawCone(painter, mount, state)
    }
  })
}

function drawCone({ ctx, view, palette }: Painter, mount: SensorMount, state: ClearanceState): void {
  const half = Math.min(mount.field_of_view_rad, 1.1) / 2
  const [from, to] = [mount.yaw_rad - half, mount.yaw_rad + half]
  const reach = reachOf(state)
  const bars = levelRank(state.level)
  const pixel = 1 / view.scale
  ctx.beginPath()
  ctx.moveTo(mount.x_m, mount.y_m)
  ctx.arc(mount.x_m, mount.y_m, reach, from, to)
  ctx.closePath()
  ctx.globalAlpha = bars === 0 ? 0.05 : 0.2 + 0.12 * bars
  ctx.fillStyle = LEVEL_FILL[state.level]
  ctx.fill()
  ctx.globalAlpha = 1
  if (bars === 0) {
    arc(ctx, mount, reach, from, to, palette.coneIdle, pixel)
    return
  }
  for (let bar = 0; bar < bars; bar += 1) {
    const radius = reach - bar * Math.min(7 * pixel, reach / (bars + 1))
    const width = bar === 0 ? 2 + bars : 2.25
    arc(ctx, mount, radius, from, to, palette.levelEdge, (width + 1.5) * pixel)
    arc(ctx, mount, radius, from, to, LEVEL_FILL[state.level], width * pixel)
  }
}

function arc(
  ctx: CanvasRenderingContext2D,
  mount: SensorMount,
  radius: number,
  from: number,
  to: number,
  colour: string,
  width: number,
): void {
  ctx.beginPath()
  ctx.arc(mount.x_m, mount.y_m, radius, from, to)
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.lineCap = 'round'
  ctx.stroke()
}

/** The sector to put a number on: the most dangerous, then the nearest; none while all are clear. */
export function worstSector(sectors: readonly ClearanceState[]): ClearanceState | null {
  const ranked = sectors
    .filter(({ level }) => level !== 'clear')
    .sort((a, b) => levelRank(b.level) - levelRank(a.level) || (a.distance_m ?? 99) - (b.distance_m ?? 99))
  return ranked[0] ?? null
}

/** The distance in the worst sector on a plate beside its cone. */
export function drawNearest(painter: Painter, vehicle: VehicleProfile, pose: Pose, sectors: readonly ClearanceState[]) {
  const worst = worstSector(sectors)
  const mount = worst && mountOf(vehicle, worst.sector)
  if (!worst || !mount || worst.distance_m === null) return
  const { ctx, view } = painter
  const beyond = reachOf(worst) + 26 / view.scale
  const tip = {
    x: mount.x_m + beyond * Math.cos(mount.yaw_rad),
    y: mount.y_m + beyond * Math.sin(mount.yaw_rad),
  }
  const at = toScreen(view, worldFromEgo(pose, tip))
  const text = distance(worst.distance_m)
  ctx.font = `700 14px 'Inter Variable'`
  const width = ctx.measureText(text).width + 16
  ctx.beginPath()
  ctx.roundRect(at.x - width / 2, at.y - 12, width, 24, 12)
  ctx.fillStyle = LEVEL_FILL[worst.level]
  ctx.fill()
  ctx.strokeStyle = INK
  ctx.lineWidth = 1.5
  ctx.stroke()
  label(ctx, text, { x: at.x, y: at.y + 0.5 }, 14, INK, 700)
}

/** Echo points of the coach's map. */
export function drawObstacles({ ctx, view, palette }: Painter, obstacles: readonly (readonly [number, number])[]): void {
  const radius = Math.max(1.6, 0.045 * view.scale)
  ctx.fillStyle = palette.obstacle
  ctx.globalAlpha = 0.8
  ctx.beginPath()
  for (const [x, y] of obstacles) {
    const at = toScreen(view, { x, y })
    ctx.moveTo(at.x + radius, at.y)
    ctx.arc(at.x, at.y, radius, 0, 2 * Math.PI)
  }
  ctx.fill()
  ctx.globalAlpha = 1
}
