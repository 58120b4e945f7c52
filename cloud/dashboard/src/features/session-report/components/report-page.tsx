import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { dateTime } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import buttons from '@/shared/ui/button.module.css'
import { Message } from '@/shared/ui/message'
import { SlotReasons } from '@/shared/ui/slot-reasons'
import { useReplay, useReport } from '../hooks/use-report'
import { AlertTable } from './alert-table'
import { Charts } from './charts'
import { Figures } from './figures'
import { ReplayBoard } from './replay-board'
import styles from './report-page.module.css'
import { ScorePanel } from './score-panel'
import { Waterfall } from './waterfall'

/** What became of one session, and why. */
export function ReportPage({ sessionId }: { readonly sessionId: string }) {
  const { t } = useTranslation()
  const report = useReport(sessionId)
  if (report.data) return <Report report={report.data} />
  if (report.isError) {
    return (
      <Message title={t('app.failed')} why={report.error.message}>
        <button type="button" className={buttons.primary} onClick={() => void report.refetch()}>
          {t('app.retry')}
        </button>
      </Message>
    )
  }
  if (report.isPending) return <Message title={t('app.loading')} />
  return (
    <Message title={t('report.missing_title')} why={t('report.missing_why')}>
      <Link to="/sessions" className={buttons.quiet}>
        {t('report.back')}
      </Link>
    </Message>
  )
}

function Report({ report }: { readonly report: SessionReport }) {
  const { replay, playhead, recorded } = useReplay(report)
  return (
    <div className={styles.page}>
      <Header report={report} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <ReplayBoard report={report} replay={replay} playhead={playhead} recorded={recorded} />
          {replay.times.length > 0 && <Charts replay={replay} playhead={playhead} />}
          <AlertTable report={report} playhead={playhead} />
        </div>
        <aside className={styles.side}>
          <ScorePanel report={report} />
          <Waterfall card={report.card} playhead={playhead} />
          <SlotReasons offers={replay.lastOffers} />
          <Figures report={report} />
        </aside>
      </div>
    </div>
  )
}

function Header({ report }: { readonly report: SessionReport }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <header className={styles.header}>
      <Link to="/sessions" className={styles.back}>
        ← {t('report.back')}
      </Link>
      <h1>{t('report.title')}</h1>
      <p>{[report.driver_name, dateTime(report.started_at, language), report.world, report.slot_id, report.vehicle_id].filter(Boolean).join(' · ')}</p>
    </header>
  )
}
