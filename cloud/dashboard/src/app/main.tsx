import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { createI18n } from '@/shared/i18n'
import { StompHub } from '@/shared/stream/stomp-hub'
import { HubContext } from '@/shared/stream/use-session-stream'
import { usePreferences } from '@/shared/ui/preferences'
import { useTheme } from '@/shared/ui/use-theme'
import './fonts.css'
import './tokens.css'
import { router } from './router'

const hub = new StompHub(window.location.origin)
hub.start()
const i18n = createI18n(usePreferences.getState().language)
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 2000 } } })

/** Carries the person's language and theme to where they take effect. */
function Appearance({ children }: { readonly children: ReactNode }) {
  const language = usePreferences((preferences) => preferences.language)
  const theme = useTheme()
  useEffect(() => {
    void i18n.changeLanguage(language)
    document.documentElement.lang = language
  }, [language])
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  return children
}

const container = document.getElementById('root')
if (!container) throw new Error('index.html has no #root')
createRoot(container).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <HubContext value={hub}>
          <Appearance>
            <RouterProvider router={router} />
          </Appearance>
        </HubContext>
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
)
