import { describe, expect, it } from 'vitest'
import { LOT, VEHICLE } from '@/testing/messages'
import { recordingContext, type Call } from '@/testing/recording-context'
import { LEVEL_FILL, type Level } from '../severity'
import { drawScene, scaleBarMetres } from './draw-scene'
import { SCENE_PALETTES } from './palette'
import { ALL_LAYERS, type Layers, type Scene } from './scene'
import type { View } from './view'

const PALETTE = SCENE_PALETTES.dark

const VIEW: View = { centre: { x: 0, y: 0 }, rotation: 0, scale: 40, width: 800, height: 600, pixelRatio: 2 }

const SCENE: Scene = {
  lot: LOT,
  vehicle: VEHICLE,
  pose: { x: 0, y: 3, yaw: 0 },
  steering: 0.2,
  gear: 'R',
  braking: false,
  level: 'clear',
  sectors: [],
  targetSlotId: 'A1',
  occupancy: {},
  plan: [
    [0, 3, 0],
    [1, 3, 0],
    [0, 2.5, 0],
  ],
  obstacles: [[1, 1]],
  trail: [],
  stale: false,
}

function draw(change: Partial<Scene> = {}, layers: Layers = ALL_LAYERS, view: View = VIEW): Call[] {
  const { ctx, calls } = recordingContext()
  drawScene(ctx, { ...SCENE, ...change }, view, PALETTE, layers)
  return calls
}

const texts = (calls: Call[]) => calls.filter(({ name }) => name === 'fillText').map((call) => call.arguments[0])
const sweeps = (calls: Call[]) => calls.filter((call) => call.name === 'fill' && call.fillStyle === PALETTE.sweepFill)
const coneArcs = (calls: Call[], level: Level) =>
  calls.filter(({ name, strokeStyle }) => name === 'stroke' && strokeStyle === LEVEL_FILL[level])

const oneSector = (level: Level) => [{ sector: 'rear_left', distance_m: 0.42, level }]

describe('drawScene', () => {
  it('draws in device pixels and leaves the context as it found it', () => {
    const calls = draw()
    expect(calls.find(({ name }) => name === 'setTransform')?.arguments).toEqual([2, 0, 0, 2, 0, 0])
    const count = (name: string) => calls.filter((call) => call.name === name).length
    expect(count('save')).toBe(count('restore'))
  })

  it('marks the target slot with a P and names every slot', () => {
    expect(texts(draw())).toEqual(expect.arrayContaining(['P', 'A1', 'A2']))
  })

  it('marks no slot before one is chosen', () => {
    expect(texts(draw({ targetSlotId: null }))).not.toContain('P')
  })

  it('shows the cars reckoned with, but none where the car is to go', () => {
    const parked = (calls: Call[]) => calls.filter(({ name, fillStyle }) => name === 'fill' && fillStyle === PALETTE.parked)
    expect(parked(draw({ occupancy: { A1: 'unknown', A2: 'occupied' } }))).toHaveLength(1)
    expect(parked(draw({ occupancy: { A2: 'free' } }))).toHaveLength(0)
  })

  it.each(['R', 'D'] as const)('shows the ground the car would cover in %s', (gear) => {
    expect(sweeps(draw({ gear }))).toHaveLength(1)
  })

  it.each(['P', 'N'] as const)('shows no swept path in %s', (gear) => {
    expect(sweeps(draw({ gear }))).toHaveLength(0)
  })

  it.each([
    ['caution', 1],
    ['warning', 2],
    ['critical', 3],
  ] as const)('draws a %s cone with %i bars, so that its level is told without its colour', (level, bars) => {
    // the car's edge takes the level of the scene, which is clear here
    expect(coneArcs(draw({ sectors: oneSector(level) }), level)).toHaveLength(bars)
  })

  it('writes the distance beside the most dangerous sector only', () => {
    const sectors = [...oneSector('critical'), { sector: 'front_left', distance_m: 0.9, level: 'caution' as const }]
    const written = texts(draw({ sectors }))
    expect(written).toContain('42 cm')
    expect(written).not.toContain('90 cm')
  })

  it('dims a stale picture with the colour of the ground, over everything but the scale', () => {
    const ground = (calls: Call[]) => calls.filter(({ name, fillStyle }) => name === 'fillRect' && fillStyle === PALETTE.ground)
    expect(ground(draw())).toHaveLength(1)
    expect(ground(draw({ stale: true }))).toHaveLength(2)
  })

  it('dots the plan and marks its change of direction with a diamond', () => {
    const calls = draw()
    expect(calls.some(({ name, arguments: [dash] }) => name === 'setLineDash' && Array.isArray(dash) && dash[0] === 0.1)).toBe(true)
    expect(calls.filter(({ name, fillStyle }) => name === 'fill' && fillStyle === PALETTE.ground)).toHaveLength(1)
  })

  it('leaves out the layers that are switched off', () => {
    const none: Layers = { cones: false, sweep: false, plan: false, trail: false, obstacles: false, labels: false }
    const calls = draw({ sectors: oneSector('critical') }, none)
    expect(texts(calls)).toEqual([])
    expect(sweeps(calls)).toHaveLength(0)
    expect(coneArcs(calls, 'critical')).toHaveLength(0)
  })

  it('draws the lot alone while no car is known', () => {
    const calls = draw({ pose: null })
    expect(sweeps(calls)).toHaveLength(0)
    expect(texts(calls)).toContain('A2')
  })

  it('is the same picture for the same scene', () => {
    expect(draw()).toEqual(draw())
  })
})

describe('scale bar', () => {
  it.each([
    [90, 1],
    [40, 2],
    [20, 5],
    [5, 20],
  ])('at %i px a metre is %i m long', (scale, metres) => {
    expect(scaleBarMetres(scale)).toBe(metres)
  })
})
