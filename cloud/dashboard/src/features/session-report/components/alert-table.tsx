import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { clock, distance, seconds } from '@/shared/format'
import { sectorName } from '@/shared/i18n/score-texts'
import { useLanguage } from '@/shared/i18n/use-language'
import { LevelChip } from '@/shared/ui/level'
import { Panel } from '@/shared/ui/panel'
import type { Playhead } from '../model/playhead'
import styles from './alert-table.module.css'

/** A warning is shown from this long before it began. */
const LEAD_S = 2

interface AlertTableProps {
  readonly report: SessionReport
  readonly playhead: Playhead
}

/** Every span at caution or worse, in order of time. */
export function AlertTable({ report, playhead }: AlertTableProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const spans = report.alerts.filter(({ level }) => level !== 'clear').sort((a, b) => a.t0_s - b.t0_s)
  if (spans.length === 0) {
    return (
      <Panel title={t('report.alerts')}>
        <p className={styles.none}>{t('report.alerts_none')}</p>
      </Panel>
    )
  }
  return (
    <Panel title={t('report.alerts')} aside={<b>{spans.length}</b>}>
      {/* a scrolling region has to be reachable by keyboard */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={t('report.alerts')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('report.alert_when')}</th>
              <th scope="col">{t('report.alert_level')}</th>
              <th scope="col">{t('report.alert_where')}</th>
              <th scope="col">{t('report.alert_least')}</th>
              <th scope="col">{t('report.alert_for')}</th>
            </tr>
          </thead>
          <tbody>
            {spans.map((span, index) => (
              <tr key={index}>
                <td>
                  <button type="button" onClick={() => playhead.seek(span.t0_s - LEAD_S)} aria-label={`${clock(span.t0_s)} ${t('report.show')}`}>
                    {clock(span.t0_s)}
                  </button>
                </td>
                <td>
                  <LevelChip level={span.level} />
                </td>
                <td>{sectorName(span.sector, language)}</td>
                <td>{distance(span.min_distance_m)}</td>
                <td>{seconds(span.t1_s - span.t0_s, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
