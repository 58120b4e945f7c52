import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { LivePage } from '@/features/live-session/components/live-page'
import { readFilter } from '@/features/session-list/filter'
import { WallPage } from '@/features/wall/components/wall-page'
import { Message } from '@/shared/ui/message'
import buttons from '@/shared/ui/button.module.css'
import { Shell } from './shell'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

function NotFound() {
  const { t } = useTranslation()
  return (
    <Message title={t('app.not_found')}>
      <Link to="/" className={buttons.primary}>
        {t('app.to_live')}
      </Link>
    </Message>
  )
}

const wall = createRoute({ getParentRoute: () => root, path: '/', component: WallPage })

const live = createRoute({
  getParentRoute: () => root,
  path: '/live/$vehicleId',
  component: function Live() {
    const { vehicleId } = live.useParams()
    // a car's page starts afresh for another car
    return <LivePage key={vehicleId} vehicleId={vehicleId} />
  },
})

const ReportPage = lazyRouteComponent(() => import('@/features/session-report/components/report-page'), 'ReportPage')
const SessionsPage = lazyRouteComponent(() => import('@/features/session-list/components/sessions-page'), 'SessionsPage')

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: readFilter,
  component: function Sessions() {
    const navigate = sessions.useNavigate()
    return <SessionsPage filter={sessions.useSearch()} onFilter={(search) => void navigate({ search, replace: true })} />
  },
})

const report = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$sessionId',
  component: function Report() {
    const { sessionId } = report.useParams()
    return <ReportPage key={sessionId} sessionId={sessionId} />
  },
})

export const router = createRouter({
  routeTree: root.addChildren([wall, live, sessions, report]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
