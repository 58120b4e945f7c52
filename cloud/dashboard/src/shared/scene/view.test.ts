import { describe, expect, it } from 'vitest'
import { LOT, VEHICLE } from '@/testing/messages'
import { slotCorners } from './vehicle'
import { easeCamera, fit, rotationFor, sameCamera, subjectPoints, toScreen } from './view'

const SIZE = { width: 800, height: 600, pixelRatio: 1 }
const POSE = { x: -6, y: 3, yaw: 0 }
const SUBJECT = { lot: LOT, vehicle: VEHICLE, pose: POSE, targetSlotId: 'A2', plan: [] }

const onScreen = (points: readonly { x: number; y: number }[], rotation: number) => {
  const view = { ...fit(points, rotation, SIZE, 1), ...SIZE }
  return points.map((point) => toScreen(view, point))
}

describe('toScreen', () => {
  it('puts the camera centre in the middle, and north above it', () => {
    const view = { centre: { x: 5, y: 5 }, rotation: 0, scale: 10, ...SIZE }
    expect(toScreen(view, { x: 5, y: 5 })).toEqual({ x: 400, y: 300 })
    expect(toScreen(view, { x: 5, y: 6 })).toEqual({ x: 400, y: 290 })
  })
})

describe('fit', () => {
  it.each([0, Math.PI / 2, Math.PI, 0.7])('keeps everything on the canvas when turned by %f', (rotation) => {
    for (const { x, y } of onScreen(subjectPoints(SUBJECT, 'lot'), rotation)) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(SIZE.width)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(SIZE.height)
    }
  })

  it('does not zoom in further than it is told', () => {
    expect(fit([{ x: 0, y: 0 }], 0, SIZE, 0, 50).scale).toBe(50)
  })

  it('has an answer for nothing at all', () => {
    expect(fit([], 0, SIZE, 1).scale).toBeGreaterThan(0)
  })
})

describe('slot-up', () => {
  it('turns the way into the target slot upwards', () => {
    const slot = LOT.slots[1]
    if (!slot) throw new Error('the lot has two slots')
    const [entrance, , , far] = onScreen(slotCorners(slot), rotationFor('slot-up', LOT, 'A2'))
    expect(far?.y).toBeLessThan(entrance?.y ?? 0)
    expect(far?.x).toBeCloseTo(entrance?.x ?? 0)
  })

  it('leaves the world as it is when north is up', () => {
    expect(rotationFor('north-up', LOT, 'A2')).toBe(0)
  })
})

describe('following', () => {
  it('shows the car, the slot and the way ahead, not the rest of the lot', () => {
    const ahead = { ...SUBJECT, plan: [[-6, 3, 0], [12, 3, 0]] as const }
    const xs = subjectPoints(ahead, 'follow').map(({ x }) => x)
    expect(Math.max(...xs)).toBe(12)
    expect(subjectPoints(SUBJECT, 'follow')).toHaveLength(8)
  })

  it('shows the lot before there is a car or a slot', () => {
    const points = subjectPoints({ ...SUBJECT, pose: null, targetSlotId: null }, 'follow')
    expect(points).toEqual(subjectPoints({ ...SUBJECT, pose: null, targetSlotId: null }, 'lot'))
  })
})

it('eases a camera until it has arrived', () => {
  const to = { centre: { x: 3, y: 4 }, rotation: 1, scale: 50 }
  let camera = { centre: { x: 0, y: 0 }, rotation: 0, scale: 20 } as ReturnType<typeof easeCamera>
  for (let i = 0; i < 120; i += 1) camera = easeCamera(camera, to, 0.1)
  expect(sameCamera(camera, to)).toBe(true)
})
