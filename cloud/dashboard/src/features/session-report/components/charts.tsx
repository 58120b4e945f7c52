import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { angle, degrees, distance, seconds, speedKmh } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import { LEVEL_FILL } from '@/shared/severity'
import { Panel } from '@/shared/ui/panel'
import { usePlayheadTime } from '../hooks/use-report'
import type { Playhead } from '../model/playhead'
import { indexAt, type Replay } from '../model/replay'
import styles from './charts.module.css'
import { TimeChart } from './time-chart'

interface ChartsProps {
  readonly replay: Replay
  readonly playhead: Playhead
}

const FROM_ZERO = [0, null] as const
const CLEARANCE_RANGE = [0, 2] as const
const BANDS = [
  { below: 0.3, colour: `${LEVEL_FILL.critical}40` },
  { below: 0.6, colour: `${LEVEL_FILL.warning}33` },
  { below: 1.2, colour: `${LEVEL_FILL.caution}24` },
]

/** Speed, steering and clearance under the scene: one time axis, one cursor. */
export function Charts({ replay, playhead }: ChartsProps) {
  const { t } = useTranslation()
  const { series } = replay
  const speed = useMemo(
    () => [{ label: t('report.chart_actual'), colour: '--chart-a', values: series.speed.map((v) => v * 3.6) }],
    [series, t],
  )
  const steering = useMemo(
    () => [
      { label: t('report.chart_actual'), colour: '--chart-a', values: series.steering.map(degrees) },
      { label: t('report.chart_target'), colour: '--chart-b', dashed: true, values: series.target.map(degrees) },
    ],
    [series, t],
  )
  const steeringRange = useMemo(() => {
    const most = Math.max(10, ...series.steering.map((value) => Math.abs(degrees(value)))) * 1.1
    return [-most, most] as const
  }, [series])
  const clearance = useMemo(
    () => [{ label: t('report.chart_actual'), colour: '--chart-a', values: series.clearance }],
    [series, t],
  )
  return (
    <Panel title={t('report.charts')} aside={<Values replay={replay} playhead={playhead} />}>
      <TimeChart title={t('report.chart_speed')} time={series.time} lines={speed} range={FROM_ZERO} playhead={playhead} />
      <TimeChart title={t('report.chart_steering')} time={series.time} lines={steering} range={steeringRange} playhead={playhead} />
      <TimeChart title={t('report.chart_clearance')} time={series.time} lines={clearance} range={CLEARANCE_RANGE} bands={BANDS} playhead={playhead} />
      <Table replay={replay} />
    </Panel>
  )
}

/** What the charts read at the playhead. */
function Values({ replay, playhead }: ChartsProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { series } = replay
  const time = usePlayheadTime(playhead)
  const index = indexAt(series.time, time)
  return (
    <p className={styles.values}>
      <b>{seconds(time, language)}</b>
      <span>{speedKmh(series.speed[index])} km/h</span>
      <span>
        {t('live.wheel')} {angle(series.steering[index])}
      </span>
      <span>
        {t('live.nearest')} {distance(series.clearance[index])}
      </span>
    </p>
  )
}

/** One row a second, for those who cannot see the charts. */
function Table({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { series } = replay
  const rows: number[] = []
  for (let time = replay.start; time <= replay.end; time += 1) rows.push(indexAt(series.time, time))
  return (
    <details className={styles.table}>
      <summary>{t('report.chart_table')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('report.chart_time')}</th>
            <th scope="col">{t('report.chart_speed')}</th>
            <th scope="col">{t('report.chart_steering')}</th>
            <th scope="col">{t('report.chart_clearance')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={index}>
              <td>{seconds(series.time[index], language)}</td>
              <td>{speedKmh(series.speed[index])}</td>
              <td>{degrees(series.steering[index] ?? 0).toFixed(1)}</td>
              <td>{distance(series.clearance[index])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
