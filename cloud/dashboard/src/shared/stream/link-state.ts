/** What a page may say about a car's data: never more than the frames' own timestamps bear out. */
export type LinkState = 'waiting' | 'live' | 'delayed' | 'stale' | 'reconnecting' | 'offline' | 'ended'

export const DELAYED_AFTER_S = 0.5
export const STALE_AFTER_S = 3

export interface LinkFacts {
  /** Whether the socket is open, being opened again, or given up. */
  readonly socket: 'connecting' | 'open' | 'reconnecting' | 'closed'
  /** What the car's broker says of it; null while unknown. */
  readonly car: 'online' | 'offline' | null
  /** Age of the newest frame by its own timestamp [s], or null before the first. */
  readonly ageS: number | null
  /** The session is over: no more frames are due. */
  readonly ended: boolean
}

export function linkState({ socket, car, ageS, ended }: LinkFacts): LinkState {
  if (socket === 'reconnecting') return 'reconnecting'
  if (socket === 'closed') return 'offline'
  if (ageS !== null && ageS < DELAYED_AFTER_S && !ended) return 'live'
  if (ended) return 'ended'
  if (car === 'offline') return 'offline'
  if (ageS === null) return 'waiting'
  return ageS < STALE_AFTER_S ? 'delayed' : 'stale'
}
