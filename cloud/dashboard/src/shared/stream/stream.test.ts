import { describe, expect, it } from 'vitest'
import { parseBodies } from './bodies'
import { ClockSync } from './clock-sync'
import { BoundedLog, quantile } from './latency-log'
import { linkState, type LinkFacts } from './link-state'

describe('linkState', () => {
  const facts: LinkFacts = { socket: 'open', car: 'online', ageS: 0.1, ended: false }

  it.each([
    [0.49, 'live'],
    [0.5, 'delayed'],
    [2.99, 'delayed'],
    [3, 'stale'],
  ] as const)('calls a newest frame of %f s %s', (ageS, state) => {
    expect(linkState({ ...facts, ageS })).toBe(state)
  })

  it('waits before the first frame', () => {
    expect(linkState({ ...facts, ageS: null })).toBe('waiting')
  })

  it('says that it reconnects, however fresh the last frame was', () => {
    expect(linkState({ ...facts, socket: 'reconnecting' })).toBe('reconnecting')
  })

  it('is offline when the car is, once its frames have stopped', () => {
    expect(linkState({ ...facts, car: 'offline', ageS: 1 })).toBe('offline')
    expect(linkState({ ...facts, car: 'offline' })).toBe('live')
  })

  it('does not call a finished session stale', () => {
    expect(linkState({ ...facts, ended: true, ageS: 60 })).toBe('ended')
  })
})

describe('ClockSync', () => {
  it('knows nothing before the first answer', () => {
    const clock = new ClockSync()
    expect(clock.uncertaintyUs).toBeNull()
    expect(clock.toServerUs(5)).toBe(5)
  })

  it('takes the quickest round trip, which can be off by at most half of it', () => {
    const clock = new ClockSync()
    clock.onPong(0, 10_000 + 500, 9_000) // a slow one, delayed on its way back
    clock.onPong(20_000, 30_100, 20_200)
    expect(clock.offsetUs).toBe(10_000)
    expect(clock.uncertaintyUs).toBe(100)
  })

  it('is settled by one quick answer or by ten slow ones', () => {
    const quick = new ClockSync()
    quick.onPong(0, 1_000, 60_000)
    expect(quick.settled).toBe(false)
    quick.onPong(0, 1_000, 3_000)
    expect(quick.settled).toBe(true)
    const slow = new ClockSync()
    for (let i = 0; i < 10; i += 1) {
      expect(slow.settled).toBe(false)
      slow.onPong(0, 1_000, 60_000)
    }
    expect(slow.settled).toBe(true)
  })

  it('forgets old answers, since clocks drift', () => {
    const clock = new ClockSync()
    clock.onPong(0, 50, 10)
    for (let i = 0; i < 16; i += 1) clock.onPong(0, 1_000, 100)
    expect(clock.offsetUs).toBe(950)
  })
})

describe('latency', () => {
  it('takes quantiles by nearest rank', () => {
    expect(quantile([5, 1, 3, 2, 4], 0.5)).toBe(3)
    expect(quantile([5, 1, 3, 2, 4], 0.95)).toBe(5)
    expect(quantile([], 0.5)).toBeNull()
  })

  it('keeps the newest entries and never more than twice as many as asked for', () => {
    const log = new BoundedLog<number>(10)
    for (let i = 0; i < 1000; i += 1) log.push(i)
    expect(log.last(3)).toEqual([997, 998, 999])
    expect(log.items.length).toBeLessThan(20)
  })
})

describe('parseBodies', () => {
  it('reads one message, or an array of coalesced ones', () => {
    expect(parseBodies('{"seq":1}')).toEqual([{ seq: 1 }])
    expect(parseBodies('[{"seq":1},{"seq":2}]')).toEqual([{ seq: 1 }, { seq: 2 }])
  })
})
