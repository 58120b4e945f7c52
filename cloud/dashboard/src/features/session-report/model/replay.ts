import type { Recording } from '@/shared/api/sessions'
import type { Decision, SensorFrame, SessionReport, SlotOffer } from '@/shared/contracts.generated'
import { occupancyOf, type PathPoint, type Scene, type TrailPoint } from '@/shared/scene/scene'
import { worseOf, type Level } from '@/shared/severity'

/** Columns of the charts, one row per frame. Seconds, m/s, radians, metres; NaN where nothing was measured. */
export interface Series {
  readonly time: readonly number[]
  readonly speed: readonly number[]
  readonly steering: readonly number[]
  readonly target: readonly number[]
  readonly clearance: readonly number[]
}

/** Index of the last element of sorted `times` that is not after `time`; 0 if all are. */
export function indexAt(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((times[middle] ?? Infinity) <= time) low = middle
    else high = middle - 1
  }
  return low
}

/** The worst level in force at `time`. */
export const levelAt = (alerts: SessionReport['alerts'], time: number): Level =>
  alerts.reduce<Level>((worst, span) => (span.t0_s <= time && time <= span.t1_s ? worseOf(worst, span.level) : worst), 'clear')

const nearest = (decision: Decision | undefined): number =>
  Math.min(Infinity, ...(decision?.sectors ?? []).map(({ distance_m }) => distance_m ?? Infinity))

/** A recorded session, looked up by time. */
export class Replay {
  readonly times: readonly number[]
  readonly trail: readonly TrailPoint[]
  readonly series: Series
  private readonly frames: readonly SensorFrame[]
  private readonly decisions: readonly (Decision | undefined)[]
  private readonly plans: { readonly index: number; readonly path: readonly PathPoint[] }[] = []
  private readonly maps: { readonly index: number; readonly points: readonly (readonly [number, number])[] }[] = []

  /** The last comparison of slots, with the reason for each. */
  readonly lastOffers: readonly SlotOffer[]
  private readonly offers: { readonly time: number; readonly occupancy: Scene['occupancy'] }[] = []

  constructor(
    private readonly report: SessionReport,
    { frames, decisions, events }: Recording,
  ) {
    const bySeq = new Map(decisions.map((decision) => [decision.seq, decision]))
    this.frames = frames
    this.decisions = frames.map(({ seq }) => bySeq.get(seq))
    this.times = frames.map(({ sim_time_s }) => sim_time_s)
    this.decisions.forEach((decision, index) => {
      if (decision?.plan?.path) this.plans.push({ index, path: decision.plan.path })
      if (decision?.obstacles) this.maps.push({ index, points: decision.obstacles })
    })
    for (const { sim_time_s, detail } of events) {
      if (detail.kind === 'slot_offered') this.offers.push({ time: sim_time_s, occupancy: occupancyOf(detail.offers) })
    }
    const compared = events.map(({ detail }) => (detail.kind === 'slot_offered' ? detail.offers : []))
    this.lastOffers = compared.findLast((offers) => offers.length > 0) ?? []
    this.trail = report.driven_path.map(([time, x, y]) => ({ x, y, level: levelAt(report.alerts, time) }))
    this.series = {
      time: this.times,
      speed: frames.map(({ speed_mps }) => Math.abs(speed_mps)),
      steering: frames.map(({ steering_angle_rad }) => steering_angle_rad),
      target: this.decisions.map((decision) => decision?.target_steering_angle_rad ?? NaN),
      clearance: this.decisions.map((decision) => {
        const distance = nearest(decision)
        return Number.isFinite(distance) ? distance : NaN
      }),
    }
  }

  get start(): number {
    return this.times[0] ?? this.report.driven_path[0]?.[0] ?? 0
  }

  get end(): number {
    return this.times.at(-1) ?? this.report.driven_path.at(-1)?.[0] ?? this.start
  }

  frameAt(time: number): SensorFrame | undefined {
    return this.frames[indexAt(this.times, time)]
  }

  decisionAt(time: number): Decision | undefined {
    return this.decisions[indexAt(this.times, time)]
  }

  sceneAt(time: number): Scene {
    const { report } = this
    const index = indexAt(this.times, time)
    const frame = this.frames[index]
    const decision = this.decisions[index]
    const pose = decision?.pose ?? frame?.pose
    const driven = report.driven_path[indexAt(report.driven_path.map(([t]) => t), time)]
    return {
      lot: report.lot,
      vehicle: report.vehicle,
      pose: pose
        ? { x: pose.x_m, y: pose.y_m, yaw: pose.yaw_rad }
        : driven
          ? { x: driven[1], y: driven[2], yaw: driven[3] }
          : null,
      steering: frame?.steering_angle_rad ?? 0,
      gear: frame?.gear ?? 'P',
      braking: (frame?.brake ?? 0) > 0.05,
      level: decision?.level ?? 'clear',
      sectors: decision?.sectors ?? [],
      targetSlotId: report.slot_id ?? decision?.plan?.slot_id ?? null,
      occupancy: this.offers.findLast((offer) => offer.time <= time)?.occupancy ?? {},
      plan: this.plans.findLast((plan) => plan.index <= index)?.path ?? report.planned_path,
      obstacles: this.maps.findLast((map) => map.index <= index)?.points ?? [],
      trail: this.trail,
      stale: false,
    }
  }
}
