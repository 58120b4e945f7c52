import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fetchSessions } from '@/shared/api/sessions'
import buttons from '@/shared/ui/button.module.css'
import { Message } from '@/shared/ui/message'
import { matching, type Filter } from '../filter'
import { Filters } from './filters'
import { SessionTable } from './session-table'
import styles from './sessions.module.css'

const ASK_AGAIN_MS = 5000

interface SessionsPageProps {
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}

/** Past sessions, newest first. */
export function SessionsPage({ filter, onFilter }: SessionsPageProps) {
  const { t } = useTranslation()
  const pages = useInfiniteQuery({
    queryKey: ['sessions', filter.result ?? null],
    queryFn: ({ pageParam }) => fetchSessions(pageParam, filter.result),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ASK_AGAIN_MS,
  })
  const all = pages.data?.pages.flatMap(({ sessions }) => sessions) ?? []
  const shown = matching(all, filter)
  const filtered = filter.find !== undefined || filter.result !== undefined
  if (pages.isError) {
    return (
      <Message title={t('app.failed')} why={pages.error.message}>
        <button type="button" className={buttons.primary} onClick={() => void pages.refetch()}>
          {t('app.retry')}
        </button>
      </Message>
    )
  }
  if (pages.isPending) return <Message title={t('app.loading')} />
  if (all.length === 0 && !filtered) {
    return (
      <Message title={t('sessions.empty_title')} why={t('sessions.empty_why')}>
        <Link to="/" className={buttons.primary}>
          {t('sessions.empty_do')}
        </Link>
      </Message>
    )
  }
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{t('sessions.title')}</h1>
        <p>{t('sessions.subtitle')}</p>
        <Filters filter={filter} onFilter={onFilter} />
      </header>
      {shown.length === 0 ? (
        <p className={styles.none}>
          {t('sessions.none_match')}{' '}
          <button type="button" className={buttons.quiet} onClick={() => onFilter({})}>
            {t('sessions.clear')}
          </button>
        </p>
      ) : (
        <SessionTable sessions={shown} />
      )}
      {pages.hasNextPage && (
        <button type="button" className={buttons.quiet} onClick={() => void pages.fetchNextPage()}>
          {t('sessions.more')}
        </button>
      )}
    </div>
  )
}
