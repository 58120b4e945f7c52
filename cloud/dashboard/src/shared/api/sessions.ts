import type { Decision, SensorFrame, SessionReport } from '../contracts.generated'
import { getJson, getJsonOrNull } from './http'

/** A row of the session list. */
export interface SessionSummary {
  readonly session_id: string
  readonly vehicle_id: string
  readonly world: string | null
  readonly driver_name: string | null
  readonly assist_level: number | null
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly duration_s: number | null
  readonly result: SessionReport['result'] | null
  readonly score: number | null
  readonly passed: boolean | null
  readonly slot_id: string | null
  readonly contacts: number | null
}

const at = (sessionId: string, rest = ''): string => `/sessions/${encodeURIComponent(sessionId)}${rest}`

export const fetchSessions = async (): Promise<readonly SessionSummary[]> =>
  (await getJson<{ sessions: SessionSummary[] }>('/sessions')).sessions

/** Null while the report is not written yet. */
export const fetchReport = (sessionId: string): Promise<SessionReport | null> =>
  getJsonOrNull<SessionReport>(at(sessionId, '/report'))

export interface Recording {
  readonly frames: readonly SensorFrame[]
  readonly decisions: readonly Decision[]
}

export async function fetchRecording(sessionId: string): Promise<Recording> {
  const [frames, decisions] = await Promise.all([
    getJson<SensorFrame[]>(at(sessionId, '/recording?kind=frames')),
    getJson<Decision[]>(at(sessionId, '/recording?kind=decisions')),
  ])
  return { frames, decisions }
}
