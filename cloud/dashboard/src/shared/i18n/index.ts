import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../format'
import en from './en.json'
import ko from './ko.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof ko }
  }
}

export const LANGUAGES = ['ko', 'en'] as const satisfies readonly Language[]

export const asLanguage = (tag: string): Language => (tag.startsWith('en') ? 'en' : 'ko')

export function createI18n(language: Language): i18n {
  const instance = i18next.createInstance()
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { ko: { translation: ko }, en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  })
  return instance
}
