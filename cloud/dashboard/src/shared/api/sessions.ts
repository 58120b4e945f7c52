import type { Decision, SensorFrame, SessionEvent, SessionReport } from '../contracts.generated'
import { getJson, getJsonOrNull } from './http'

export type SessionResult = SessionReport['result']

/** A row of the session list; null is what is not known (yet). Times are µs since the epoch. */
export interface SessionSummary {
  readonly session_id: string
  readonly vehicle_id: string
  readonly state: 'running' | 'ended' | 'reported'
  readonly world: string | null
  readonly driver: string | null
  readonly driver_name: string | null
  readonly assist_level: number | null
  readonly started_at: number | null
  readonly last_seen_at: number
  readonly duration_s: number | null
  readonly result: SessionResult | null
  readonly score: number | null
  readonly slot_id: string | null
}

export interface SessionPage {
  readonly sessions: readonly SessionSummary[]
  /** Give it as `page` for the sessions that follow; null at the end. */
  readonly next: string | null
}

const at = (sessionId: string, rest = ''): string => `/sessions/${encodeURIComponent(sessionId)}${rest}`

export function fetchSessions(page: string | null, result?: SessionResult): Promise<SessionPage> {
  const query = new URLSearchParams({ ...(page === null ? {} : { page }), ...(result === undefined ? {} : { result }) })
  return getJson<SessionPage>(`/sessions?${query}`)
}

/** Null while the report is not written yet. */
export const fetchReport = (sessionId: string): Promise<SessionReport | null> =>
  getJsonOrNull<SessionReport>(at(sessionId, '/report'))

export interface Recording {
  readonly frames: readonly SensorFrame[]
  readonly decisions: readonly Decision[]
  readonly events: readonly SessionEvent[]
}

export async function fetchRecording(sessionId: string): Promise<Recording> {
  const [frames, decisions, { events }] = await Promise.all([
    getJson<SensorFrame[]>(at(sessionId, '/recording?kind=frames')),
    getJson<Decision[]>(at(sessionId, '/recording?kind=decisions')),
    getJson<{ events: SessionEvent[] }>(at(sessionId, '/events')),
  ])
  return { frames, decisions, events }
}
