import { useTranslation } from 'react-i18next'
import type { LiveView } from '@/shared/stream/session-stream'
import { LinkPill } from './link-pill'
import styles from './live-page.module.css'

interface LiveHeaderProps {
  readonly vehicleId: string
  readonly view: LiveView
}

/** Who drives which car where, with how much help, and how fresh the picture is. */
export function LiveHeader({ vehicleId, view }: LiveHeaderProps) {
  const { t } = useTranslation()
  const { started, decision, frame } = view
  const assist = decision?.assist_level ?? started?.assist_level
  const faults = frame?.faults ?? []
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <h1>{started?.driver_name || vehicleId}</h1>
        <p>{[started ? vehicleId : null, started?.world, view.targetSlotId].filter(Boolean).join(' · ')}</p>
      </div>
      {assist !== undefined && (
        <p className={styles.assist}>
          <b>{t('assist.label', { level: assist })}</b> {t(`assist.${assist as 0 | 1 | 2 | 3 | 4}`)}
        </p>
      )}
      {faults.length > 0 && (
        <p className={styles.fault}>
          {t('live.faults')}: {faults.join(', ')}
        </p>
      )}
      <LinkPill view={view} />
    </header>
  )
}
