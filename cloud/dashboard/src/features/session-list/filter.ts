import type { SessionResult, SessionSummary } from '@/shared/api/sessions'

export const RESULTS = ['parked', 'contact', 'timeout', 'aborted'] as const satisfies readonly SessionResult[]

/** What the list is narrowed to; it lives in the address, so that a list can be shared. */
export interface Filter {
  readonly find?: string
  readonly result?: SessionResult
}

/** The filter in an address; what it does not know is left out. */
export function readFilter(search: Readonly<Record<string, unknown>>): Filter {
  const result = RESULTS.find((each) => each === search['result'])
  const find = typeof search['find'] === 'string' && search['find'] !== '' ? search['find'] : undefined
  return { ...(find === undefined ? {} : { find }), ...(result === undefined ? {} : { result }) }
}

/** Sessions whose driver, place, car or slot contains every word looked for. */
export function matching(sessions: readonly SessionSummary[], { find, result }: Filter): SessionSummary[] {
  const words = (find ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return sessions.filter((session) => {
    const text = [session.driver_name, session.driver, session.world, session.vehicle_id, session.slot_id].join(' ').toLocaleLowerCase()
    return (result === undefined || session.result === result) && words.every((word) => text.includes(word))
  })
}
