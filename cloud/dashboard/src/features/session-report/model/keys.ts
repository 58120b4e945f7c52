import type { SessionReport } from '@/shared/contracts.generated'
import type { Playhead } from './playhead'

export const RATES = [0.25, 0.5, 1, 2, 4] as const

const nextRate = (rate: number, by: 1 | -1): number => {
  const index = RATES.findIndex((each) => each === rate)
  return RATES[Math.max(0, Math.min(RATES.length - 1, index + by))] ?? 1
}

/** Start of the next warning after `time`, or of the last before it; `time` itself if there is none. */
export function neighbourAlert(alerts: SessionReport['alerts'], time: number, forward: boolean): number {
  const starts = alerts.filter(({ level }) => level !== 'clear').map(({ t0_s }) => t0_s)
  const found = forward ? starts.filter((start) => start > time + 0.05) : starts.filter((start) => start < time - 0.05)
  if (found.length === 0) return time
  return forward ? Math.min(...found) : Math.max(...found)
}

/** What a key does to the playhead; false if it means nothing here. `onControl`: a button has the focus. */
export function keyAction(
  key: string,
  shift: boolean,
  onControl: boolean,
  playhead: Playhead,
  alerts: SessionReport['alerts'],
): boolean {
  const step = shift ? 1 : 0.1
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => playhead.seek(playhead.time - step),
    ArrowRight: () => playhead.seek(playhead.time + step),
    Home: () => playhead.seek(playhead.start),
    End: () => playhead.seek(playhead.end),
    n: () => playhead.seek(neighbourAlert(alerts, playhead.time, true)),
    p: () => playhead.seek(neighbourAlert(alerts, playhead.time, false)),
    '[': () => playhead.setRate(nextRate(playhead.rate, -1)),
    ']': () => playhead.setRate(nextRate(playhead.rate, 1)),
    // on a button the space bar presses it
    ...(onControl ? {} : { ' ': () => playhead.toggle() }),
  }
  const action = actions[key.length === 1 ? key.toLowerCase() : key]
  action?.()
  return action !== undefined
}
