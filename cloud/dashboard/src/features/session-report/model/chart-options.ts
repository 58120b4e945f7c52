import type uPlot from 'uplot'

export interface Line {
  readonly label: string
  readonly colour: string
  readonly dashed?: boolean
}

export interface Band {
  /** Upper end of the band; it reaches down to the next one's, or to zero. */
  readonly below: number
  readonly colour: string
}

export interface ChartSpec {
  readonly width: number
  readonly height: number
  readonly lines: readonly Line[]
  readonly range: readonly [number | null, number | null]
  readonly bands?: readonly Band[]
  readonly text: string
  readonly grid: string
  readonly syncKey: string
  readonly onSeek: (time: number) => void
}

const GUTTER_PX = 54
const FONT = "11px 'Inter Variable', 'Noto Sans KR Variable', sans-serif"

/** Bands of danger behind the lines. */
const drawBands = (bands: readonly Band[]) => (chart: uPlot) => {
  const { ctx, bbox } = chart
  let lower = chart.valToPos(0, 'y', true)
  for (const { below, colour } of [...bands].sort((a, b) => a.below - b.below)) {
    const upper = Math.max(bbox.top, chart.valToPos(below, 'y', true))
    ctx.fillStyle = colour
    ctx.fillRect(bbox.left, upper, bbox.width, Math.max(0, Math.min(lower, bbox.top + bbox.height) - upper))
    lower = upper
  }
}

/** Options of one of the stacked charts: the same gutter and cursor as its neighbours, dragging zooms them all. */
export function chartOptions(spec: ChartSpec): uPlot.Options {
  const axis = { stroke: spec.text, font: FONT, grid: { stroke: spec.grid, width: 1 }, ticks: { stroke: spec.grid, width: 1, size: 4 } }
  return {
    width: spec.width,
    height: spec.height,
    legend: { show: false },
    cursor: {
      sync: { key: spec.syncKey, setSeries: false },
      points: { size: 7 },
      drag: { x: true, y: false },
      bind: {
        mouseup: (chart, _target, handler) => (event) => {
          handler(event)
          // a click seeks; what was dragged has zoomed
          if (chart.select.width < 3 && chart.cursor.left !== undefined) spec.onSeek(chart.posToVal(chart.cursor.left, 'x'))
          return null
        },
      },
    },
    scales: {
      x: { time: false },
      y: {
        range: (_chart, low, high) => [
          spec.range[0] ?? Math.min(low, 0),
          spec.range[1] ?? Math.max(high * 1.1, 0.5),
        ],
      },
    },
    axes: [
      { ...axis, size: 26, values: (_chart, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis, size: GUTTER_PX, space: 26 },
    ],
    series: [
      {},
      ...spec.lines.map(({ label, colour, dashed }) => ({
        label,
        stroke: colour,
        width: 1.75,
        points: { show: false },
        ...(dashed ? { dash: [5, 5] } : {}),
      })),
    ],
    hooks: { drawClear: spec.bands ? [drawBands(spec.bands)] : [] },
  }
}
