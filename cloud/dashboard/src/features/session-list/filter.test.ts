import { describe, expect, it } from 'vitest'
import type { SessionSummary } from '@/shared/api/sessions'
import { matching, readFilter } from './filter'

const session = (change: Partial<SessionSummary>): SessionSummary => ({
  session_id: 's',
  vehicle_id: 'car-1',
  state: 'reported',
  world: 'perpendicular',
  driver: 'novice',
  driver_name: '하늘',
  assist_level: 4,
  started_at: 0,
  last_seen_at: 0,
  duration_s: 40,
  result: 'parked',
  score: 90,
  slot_id: 'A4',
  ...change,
})

describe('session filter', () => {
  it('reads what it knows from an address and leaves out the rest', () => {
    expect(readFilter({ find: '하늘', result: 'contact', page: 3 })).toEqual({ find: '하늘', result: 'contact' })
    expect(readFilter({ find: '', result: 'nonsense' })).toEqual({})
  })

  it('finds sessions that contain every word, in any column and case', () => {
    const sessions = [session({}), session({ driver_name: '바다', vehicle_id: 'CAR-2' })]
    expect(matching(sessions, { find: 'car-2 바다' })).toEqual([sessions[1]])
    expect(matching(sessions, { find: '하늘 car-2' })).toEqual([])
    expect(matching(sessions, {})).toHaveLength(2)
  })

  it('narrows to one result', () => {
    const sessions = [session({}), session({ result: 'contact' })]
    expect(matching(sessions, { result: 'contact' })).toEqual([sessions[1]])
  })
})
