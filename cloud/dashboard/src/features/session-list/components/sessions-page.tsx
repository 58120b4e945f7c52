export function SessionsPage() {
  return <p />
}
