import type {
  ClearanceState,
  Decision,
  Ended,
  LotMap,
  PlanSummary,
  SensorFrame,
  SessionEvent,
  SlotOffer,
  Started,
  VehicleProfile,
} from '../contracts.generated'
import { worstSector } from '../scene/draw-sensors'
import { occupancyOf, type PathPoint, type Scene, type TrailPoint } from '../scene/scene'
import { DEFAULT_VEHICLE } from '../scene/vehicle'
import { levelRank, type Level } from '../severity'

/** What a car's subscribers are shown first: the newest of everything, by REST. */
export interface CarSnapshot {
  readonly frame?: SensorFrame | null
  readonly decision?: Decision | null
  readonly plan?: PlanSummary | null
  readonly started?: SessionEvent | null
  readonly offered?: SessionEvent | null
  readonly ended?: SessionEvent | null
}

/** One line of the alerts stream. */
export interface Alert {
  readonly id: number
  readonly simTimeS: number
  readonly level: Level
  readonly what:
    | { readonly kind: 'cue'; readonly cue: NonNullable<Decision['cue']> }
    | { readonly kind: 'danger'; readonly sector: ClearanceState }
    | { readonly kind: 'event'; readonly detail: SessionEvent['detail'] }
}

const ALERTS_KEPT = 200
const TRAIL_STEP_M = 0.08
const TRAIL_KEPT = 3000
/** A decision older than this no longer tells where the car is [µs]. */
const POSE_FRESH_US = 250_000

const cueKey = (cue: Decision['cue']): string => (cue ? `${cue.id} ${JSON.stringify(cue.params ?? {})}` : '')

/**
 * The newest of everything known about one car's session. No sockets, no clock, no React: messages go in, in
 * any order and perhaps twice, and `onChange` is called when something happened that a person should see at once.
 */
export class LiveSession {
  sessionId: string | null = null
  /** Grows with every message that changes the picture. */
  revision = 0
  frame: SensorFrame | null = null
  decision: Decision | null = null
  plan: PlanSummary | null = null
  path: readonly PathPoint[] = []
  started: Started | null = null
  ended: Ended | null = null
  targetSlotId: string | null = null
  /** The newest comparison of slots, with the reason for each. */
  offers: readonly SlotOffer[] = []
  car: 'online' | 'offline' | null = null
  alerts: readonly Alert[] = []
  trail: TrailPoint[] = []
  private occupancy: Scene['occupancy'] = {}
  private obstacles: readonly (readonly [number, number])[] = []
  private nextAlert = 0
  private seenEvents = new Set<number>()
  /** Timestamp of the first message of this session [µs]. */
  private sinceUs = -Infinity

  constructor(private readonly onChange: () => void = () => undefined) {}

  get vehicle(): VehicleProfile {
    return this.started?.vehicle ?? DEFAULT_VEHICLE
  }

  get lot(): LotMap | null {
    return this.started?.lot ?? null
  }

  applySnapshot({ started, offered, ended, plan, decision, frame }: CarSnapshot): void {
    for (const event of [started, offered, ended]) if (event) this.onEvent(event)
    if (frame) this.onFrame(frame)
    if (decision) this.onDecision(decision)
    if (plan && (!this.plan || this.plan.plan_id <= plan.plan_id)) this.onPlan(plan)
    this.onChange()
  }

  /** Whether the frame is news; an older or repeated one is not. */
  onFrame(frame: SensorFrame): boolean {
    if (!this.belongs(frame)) return false
    if (this.frame && frame.seq <= this.frame.seq) return false
    const before = this.frame
    this.frame = frame
    this.revision += 1
    if (before?.gear !== frame.gear) this.onChange()
    return true
  }

  onDecision(decision: Decision): void {
    if (!this.belongs(decision)) return
    // a plan or an echo map is sent once, so it counts even if a newer decision overtook it
    if (decision.plan) this.onPlan(decision.plan)
    if (decision.obstacles) this.obstacles = decision.obstacles
    if (this.decision && decision.seq <= this.decision.seq) return
    const before = this.decision
    this.decision = decision
    this.revision += 1
    this.extendTrail(decision)
    const cueChanged = cueKey(before?.cue ?? null) !== cueKey(decision.cue)
    if (cueChanged && decision.cue) {
      this.alert(decision.sim_time_s, decision.cue.severity ?? 'clear', { kind: 'cue', cue: decision.cue })
    }
    if (levelRank(decision.level) > levelRank(before?.level ?? 'clear') && decision.level !== 'caution') {
      const sector = worstSector(decision.sectors)
      if (sector) this.alert(decision.sim_time_s, decision.level, { kind: 'danger', sector })
    }
    if (cueChanged || before?.level !== decision.level || before.assist_level !== decision.assist_level) {
      this.onChange()
    }
  }

