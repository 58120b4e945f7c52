import { describe, expect, it } from 'vitest'
import { angle, clock, distance, milliseconds, score, seconds, speedKmh, wheelTurns } from './format'

describe('format', () => {
  it('shows speed in km/h without a sign', () => {
    expect(speedKmh(-1.39)).toBe('5.0')
    expect(speedKmh(null)).toBe('–')
    expect(speedKmh(NaN)).toBe('–')
  })

  it.each([
    [0.423, '42 cm'],
    [-0.06, '6 cm'],
    [0.994, '99 cm'],
    [0.996, '1.0 m'],
    [1.25, '1.3 m'],
    [null, '–'],
    [Infinity, '–'],
  ])('shows %s m as %s', (metres, text) => {
    expect(distance(metres)).toBe(text)
  })

  it('shows seconds in the words of the language', () => {
    expect(seconds(12.34, 'ko')).toBe('12.3초')
    expect(seconds(12.34, 'en')).toBe('12.3 s')
  })

  it('shows angles in degrees without a sign', () => {
    expect(angle(-Math.PI / 60)).toBe('3.0°')
  })

  it('shows times of day and durations', () => {
    expect(clock(75.9)).toBe('1:15')
    expect(clock(-1)).toBe('0:00')
  })

  it('shows latencies in milliseconds with as many digits as matter', () => {
    expect(milliseconds(900)).toBe('0.90 ms')
    expect(milliseconds(3210)).toBe('3.2 ms')
    expect(milliseconds(36_400)).toBe('36 ms')
  })

  it('shows a missing score as N/A, never as 0', () => {
    expect(score(null)).toBe('N/A')
    expect(score(0)).toBe('0')
    expect(score(86.5)).toBe('86.5')
  })

  it('counts turns of the wheel in quarters', () => {
    const turn = 2 * Math.PI
    expect(wheelTurns(0.1, 'ko')).toBe('')
    expect(wheelTurns(-turn / 2, 'ko')).toBe('반 바퀴')
    expect(wheelTurns(1.5 * turn, 'ko')).toBe('한 바퀴 반')
    expect(wheelTurns(1.5 * turn, 'en')).toBe('1½ turns')
    expect(wheelTurns(9 * turn, 'en')).toBe('2 turns')
  })
})
