export default function Page() {
  return <p>Ask at /ask.</p>;
}