  onEvent(event: SessionEvent): void {
    const { detail } = event
    if (!this.belongs(event) || this.seenEvents.has(event.seq)) return
    this.seenEvents.add(event.seq)
    this.revision += 1
    if (detail.kind === 'started') this.started = detail
    if (detail.kind === 'slot_offered') {
      this.offers = detail.offers
      this.occupancy = occupancyOf(detail.offers)
    }
    if (detail.kind === 'slot_chosen') this.targetSlotId = detail.slot_id
    if (detail.kind === 'ended') this.ended = detail
    const level: Level = detail.kind === 'contact' ? 'critical' : detail.kind === 'fault' ? 'warning' : 'clear'
    if (detail.kind !== 'slot_offered') this.alert(event.sim_time_s, level, { kind: 'event', detail })
    this.onChange()
  }

  onPresence(state: 'online' | 'offline'): void {
    if (this.car === state) return
    this.car = state
    this.onChange()
  }

  /** Age of the newest frame by its own timestamp [s]. */
  ageS(nowUs: number): number | null {
    return this.frame && Math.max(0, (nowUs - this.frame.timestamp) / 1e6)
  }

  scene(stale = false): Scene {
    const { frame, decision } = this
    const fresh = frame && decision && frame.timestamp - decision.timestamp < POSE_FRESH_US
    const pose = fresh ? decision.pose : (frame?.pose ?? decision?.pose)
    return {
      lot: this.lot,
      vehicle: this.vehicle,
      pose: pose ? { x: pose.x_m, y: pose.y_m, yaw: pose.yaw_rad } : null,
      steering: frame?.steering_angle_rad ?? 0,
      gear: frame?.gear ?? 'P',
      braking: (frame?.brake ?? 0) > 0.05,
      level: decision?.level ?? 'clear',
      sectors: decision?.sectors ?? [],
      targetSlotId: this.targetSlotId ?? this.plan?.slot_id ?? null,
      occupancy: this.occupancy,
      plan: this.path,
      obstacles: this.obstacles,
      trail: this.trail,
      stale,
    }
  }

  /** Whether a message is of the current session; the first of a newer session starts it. */
  private belongs(message: { session_id: string; timestamp: number }): boolean {
    if (message.session_id === this.sessionId) return true
    if (message.timestamp < this.sinceUs) return false
    this.reset(message.session_id)
    this.sinceUs = message.timestamp
    return true
  }

  private reset(sessionId: string): void {
    this.sessionId = sessionId
    this.revision += 1
    this.frame = this.decision = this.plan = this.started = this.ended = this.targetSlotId = null
    this.path = []
    this.obstacles = []
    this.offers = []
    this.occupancy = {}
    this.alerts = []
    this.trail = []
    this.seenEvents = new Set()
    this.onChange()
  }

  private onPlan(plan: PlanSummary): void {
    const before = this.plan
    if (plan.path) this.path = plan.path
    else if (before && before.plan_id !== plan.plan_id) this.path = []
    this.plan = plan
    this.revision += 1
    if (before?.plan_id !== plan.plan_id || before.segment_index !== plan.segment_index) this.onChange()
  }

  private extendTrail({ pose, level }: Decision): void {
    const last = this.trail.at(-1)
    if (last && Math.hypot(pose.x_m - last.x, pose.y_m - last.y) < TRAIL_STEP_M) return
    this.trail.push({ x: pose.x_m, y: pose.y_m, level })
    if (this.trail.length > 2 * TRAIL_KEPT) this.trail = this.trail.slice(-TRAIL_KEPT)
  }

  /** Newest first by the session's own time: what a snapshot tells late belongs further down. */
  private alert(simTimeS: number, level: Level, what: Alert['what']): void {
    const alert = { id: this.nextAlert++, simTimeS, level, what }
    const at = this.alerts.findIndex((other) => other.simTimeS <= simTimeS)
    this.alerts = this.alerts.toSpliced(at < 0 ? this.alerts.length : at, 0, alert).slice(0, ALERTS_KEPT)
  }
}
