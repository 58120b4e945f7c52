import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SessionSummary } from '@/shared/api/sessions'
import { dateTime, score, seconds } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import styles from './sessions.module.css'

export function SessionTable({ sessions }: { readonly sessions: readonly SessionSummary[] }) {
  const { t } = useTranslation()
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('sessions.when')}</th>
          <th scope="col">{t('sessions.driver')}</th>
          <th scope="col">{t('sessions.world')}</th>
          <th scope="col">{t('sessions.slot')}</th>
          <th scope="col">{t('sessions.result')}</th>
          <th scope="col" className={styles.number}>
            {t('sessions.score')}
          </th>
          <th scope="col">{t('sessions.assist')}</th>
          <th scope="col" className={styles.number}>
            {t('sessions.duration')}
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <Row key={session.session_id} session={session} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ session }: { readonly session: SessionSummary }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const when = dateTime(session.started_at ?? session.last_seen_at, language)
  const result = session.result ?? (session.state === 'running' ? 'running' : null)
  return (
    <tr>
      <td>
        {session.state === 'running' ? (
          <Link to="/live/$vehicleId" params={{ vehicleId: session.vehicle_id }}>
            {when} <span className="visually-hidden">{t('app.live')}</span>
          </Link>
        ) : (
          <Link to="/sessions/$sessionId" params={{ sessionId: session.session_id }}>
            {when} <span className="visually-hidden">{t('sessions.report')}</span>
          </Link>
        )}
      </td>
      <td>{session.driver_name ?? session.vehicle_id}</td>
      <td>{session.world ?? '–'}</td>
      <td>{session.slot_id ?? '–'}</td>
      <td>
        {result ? (
          <span className={styles.result} data-result={result}>
            {t(`result.${result}`)}
          </span>
        ) : (
          '–'
        )}
      </td>
      <td className={styles.number}>{session.state === 'reported' ? <b>{score(session.score)}</b> : '–'}</td>
      <td>{session.assist_level === null ? '–' : t('assist.label', { level: session.assist_level })}</td>
      <td className={styles.number}>{seconds(session.duration_s, language)}</td>
    </tr>
  )
}
