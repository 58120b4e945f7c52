import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fetchReport } from '@/shared/api/sessions'
import type { ScoreCard } from '@/shared/contracts.generated'
import { score } from '@/shared/format'
import type { LiveView } from '@/shared/stream/session-stream'
import buttons from '@/shared/ui/button.module.css'
import styles from './ended-banner.module.css'

const ASK_AGAIN_MS = 700

/** How the session ended, its score as soon as there is one, and the way to the report. */
export function EndedBanner({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const { ended, sessionId } = view
  const report = useQuery({
    queryKey: ['report', sessionId],
    queryFn: () => fetchReport(sessionId ?? ''),
    enabled: ended !== null && sessionId !== null,
    refetchInterval: ({ state }) => (state.data ? false : ASK_AGAIN_MS),
  })
  // a rubric that counts faults has no number: it says passed or not
  const verdict = ({ score: points, passed }: ScoreCard) =>
    points === null && passed !== null ? t(passed ? 'report.passed' : 'report.not_passed') : score(points)
  if (!ended || !sessionId) return null
  return (
    <div className={styles.banner} role="status">
      <div>
        <p className={styles.result}>{t(`result.${ended.result}`)}</p>
        <p className={styles.note}>{report.data ? t('assist.label', { level: report.data.assist_level }) : t('live.ended_wait')}</p>
      </div>
      {report.data && (
        <p className={styles.score} data-passed={report.data.card.passed}>
          <span className="visually-hidden">{t('live.ended_score')} </span>
          {verdict(report.data.card)}
        </p>
      )}
      <Link to="/sessions/$sessionId" params={{ sessionId }} className={buttons.primary}>
        {t('live.ended_report')}
      </Link>
    </div>
  )
}
