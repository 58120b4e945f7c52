import type { ClearanceState, LotMap, SensorFrame, SlotOffer, VehicleProfile } from '../contracts.generated'
import type { Level } from '../severity'
import type { Pose } from './geometry'

export type PathPoint = readonly [x: number, y: number, yaw: number]

/** A stretch of road already driven; `level` is how dangerous it was there. */
export interface TrailPoint {
  readonly x: number
  readonly y: number
  readonly level: Level
}

/** Everything the drawing shows, and nothing about how it is shown. SI units, world frame. */
export interface Scene {
  readonly lot: LotMap | null
  readonly vehicle: VehicleProfile
  readonly pose: Pose | null
  readonly steering: number
  readonly gear: SensorFrame['gear']
  readonly braking: boolean
  readonly level: Level
  readonly sectors: readonly ClearanceState[]
  readonly targetSlotId: string | null
  /** What the coach takes each slot for; a slot it has said nothing of is not listed. */
  readonly occupancy: Readonly<Record<string, SlotOffer['occupancy']>>
  readonly plan: readonly PathPoint[]
  readonly obstacles: readonly (readonly [number, number])[]
  readonly trail: readonly TrailPoint[]
  /** Too old to act on: drawn dimmed. */
  readonly stale: boolean
}

/** Occupancy by slot, from the newest offers. */
export const occupancyOf = (offers: readonly SlotOffer[]): Scene['occupancy'] =>
  Object.fromEntries(offers.map(({ slot_id, occupancy }) => [slot_id, occupancy]))

/** What to draw; everything unless said otherwise. */
export interface Layers {
  readonly cones: boolean
  readonly sweep: boolean
  readonly plan: boolean
  readonly trail: boolean
  readonly obstacles: boolean
  readonly labels: boolean
}

export const ALL_LAYERS: Layers = {
  cones: true,
  sweep: true,
  plan: true,
  trail: true,
  obstacles: true,
  labels: true,
}

/** Metres of swept path drawn ahead of the car. */
export const SWEEP_LENGTH_M = 3
