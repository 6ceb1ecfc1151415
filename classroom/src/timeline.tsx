// The months as a line with a flag for every change; what the lines and rings of the map mean.
import { useEffect, useRef } from "preact/hooks";
import type { Data, Side } from "./types";
import { date, say } from "./words";

type TimelineProps = { data: Data; month: number; head: number; marks: { side: Side; month: number }[]; free: boolean; onMonth: (month: number) => void };

export function Timeline({ data, month, head, marks, free, onMonth }: TimelineProps) {
  const last = data.horizon - 1;
  return (
    <div class="timeline">
      <svg viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="12" width="1000" height="4" fill="#ddd7ca" />
        <rect x="0" y="12" width={(1000 * head) / last} height="4" fill="#9db0c0" />
        <rect x="0" y="12" width={(1000 * month) / last} height="4" fill="#1c2733" />
        {Array.from({ length: Math.floor(last / 12) + 1 }, (_, k) => <rect key={k} x={(12000 * k) / last} y="8" width="1" height="12" fill="#8793a0" />)}
      </svg>
      <input type="range" min="0" max={last} value={month} disabled={!free} aria-label={say("month")} aria-valuetext={date(data.start, month)}
        onChange={(event) => { const to = Number((event.target as HTMLInputElement).value); onMonth(Math.min(to, head)); (event.target as HTMLInputElement).value = String(Math.min(to, head)); }} />
      {marks.map(({ side, month: m }) => <Flag key={`${side}${m}`} side={side} left={(100 * m) / last} text={date(data.start, m)} onClick={() => onMonth(Math.max(0, m - 1))} />)}
    </div>
  );
}

function Flag({ side, left, text, onClick }: { side: Side; left: number; text: string; onClick: () => void }) {
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => { element.current?.style.setProperty("left", `${left}%`); }, [left]);
  return <button ref={element} class={`flag ${side}`} onClick={onClick} aria-label={`${side.toUpperCase()}: ${text}`} title={text}>{side.toUpperCase()}</button>;
}

export function Legend() {
  const line = (colour: string) => <svg viewBox="0 0 24 8" aria-hidden="true"><rect y="2.5" width="24" height="3" rx="1.5" fill={colour} /></svg>;
  return (
    <ul class="legend">
      <li>{line("#8793a0")}{say("walk")}</li><li>{line("#7a3f9d")}{say("up")}</li><li>{line("#0f7d63")}{say("down")}</li>
      <li><svg viewBox="0 0 20 20" class="round" aria-hidden="true"><circle cx="10" cy="10" r="7.5" fill="none" stroke="#0f7d63" stroke-width="3" /></svg>{say("earns")}</li>
      <li><svg viewBox="0 0 20 20" class="round" aria-hidden="true"><circle cx="10" cy="10" r="7.5" fill="none" stroke="#c2341d" stroke-width="3" stroke-dasharray="4 3" /></svg>{say("loses")}</li>
      <li><svg viewBox="0 0 20 20" class="round" aria-hidden="true"><circle cx="10" cy="10" r="8" fill="#fffefb" stroke="#8793a0" /><path d="M2.2 9a8 8 0 1 0 15.6 0Z" fill="#71889d" /></svg>{say("full")}</li>
    </ul>
  );
}
