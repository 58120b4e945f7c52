import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { LANGUAGES } from '@/shared/i18n'
import { usePreferences } from '@/shared/ui/preferences'
import { useTheme } from '@/shared/ui/use-theme'
import styles from './shell.module.css'

const ICONS = {
  live: 'M4 12a8 8 0 0 1 16 0M8 12a4 4 0 0 1 8 0M12 12v.1M6 20h12',
  sessions: 'M5 5h14M5 12h14M5 19h9',
} as const

/** The frame of every page: the rail on the left, the page beside it. */
export function Shell() {
  const { t } = useTranslation()
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        {t('app.skip')}
      </a>
      <nav className={styles.rail} aria-label={t('app.nav')}>
        <Link to="/" className={styles.brand} aria-label={t('app.name')}>
          <svg width="38" height="38" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M8 25V9a3 3 0 0 1 3-3h6.5a6.5 6.5 0 0 1 0 13H13v6" fill="none" stroke="var(--accent)" strokeWidth="3.4" strokeLinecap="round" strokeLinejoin="round" />
            <circle cx="22.5" cy="25" r="2.2" fill="var(--accent)" />
          </svg>
        </Link>
        <RailLink to="/" icon="live" label={t('app.live')} />
        <RailLink to="/sessions" icon="sessions" label={t('app.sessions')} />
        <Switches />
      </nav>
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}

interface RailLinkProps {
  readonly to: '/' | '/sessions'
  readonly icon: keyof typeof ICONS
  readonly label: string
}

function RailLink({ to, icon, label }: RailLinkProps) {
  return (
    <Link to={to} className={styles.link} activeOptions={{ exact: to === '/' }}>
      <svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        <path d={ICONS[icon]} />
      </svg>
      {label}
    </Link>
  )
}

function Switches() {
  const { t } = useTranslation()
  const { language, set } = usePreferences()
  const theme = useTheme()
  const other = LANGUAGES.find((each) => each !== language) ?? 'en'
  return (
    <div className={styles.switches}>
      <button type="button" onClick={() => set({ language: other })} aria-label={`${t('app.language')}: ${other === 'ko' ? '한' : 'EN'}`}>
        {other === 'ko' ? '한' : 'EN'}
      </button>
      <button type="button" onClick={() => set({ theme: theme === 'dark' ? 'light' : 'dark' })} aria-label={`${t('app.theme')}: ${t(theme === 'dark' ? 'app.theme_light' : 'app.theme_dark')}`}>
        <svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
          <path d={theme === 'dark' ? 'M12 8a4 4 0 1 0 0 8 4 4 0 1 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600L19 19M5 19l1.400-1.400M17.600 6.400L19 5' : 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500Z'} />
        </svg>
      </button>
    </div>
  )
}
