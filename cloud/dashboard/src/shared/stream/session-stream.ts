import type { Decision, Ended, PlanSummary, SensorFrame, SessionEvent, Started, VehicleStatus, SlotOffer } from '../contracts.generated'
import { parseBodies } from './bodies'
import { ClockSync, pageClockUs } from './clock-sync'
import { onAnimationFrame } from './frame-loop'
import { BoundedLog, quantile, type LatencySample } from './latency-log'
import { linkState, type LinkState } from './link-state'
import { LiveSession, type Alert, type CarSnapshot } from './live-session'
import type { Connection, StompHub } from './stomp-hub'

/** What React renders of a session: an immutable picture, at most ten a second unless something happened. */
export interface LiveView {
  readonly sessionId: string | null
  readonly frame: SensorFrame | null
  readonly decision: Decision | null
  readonly plan: PlanSummary | null
  readonly started: Started | null
  readonly ended: Ended | null
  readonly alerts: readonly Alert[]
  readonly targetSlotId: string | null
  readonly offers: readonly SlotOffer[]
  readonly link: LinkState
  readonly attempt: number
  readonly ageS: number | null
  readonly toScreenP50Us: number | null
  readonly toScreenP95Us: number | null
  readonly decisionP95Us: number | null
  readonly clockUncertaintyUs: number | null
}

type Rate = number | 'max'

/** A frame on its way to the screen; `receivedUs` is by the page's own clock. */
interface Arrival {
  readonly seq: number
  readonly sensor_us: number
  readonly server_sent_us: number | null
  readonly receivedUs: number
}

const VIEW_EVERY_MS = 100
const LATENCY_KEPT = 8192
/** Quantiles are over about this many newest frames: what a person sees now, not since breakfast. */
const LATENCY_WINDOW = 250

/** One car's subscriptions, the session they feed, and how long its frames took to the screen. */
export class SessionStream {
  readonly session: LiveSession
  readonly latency = new BoundedLog<LatencySample>(LATENCY_KEPT)
  private readonly decisionUs = new BoundedLog<number>(LATENCY_WINDOW)
  private readonly listeners = new Set<() => void>()
  private changed = true
  private viewedAtMs = -Infinity
  private view: LiveView
  private pending: Arrival | null = null
  private connection: Connection = { socket: 'connecting', attempt: 0 }
  private readonly endOfFrame = new MessageChannel()
  private clock = new ClockSync()

  constructor(readonly vehicleId: string) {
    this.session = new LiveSession(() => {
      this.changed = true
    })
    this.view = this.makeView()
    this.endOfFrame.port1.onmessage = ({ data }: MessageEvent<Arrival>) => {
      if (!this.clock.settled) return
      const { seq, sensor_us, server_sent_us, receivedUs } = data
      const [received_us, painted_us] = [receivedUs, pageClockUs()].map((us) => this.clock.toServerUs(us)) as [number, number]
      this.latency.push({ seq, sensor_us, server_sent_us, received_us, painted_us })
    }
  }

  /** Subscribe through `hub`; `snapshot` fetches the newest state after every (re)connection. */
  open(hub: StompHub, rate: Rate, snapshot: () => Promise<CarSnapshot | null>): () => void {
    const topic = `/topic/cars/${this.vehicleId}`
    const { session } = this
    this.clock = hub.clock
    const connectionChanged = () => {
      this.connection = hub.connection
      this.changed = true
    }
    connectionChanged()
    const ends = [
      hub.onConnectionChange(connectionChanged),
      hub.subscribe(`${topic}/frames`, { rate: String(rate) }, (body, receivedUs, sentUs) => {
        for (const frame of parseBodies<SensorFrame>(body)) {
          if (!session.onFrame(frame)) continue
          this.pending = { seq: frame.seq, sensor_us: frame.timestamp, server_sent_us: sentUs, receivedUs }
        }
      }),
      hub.subscribe(`${topic}/decisions`, { rate: String(rate) }, (body) => {
        for (const decision of parseBodies<Decision>(body)) {
          session.onDecision(decision)
          this.decisionUs.push(decision.decision_us)
        }
      }),
      hub.subscribe(`${topic}/events`, {}, (body) => {
        for (const event of parseBodies<SessionEvent>(body)) session.onEvent(event)
      }),
      hub.subscribe('/topic/presence', {}, (body) => {
        for (const status of parseBodies<VehicleStatus>(body)) {
          if (status.vehicle_id === this.vehicleId) session.onPresence(status.state)
        }
      }),
      hub.onConnected(() => {
        snapshot().then(
          (found) => found && session.applySnapshot(found),
          // the stream itself goes on; its first frame makes up for a snapshot that failed
          (error: unknown) => console.warn('snapshot_failed', error),
        )
      }),
      onAnimationFrame((nowMs) => this.refresh(nowMs)),
    ]
    return () => ends.forEach((end) => end())
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly getView = (): LiveView => this.view

  /** Call when the newest frame has been drawn: its arrival on the screen is timed at the end of this frame. */
  painted(): void {
    if (!this.pending) return
    this.endOfFrame.port2.postMessage(this.pending)
    this.pending = null
  }

  private refresh(nowMs: number): void {
    if (!this.changed && nowMs - this.viewedAtMs < VIEW_EVERY_MS) return
    this.changed = false
    this.viewedAtMs = nowMs
    this.view = this.makeView()
    for (const listener of this.listeners) listener()
  }

  private makeView(): LiveView {
    const { session, connection } = this
    const ageS = session.ageS(this.clock.toServerUs(pageClockUs()))
    const toScreen = this.latency.last(LATENCY_WINDOW).map(({ painted_us, sensor_us }) => painted_us - sensor_us)
    return {
      sessionId: session.sessionId,
      frame: session.frame,
      decision: session.decision,
      plan: session.plan,
      started: session.started,
      ended: session.ended,
      alerts: session.alerts,
      targetSlotId: session.targetSlotId ?? session.plan?.slot_id ?? null,
      offers: session.offers,
      link: linkState({ socket: connection.socket, car: session.car, ageS, ended: session.ended !== null }),
      attempt: connection.attempt,
      ageS,
      toScreenP50Us: quantile(toScreen, 0.5),
      toScreenP95Us: quantile(toScreen, 0.95),
      decisionP95Us: quantile(this.decisionUs.last(LATENCY_WINDOW), 0.95),
      clockUncertaintyUs: this.clock.uncertaintyUs,
    }
  }
}
