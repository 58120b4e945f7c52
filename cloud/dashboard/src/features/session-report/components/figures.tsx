import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { angle, distance, milliseconds, seconds } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import { Panel } from '@/shared/ui/panel'
import styles from './figures.module.css'

/** Below this a deviation is not worth a direction [m, rad]. */
const EXACT_M = 0.005
const EXACT_RAD = 0.0009

/** The measured facts of a session. */
export function Figures({ report }: { readonly report: SessionReport }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { end_pose: end, decision_latency: latency } = report
  const off = (value: number, exact: number, words: readonly [string, string]) =>
    Math.abs(value) < exact ? t('report.exact') : value > 0 ? words[0] : words[1]
  const rows: (readonly [string, string])[] = [
    ...(end
      ? ([
          [t('report.end_lateral'), off(end.lateral_m, EXACT_M, [t('report.to_right', { value: distance(end.lateral_m) }), t('report.to_left', { value: distance(end.lateral_m) })])],
          [t('report.end_depth'), off(end.depth_m, EXACT_M, [t('report.too_deep', { value: distance(end.depth_m) }), t('report.too_shallow', { value: distance(end.depth_m) })])],
          [t('report.end_yaw'), off(end.yaw_rad, EXACT_RAD, [t('report.turned_left', { value: angle(end.yaw_rad) }), t('report.turned_right', { value: angle(end.yaw_rad) })])],
        ] as const)
      : []),
    [t('report.min_clearance'), distance(report.min_clearance_m)],
    [t('report.cusps'), t('report.times', { n: report.cusps })],
    [t('report.contacts'), report.contacts === 0 ? t('report.none') : t('report.times', { n: report.contacts })],
    [t('report.duration'), seconds(report.duration_s, language)],
    [t('report.decision_p50'), milliseconds(latency.p50_us)],
    [t('report.decision_p99'), milliseconds(latency.p99_us)],
    [t('report.frames'), String(report.frames)],
    [t('report.missing'), report.missing_frames === 0 ? t('report.none') : String(report.missing_frames)],
  ]
  return (
    <Panel title={t('report.figures')}>
      <dl className={styles.figures}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
