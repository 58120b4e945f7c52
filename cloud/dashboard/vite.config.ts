import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// The server the development page talks to: the cloud services.
const server = process.env['PARKIT_DASHBOARD_BACKEND'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  // sockjs-client expects Node's `global`
  define: { global: 'globalThis' },
  resolve: { alias: { '@': at('./src'), '@data': at('../../coach_core/data') } },
  build: {
    target: 'es2022',
    // fonts and icons stay files: a data: URL would need a wider content security policy
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    fs: { allow: [at('.'), at('../../coach_core/data')] },
    proxy: {
      '/api': server,
      '/ws': { target: server, ws: true },
      '/sockjs': { target: server, ws: true },
    },
  },
})
