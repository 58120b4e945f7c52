import { useTranslation } from 'react-i18next'
import { milliseconds, seconds } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import type { LiveView } from '@/shared/stream/session-stream'
import styles from './link-pill.module.css'

/** How far the picture can be trusted: the link's state, and what the way from the car took. */
export function LinkPill({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { link } = view
  const figures = {
    p50: milliseconds(view.toScreenP50Us),
    p95: milliseconds(view.toScreenP95Us),
    decision: milliseconds(view.decisionP95Us),
    error: milliseconds(view.clockUncertaintyUs),
  }
  return (
    <div className={styles.pill} data-link={link} title={t('link.details', figures)}>
      <span className={styles.state}>
        <span className={styles.dot} aria-hidden="true" />
        {t(`link.${link}`)}
      </span>
      {link === 'reconnecting' && <span>{t('link.attempt', { n: view.attempt })}</span>}
      {(link === 'stale' || link === 'offline') && view.ageS !== null && (
        <span>{t('link.last_frame', { age: seconds(view.ageS, language) })}</span>
      )}
      {(link === 'live' || link === 'delayed') && (
        <>
          <Figure name={t('link.to_screen')} value={`${figures.p50} / ${figures.p95}`} />
          <Figure name={t('link.decision')} value={figures.decision} />
          <Figure name="±" value={figures.error} wide />
        </>
      )}
    </div>
  )
}

function Figure({ name, value, wide }: { readonly name: string; readonly value: string; readonly wide?: boolean }) {
  return (
    <span className={styles.figure} data-wide={wide}>
      {name} <b>{value}</b>
    </span>
  )
}
