import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import { readdirSync } from 'node:fs'
import tseslint from 'typescript-eslint'

/** Forbid `files` to import from the folders of `src` named in `from`, by alias or by relative path. */
const forbid = (files, from, message) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: `^(@/|(\\.\\./)+)(${from.join('|')})(/|$)`, message }] },
    ],
  },
})

const features = readdirSync(new URL('./src/features', import.meta.url))

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/shared/contracts.generated.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, jsxA11y.flatConfigs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  // vitest's matchers are of type any
  { files: ['**/*.test.{ts,tsx}'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  // imports flow shared -> features -> app, and features do not know each other
  forbid(['src/shared/**'], ['features', 'app'], 'shared/ knows neither features nor the app'),
  ...features.map((feature) =>
    forbid(
      [`src/features/${feature}/**`],
      ['app', ...features.filter((other) => other !== feature).map((other) => `features/${other}`)],
      'a feature imports from shared/ only, not from the app or another feature',
    ),
  ),
)
