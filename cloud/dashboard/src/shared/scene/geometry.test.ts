import { describe, expect, it } from 'vitest'
import { LOT } from '@/testing/messages'
import { advance, worldFromEgo, wrapAngle } from './geometry'
import { cuspsOf, progressIndex } from './plan'
import { bodyCorners, DEFAULT_VEHICLE, footprint, slotCorners, sweptPath } from './vehicle'

const ORIGIN = { x: 0, y: 0, yaw: 0 }

describe('advance', () => {
  it('goes straight ahead without curvature', () => {
    expect(advance({ x: 1, y: 2, yaw: Math.PI / 2 }, 0, 3)).toEqual({ x: expect.closeTo(1), y: expect.closeTo(5), yaw: Math.PI / 2 })
  })

  it('ends a quarter circle to the left beside its centre', () => {
    const radius = 4
    expect(advance(ORIGIN, 1 / radius, (radius * Math.PI) / 2)).toEqual({
      x: expect.closeTo(radius),
      y: expect.closeTo(radius),
      yaw: expect.closeTo(Math.PI / 2),
    })
  })

  it('returns to where it began when the arc is driven back', () => {
    const start = { x: 3, y: -1, yaw: 0.4 }
    const back = advance(advance(start, -0.2, 2.5), -0.2, -2.5)
    expect(back).toEqual({ x: expect.closeTo(3), y: expect.closeTo(-1), yaw: expect.closeTo(0.4) })
  })
})

it('wraps angles into [-pi, pi)', () => {
  expect(wrapAngle(Math.PI)).toBeCloseTo(-Math.PI)
  expect(wrapAngle(-3 * Math.PI)).toBeCloseTo(-Math.PI)
  expect(wrapAngle(0.5 + 4 * Math.PI)).toBeCloseTo(0.5)
})

it('puts left of the car at +y when it faces +x', () => {
  expect(worldFromEgo({ x: 10, y: 5, yaw: 0 }, { x: 1, y: 2 })).toEqual({ x: 11, y: 7 })
})

describe('footprint', () => {
  it('reaches the overhangs beyond both axles', () => {
    const xs = footprint(DEFAULT_VEHICLE, ORIGIN).map(({ x }) => x)
    expect(Math.max(...xs)).toBeCloseTo(2.8 + 0.835)
    expect(Math.min(...xs)).toBeCloseTo(-0.85)
  })

  it('is counter-clockwise', () => {
    const corners = bodyCorners(DEFAULT_VEHICLE)
    const area = corners.reduce((sum, a, i) => {
      const b = corners[(i + 1) % 4] ?? a
      return sum + a.x * b.y - b.x * a.y
    }, 0)
    expect(area).toBeGreaterThan(0)
  })
})

it('puts the far end of a slot its depth behind the entrance', () => {
  const slot = LOT.slots[0]
  if (!slot) throw new Error('the lot has slots')
  expect(slotCorners(slot).map(({ y }) => y)).toEqual([expect.closeTo(0), expect.closeTo(0), expect.closeTo(-5), expect.closeTo(-5)])
})

describe('swept path', () => {
  it('keeps every corner at its distance from the centre of the turn', () => {
    const steering = 0.5
    const radius = DEFAULT_VEHICLE.wheelbase_m / Math.tan(steering)
    const { edges } = sweptPath(DEFAULT_VEHICLE, ORIGIN, steering, 1, 3)
    const distances = edges[1].map(({ x, y }) => Math.hypot(x, y - radius))
    expect(Math.max(...distances) - Math.min(...distances)).toBeCloseTo(0)
  })

  it('leads with the tail in reverse', () => {
    const { edges } = sweptPath(DEFAULT_VEHICLE, ORIGIN, 0, -1, 2)
    expect(edges[0].at(-1)?.x).toBeCloseTo(-0.85 - 2)
  })

  it('ends where the car would stand', () => {
    const { outlines } = sweptPath(DEFAULT_VEHICLE, ORIGIN, 0.3, 1, 2)
    const end = footprint(DEFAULT_VEHICLE, advance(ORIGIN, Math.tan(0.3) / 2.8, 2))
    expect(outlines.at(-1)).toEqual(end)
  })
})

describe('plan', () => {
  const path = [
    [0, 0, 0],
    [1, 0, 0],
    [2, 0, 0],
    [1, 0.1, 0],
    [0, 0.3, 0],
  ] as const

  it('changes gear where the way turns back', () => {
    expect(cuspsOf(path)).toEqual([2])
  })

  it('has no change of gear where the car stands still twice', () => {
    expect(cuspsOf([[0, 0, 0], [1, 0, 0], [1, 0, 0], [2, 0, 0]])).toEqual([])
  })

  it('is driven up to the point nearest the car', () => {
    expect(progressIndex(path, { x: 2.1, y: 0, yaw: 0 })).toBe(2)
    expect(progressIndex(path, null)).toBe(0)
  })

  it('tells the way in from the way past by the heading', () => {
    const crossing = [[0, 0, 0], [1, 0, 0], [0, 0, Math.PI / 2]] as const
    expect(progressIndex(crossing, { x: 0, y: 0, yaw: 1.5 })).toBe(2)
  })
})
