import { useTranslation } from 'react-i18next'
import { clock } from '@/shared/format'
import type { LiveView } from '@/shared/stream/session-stream'
import { LevelIcon } from '@/shared/ui/level'
import { Panel } from '@/shared/ui/panel'
import { useAlertText } from '../hooks/use-alert-text'
import { useAnnouncement } from '../hooks/use-announcement'
import styles from './alerts.module.css'

const SHOWN = 60

/** What happened, newest first: a polite live region, and an assertive one for what is critical. */
export function Alerts({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const textOf = useAlertText()
  const critical = view.alerts.find(({ level }) => level === 'critical')
  const spoken = useAnnouncement(critical ? textOf(critical) : null)
  return (
    <Panel title={t('live.alerts')} className={styles.panel}>
      <div role="alert" className="visually-hidden">
        {spoken}
      </div>
      {/* a scrolling region has to be reachable by keyboard */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="log" aria-live="polite" aria-label={t('live.alerts')} tabIndex={0} className={styles.log}>
        {view.alerts.length === 0 && <p className={styles.empty}>{t('live.alerts_empty')}</p>}
        <ol>
          {view.alerts.slice(0, SHOWN).map((alert) => (
            <li key={alert.id} data-kind={alert.what.kind} data-level={alert.level}>
              <LevelIcon level={alert.level} size={18} />
              <span>{textOf(alert)}</span>
              <time>{clock(alert.simTimeS)}</time>
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  )
}
