import type { SlotMap } from '../contracts.generated'
import type { Point } from './geometry'
import { inBodyFrame, label, tracePath, type Painter } from './painter'
import type { Scene } from './scene'
import { slotCorners } from './vehicle'
import { toScreen } from './view'

const points = (pairs: readonly (readonly [number, number])[] | undefined): Point[] =>
  pairs?.map(([x, y]) => ({ x, y })) ?? []

const middle = (corners: readonly Point[]): Point => ({
  x: corners.reduce((sum, { x }) => sum + x, 0) / corners.length,
  y: corners.reduce((sum, { y }) => sum + y, 0) / corners.length,
})

/** Ground, painted slots with the cars supposed to stand in them, and walls. */
export function drawLot(painter: Painter, { lot, targetSlotId, occupancy }: Scene, labels: boolean): void {
  const { ctx, view, palette } = painter
  ctx.fillStyle = palette.ground
  ctx.fillRect(0, 0, view.width, view.height)
  if (lot?.drivable && lot.drivable.length > 2) {
    tracePath(painter, points(lot.drivable), true)
    ctx.fillStyle = palette.asphalt
    ctx.fill()
  }
  drawGrid(painter)
  for (const slot of lot?.slots ?? []) {
    const isTarget = slot.slot_id === targetSlotId
    const taken = occupancy[slot.slot_id]
    if (!isTarget && (taken === 'occupied' || taken === 'unknown')) drawParked(painter, slot, taken === 'occupied')
    drawSlot(painter, slot, isTarget, labels)
  }
  for (const wall of lot?.walls ?? []) {
    tracePath(painter, points(wall), true)
    ctx.fillStyle = palette.wall
    ctx.fill()
    ctx.strokeStyle = palette.wallEdge
    ctx.lineWidth = 1
    ctx.stroke()
  }
}

const PARKED_LENGTH_M = 4.4
const PARKED_WIDTH_M = 1.8

/** A car the coach reckons with: seen, or only supposed because nobody has looked yet (dashed). */
function drawParked(painter: Painter, slot: SlotMap, seen: boolean): void {
  const { ctx, view, palette } = painter
  const length = Math.min(PARKED_LENGTH_M, slot.depth_m - 0.4)
  const width = Math.min(PARKED_WIDTH_M, slot.width_m - 0.4)
  inBodyFrame(painter, { x: slot.entrance_x_m, y: slot.entrance_y_m, yaw: slot.inward_yaw_rad }, () => {
    ctx.beginPath()
    ctx.roundRect((slot.depth_m - length) / 2, -width / 2, length, width, 0.45)
    ctx.fillStyle = palette.parked
    ctx.globalAlpha = seen ? 1 : 0.35
    ctx.fill()
    ctx.globalAlpha = 1
    ctx.strokeStyle = palette.parkedEdge
    ctx.lineWidth = 1.25 / view.scale
    ctx.setLineDash(seen ? [] : [0.18, 0.14])
    ctx.stroke()
    ctx.setLineDash([])
  })
}

/** A line every metre, left out where they would be closer than 14 px. */
function drawGrid({ ctx, view, palette }: Painter): void {
  const metres = view.scale >= 14 ? 1 : 5
  const reach = Math.hypot(view.width, view.height) / view.scale / 2 + metres
  const from = (centre: number) => Math.floor((centre - reach) / metres) * metres
  ctx.beginPath()
  const line = (a: Point, b: Point) => {
    const p = toScreen(view, a)
    const q = toScreen(view, b)
    ctx.moveTo(p.x, p.y)
    ctx.lineTo(q.x, q.y)
  }
  const { x: cx, y: cy } = view.centre
  for (let x = from(cx); x <= cx + reach; x += metres) line({ x, y: cy - reach }, { x, y: cy + reach })
  for (let y = from(cy); y <= cy + reach; y += metres) line({ x: cx - reach, y }, { x: cx + reach, y })
  ctx.strokeStyle = palette.grid
  ctx.lineWidth = 1
  ctx.stroke()
}

/** Paint lines are 10 cm wide; the entrance stays open. */
function drawSlot(painter: Painter, slot: SlotMap, isTarget: boolean, labels: boolean): void {
  const { ctx, view, palette } = painter
  const [left, right, farRight, farLeft] = slotCorners(slot)
  ctx.lineJoin = 'round'
  ctx.lineCap = 'butt'
  ctx.lineWidth = Math.max(1.25, 0.1 * view.scale)
  tracePath(painter, [left, farLeft, farRight, right])
  ctx.strokeStyle = palette.paint
  ctx.stroke()
  if (isTarget) {
    tracePath(painter, [left, right, farRight, farLeft], true)
    ctx.fillStyle = palette.targetFill
    ctx.fill()
    ctx.strokeStyle = palette.target
    ctx.lineWidth = Math.max(2, 0.07 * view.scale)
    ctx.setLineDash([10, 6])
    ctx.stroke()
    ctx.setLineDash([])
  }
  if (!labels) return
  const centre = middle([left, right, farRight, farLeft])
  const size = Math.min(0.62 * view.scale, 34)
  if (isTarget) {
    ctx.globalAlpha = 0.32
    label(ctx, 'P', toScreen(view, centre), size * 2.4, palette.target, 800)
    ctx.globalAlpha = 1
    // beside the way in, where neither the plan nor the car covers it for long
    const corner = toScreen(view, { x: 0.72 * farLeft.x + 0.28 * centre.x, y: 0.72 * farLeft.y + 0.28 * centre.y })
    label(ctx, slot.slot_id, corner, Math.max(11, size * 0.6), palette.target, 700)
  } else if (size > 9) {
    label(ctx, slot.slot_id, toScreen(view, centre), Math.max(10, size * 0.62), palette.paintText, 600)
  }
}
