export function ReportPage({ sessionId }: { readonly sessionId: string }) {
  return <p>{sessionId}</p>
}
