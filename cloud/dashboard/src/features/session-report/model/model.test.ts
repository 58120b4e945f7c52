// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { decision, frame, report } from '@/testing/messages'
import { keyAction, neighbourAlert } from './keys'
import { Playhead } from './playhead'
import { indexAt, levelAt, Replay } from './replay'
import { stepsOf } from './waterfall'

const ALERTS = [
  { level: 'caution' as const, sector: 'rear_left', t0_s: 2, t1_s: 6, min_distance_m: 0.8 },
  { level: 'critical' as const, sector: 'rear_left', t0_s: 4, t1_s: 5, min_distance_m: 0.2 },
]

const deduction = (rule: string, points: number, t0_s = 1) => ({
  rule,
  component: 'safety',
  points,
  raw_points: points,
  t0_s,
  t1_s: t0_s,
  measured: null,
  limit: null,
  cap_group: rule,
})

describe('waterfall', () => {
  it('goes from 100 down to the score, largest first', () => {
    const steps = stepsOf([deduction('a', 4), deduction('b', 10.5), deduction('c', 0)])
    expect(steps.map(({ deduction: { rule }, from, to }) => [rule, from, to])).toEqual([
      ['b', 100, 89.5],
      ['a', 89.5, 85.5],
    ])
  })

  it('leaves the deductions it was given in their order', () => {
    const given = [deduction('a', 4), deduction('b', 10)]
    stepsOf(given)
    expect(given[0]?.rule).toBe('a')
  })
})

describe('indexAt', () => {
  it('finds the last element that is not after the time', () => {
    const times = [0, 1, 2, 3]
    expect([-1, 0, 0.9, 1, 2.5, 99].map((time) => indexAt(times, time))).toEqual([0, 0, 0, 1, 2, 3])
  })
})

it('tells the worst level in force', () => {
  expect([1, 3, 4.5, 5.5, 7].map((time) => levelAt(ALERTS, time))).toEqual(['clear', 'caution', 'critical', 'caution', 'clear'])
})

describe('Replay', () => {
  const path = [[0, 0, 0], [1, 0, 0]] as [number, number, number][]
  const plan = { plan_id: 1, slot_id: 'A1', status: 'found', cusps: 0, length_m: 1, segment_index: 0, segments: [] }
  const recording = {
    frames: [frame(0), frame(50, { gear: 'R' }), frame(100)],
    decisions: [decision(0, { obstacles: [[1, 1]] }), decision(50, { plan: { ...plan, path } }), decision(100)],
    events: [],
  }
  const replay = new Replay(report({ planned_path: [[7, 7, 0]] }), recording)

  it('shows the frame and decision of the time', () => {
    expect(replay.sceneAt(1.5).gear).toBe('R')
    expect(replay.sceneAt(1.5).pose?.x).toBe(50)
  })

  it('shows the plan and echoes that were in force, not later ones', () => {
    expect(replay.sceneAt(0.5).plan).toEqual([[7, 7, 0]])
    expect(replay.sceneAt(2).plan).toEqual(path)
    expect(replay.sceneAt(2).obstacles).toEqual([[1, 1]])
  })

  it('still shows the driven path where nothing was recorded', () => {
    const bare = new Replay(report({ driven_path: [[0, 1, 2, 0], [4, 5, 6, 1]], alerts: ALERTS }), { frames: [], decisions: [], events: [] })
    expect([bare.start, bare.end]).toEqual([0, 4])
    expect(bare.sceneAt(4).pose).toEqual({ x: 5, y: 6, yaw: 1 })
    expect(bare.trail.map(({ level }) => level)).toEqual(['clear', 'critical'])
  })

  it('leaves a gap in the chart where nothing was measured', () => {
    expect(replay.series.clearance.every(Number.isNaN)).toBe(true)
  })
})

describe('keys', () => {
  const press = (key: string, from: number, shift = false, onControl = false) => {
    const playhead = new Playhead(0, 10)
    playhead.seek(from)
    return { used: keyAction(key, shift, onControl, playhead, ALERTS), playhead }
  }

  it('step by a tenth of a second, or by one with Shift', () => {
    expect(press('ArrowRight', 5).playhead.time).toBeCloseTo(5.1)
    expect(press('ArrowLeft', 5, true).playhead.time).toBeCloseTo(4)
  })

  it('stay within the session', () => {
    expect(press('ArrowRight', 10).playhead.time).toBe(10)
    expect(press('Home', 5).playhead.time).toBe(0)
    expect(press('End', 5).playhead.time).toBe(10)
  })

  it('go to the next and the previous warning', () => {
    expect(press('n', 2).playhead.time).toBe(4)
    expect(press('P', 4).playhead.time).toBe(2)
    expect(neighbourAlert(ALERTS, 9, true)).toBe(9)
  })

  it('change the speed by its steps', () => {
    expect(press(']', 0).playhead.rate).toBe(2)
    expect(press('[', 0).playhead.rate).toBe(0.5)
  })

  it('leave the space bar to a button that has the focus', () => {
    expect(press(' ', 0, false, true).used).toBe(false)
    const { used, playhead } = press(' ', 0)
    expect(used && playhead.playing).toBe(true)
    playhead.pause()
  })

  it('do nothing for other keys', () => {
    expect(press('x', 5).used).toBe(false)
  })
})

describe('Playhead', () => {
  it('opens at the end and plays from the start', () => {
    const playhead = new Playhead(3, 8)
    expect(playhead.time).toBe(8)
    playhead.play()
    expect(playhead.time).toBe(3)
    playhead.pause()
    expect(playhead.playing).toBe(false)
  })
})
