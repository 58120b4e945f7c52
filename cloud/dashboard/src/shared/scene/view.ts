import type { LotMap, VehicleProfile } from '../contracts.generated'
import { boundsOf, type Box, type Point, type Pose } from './geometry'
import { progressIndex } from './plan'
import { footprint, slotCorners } from './vehicle'

export type Orientation = 'slot-up' | 'north-up'
export type Framing = 'follow' | 'lot'

/** Where a camera looks: what lies in the middle, how it is turned and how large a metre is. */
export interface Camera {
  readonly centre: Point
  /** Turns the world counter-clockwise on the screen [rad]. */
  readonly rotation: number
  /** CSS pixels per metre. */
  readonly scale: number
}

/** Size of the canvas in CSS pixels, and device pixels per CSS pixel. */
export interface Size {
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
}

export type View = Camera & Size

/** A world point on the canvas [CSS px, y down]. */
export function toScreen(view: View, point: Point): Point {
  const c = Math.cos(view.rotation)
  const s = Math.sin(view.rotation)
  const dx = point.x - view.centre.x
  const dy = point.y - view.centre.y
  return {
    x: view.width / 2 + view.scale * (c * dx - s * dy),
    y: view.height / 2 - view.scale * (s * dx + c * dy),
  }
}

/** Slot-up turns the way into the target slot upwards, so that attempts at different slots look alike. */
export function rotationFor(orientation: Orientation, lot: LotMap | null, targetSlotId: string | null): number {
  if (orientation === 'north-up' || !lot) return 0
  const slot = lot.slots.find(({ slot_id }) => slot_id === targetSlotId) ?? lot.slots[0]
  return slot ? Math.PI / 2 - slot.inward_yaw_rad : 0
}

function turnedBounds(points: readonly Point[], rotation: number): Box | null {
  const c = Math.cos(rotation)
  const s = Math.sin(rotation)
  return boundsOf(points.map(({ x, y }) => ({ x: c * x - s * y, y: s * x + c * y })))
}

/** The camera that shows all `points` with `margin` m around them, no closer than `maxScale` px a metre. */
export function fit(points: readonly Point[], rotation: number, size: Size, margin: number, maxScale = 90): Camera {
  const box = turnedBounds(points, rotation)
  if (!box) return { centre: { x: 0, y: 0 }, rotation, scale: 30 }
  const scale = Math.min(
    maxScale,
    size.width / (box.maxX - box.minX + 2 * margin),
    size.height / (box.maxY - box.minY + 2 * margin),
  )
  const x = (box.minX + box.maxX) / 2
  const y = (box.minY + box.maxY) / 2
  const c = Math.cos(rotation)
  const s = Math.sin(rotation)
  return { centre: { x: c * x + s * y, y: -s * x + c * y }, rotation, scale: Math.max(scale, 4) }
}

interface Subject {
  readonly lot: LotMap | null
  readonly vehicle: VehicleProfile
  readonly pose: Pose | null
  readonly targetSlotId: string | null
  readonly plan: readonly (readonly [number, number, number])[]
}

/** Points a camera must show: the whole lot, or the car, the slot it is heading for and the way there. */
export function subjectPoints({ lot, vehicle, pose, targetSlotId, plan }: Subject, framing: Framing): Point[] {
  const car = pose ? footprint(vehicle, pose) : []
  const target = lot?.slots.find(({ slot_id }) => slot_id === targetSlotId)
  if (framing === 'follow' && (car.length > 0 || target)) {
    const ahead = plan.slice(progressIndex(plan, pose)).map(([x, y]) => ({ x, y }))
    return [...car, ...(target ? slotCorners(target) : []), ...ahead]
  }
  const slots = lot?.slots.flatMap((slot) => [...slotCorners(slot)]) ?? []
  const ground = lot?.drivable?.map(([x, y]) => ({ x, y })) ?? []
  return [...slots, ...ground, ...car]
}

/** A camera on its way from `from` to `to`; `share` 1 arrives at once. */
export function easeCamera(from: Camera, to: Camera, share: number): Camera {
  const mix = (a: number, b: number) => a + (b - a) * share
  return {
    centre: { x: mix(from.centre.x, to.centre.x), y: mix(from.centre.y, to.centre.y) },
    rotation: mix(from.rotation, to.rotation),
    scale: from.scale * Math.pow(to.scale / from.scale, share),
  }
}

export const sameCamera = (a: Camera, b: Camera): boolean =>
  Math.hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y) * b.scale < 0.4 &&
  Math.abs(a.rotation - b.rotation) < 1e-3 &&
  Math.abs(a.scale / b.scale - 1) < 2e-3
