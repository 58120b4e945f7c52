/** Colours of the drawing that depend on the theme; those of the levels do not (see severity.ts). */
export interface ScenePalette {
  readonly ground: string
  readonly grid: string
  readonly asphalt: string
  readonly paint: string
  readonly paintText: string
  readonly wall: string
  readonly parked: string
  readonly parkedEdge: string
  readonly wallEdge: string
  readonly target: string
  readonly targetFill: string
  readonly plan: string
  readonly planDone: string
  readonly trail: string
  readonly sweepFill: string
  readonly sweepEdge: string
  readonly obstacle: string
  readonly body: string
  readonly bodyEdge: string
  readonly glass: string
  readonly tyre: string
  readonly coneIdle: string
  readonly text: string
  readonly plate: string
  /** Under lines in a level's colour: yellow on white would be lost without it. */
  readonly levelEdge: string
}

export type Theme = 'dark' | 'light'

export const SCENE_PALETTES: Readonly<Record<Theme, ScenePalette>> = {
  dark: {
    ground: '#0A0F1C',
    grid: 'rgba(148, 170, 210, 0.055)',
    asphalt: '#151D2E',
    paint: 'rgba(226, 234, 248, 0.62)',
    paintText: 'rgba(226, 234, 248, 0.42)',
    wall: '#3A4660',
    parked: '#26314A',
    parkedEdge: '#4A5A7C',
    wallEdge: '#55647F',
    target: '#34D3A6',
    targetFill: 'rgba(52, 211, 166, 0.13)',
    plan: '#34D3A6',
    planDone: 'rgba(52, 211, 166, 0.28)',
    trail: 'rgba(148, 170, 210, 0.75)',
    sweepFill: 'rgba(125, 176, 255, 0.13)',
    sweepEdge: 'rgba(150, 192, 255, 0.85)',
    obstacle: '#F4F7FC',
    body: '#E9EEF7',
    bodyEdge: '#0A0F1C',
    glass: '#26324A',
    tyre: '#05080F',
    coneIdle: 'rgba(148, 170, 210, 0.2)',
    text: '#D6DFEE',
    plate: 'rgba(10, 15, 28, 0.78)',
    levelEdge: 'rgba(10, 15, 28, 0.6)',
  },
  light: {
    ground: '#E4E9F1',
    grid: 'rgba(20, 36, 66, 0.06)',
    asphalt: '#F6F8FB',
    paint: 'rgba(46, 62, 92, 0.62)',
    paintText: 'rgba(46, 62, 92, 0.55)',
    wall: '#A9B4C6',
    parked: '#D3DBE7',
    parkedEdge: '#94A3BB',
    wallEdge: '#78859B',
    target: '#07785A',
    targetFill: 'rgba(12, 158, 118, 0.14)',
    plan: '#07785A',
    planDone: 'rgba(7, 120, 90, 0.3)',
    trail: 'rgba(66, 84, 118, 0.7)',
    sweepFill: 'rgba(37, 99, 235, 0.1)',
    sweepEdge: 'rgba(37, 99, 235, 0.75)',
    obstacle: '#1E293B',
    body: '#26324A',
    bodyEdge: '#FFFFFF',
    glass: '#A9BAD4',
    tyre: '#05080F',
    coneIdle: 'rgba(46, 62, 92, 0.22)',
    text: '#26324A',
    plate: 'rgba(255, 255, 255, 0.86)',
    levelEdge: 'rgba(11, 16, 32, 0.75)',
  },
}
