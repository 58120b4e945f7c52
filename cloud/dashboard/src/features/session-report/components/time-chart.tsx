import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useTheme } from '@/shared/ui/use-theme'
import { chartOptions, type Band, type Line } from '../model/chart-options'
import type { Playhead } from '../model/playhead'
import styles from './charts.module.css'

interface TimeChartProps {
  readonly title: string
  readonly time: readonly number[]
  readonly lines: readonly (Line & { readonly values: readonly number[] })[]
  readonly range: readonly [number | null, number | null]
  readonly bands?: readonly Band[]
  readonly playhead: Playhead
}

const HEIGHT_PX = 128
const SYNC_KEY = 'session'

const cssColour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** One quantity over time. The picture is for the eye; its numbers are in the table beneath the charts. */
export function TimeChart({ title, time, lines, range, bands, playhead }: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const element = host.current
    if (!element) return
    const chart = new uPlot(
      chartOptions({
        width: element.clientWidth,
        height: HEIGHT_PX,
        lines: lines.map((line) => ({ ...line, colour: cssColour(line.colour) })),
        range,
        ...(bands ? { bands } : {}),
        text: theme === 'dark' ? '#a3b1cb' : '#4c5b75',
        grid: theme === 'dark' ? '#1d2740' : '#e3e8f0',
        syncKey: SYNC_KEY,
        onSeek: (at) => playhead.seek(at),
      }),
      [[...time], ...lines.map(({ values }) => values.map((value) => (Number.isNaN(value) ? null : value)))],
      element,
    )
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    observer.observe(element)
    const follow = () => {
      chart.setCursor({ left: chart.valToPos(playhead.time, 'x'), top: -10 }, false)
    }
    follow()
    const stop = playhead.subscribe(follow)
    return () => {
      stop()
      observer.disconnect()
      chart.destroy()
    }
  }, [time, lines, range, bands, playhead, theme])
  return (
    <figure className={styles.chart}>
      <figcaption>
        {title}
        {lines.length > 1 &&
          lines.map((line) => (
            <span key={line.label} style={{ color: `var(${line.colour})` }} data-dashed={line.dashed}>
              {line.label}
            </span>
          ))}
      </figcaption>
      <div ref={host} aria-hidden="true" />
    </figure>
  )
}
