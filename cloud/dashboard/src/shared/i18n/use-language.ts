import { useTranslation } from 'react-i18next'
import type { Language } from '../format'
import { asLanguage } from './index'

/** The language on the screen. */
export const useLanguage = (): Language => asLanguage(useTranslation().i18n.language)
