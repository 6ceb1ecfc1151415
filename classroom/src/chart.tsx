// A series of A against B over the months, small enough for a tile.
import type { Frames } from "./model";
import type { Data, Side } from "./types";
import { pick, plain, told } from "./words";

const W = 190, H = 156, LEFT = 31, BOTTOM = 20, TOP = 6;
const COLOURS = { a: "#1b5e9b", b: "#b8480e" };

export const shown = (data: Data, what: string, value: number | undefined): string => {
  if (value === undefined) return "–";
  if (data.series[what].kind === "share") return `${plain(100 * value, Math.abs(value) < 0.1 ? 1 : 0)} %`;
  return plain(value, Math.abs(value) < 20 ? 1 : 0);
};

function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 3, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= rough)!;
  const found: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return found;
}

type Props = { data: Data; what: string; frames: Frames; month: number; marks: { side: Side; month: number }[]; onWhat: (what: string) => void };

export function Chart({ data, what, frames, month, marks, onWhat }: Props) {
  const series = data.series[what], share = series.kind === "share";
  const lines: Record<Side, [number, number][]> = { a: [], b: [] };
  for (let m = 0; m <= month; m++) {
    const pair = frames.get(m);
    for (const side of ["a", "b"] as Side[]) {
      const value = pair?.[side].values[what];
      if (value !== undefined) lines[side].push([m, value * (share ? 100 : 1)]);
    }
  }
  const smooth = (line: [number, number][]): [number, number][] => line.map(([m], n) => {
    const near = line.slice(Math.max(0, n - 2), n + 1);
    return [m, near.reduce((sum, [, v]) => sum + v, 0) / near.length];
  });
  const drawn = { a: smooth(lines.a), b: smooth(lines.b) };
  const values = [...drawn.a, ...drawn.b].map(([, v]) => v);
  let low = Math.min(...values), high = Math.max(...values);
  if (!values.length) [low, high] = [0, 1];
  const room = Math.max((high - low) * 0.18, share ? 1.5 : Math.abs(high) * 0.05 + 0.05);
  [low, high] = [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  const last = Math.max(24, Math.min(data.horizon - 1, Math.ceil((month + 1) / 12) * 12));
  const x = (m: number) => LEFT + ((W - LEFT - 4) * m) / last;
  const y = (v: number) => TOP + (H - TOP - BOTTOM) * (1 - (v - low) / (high - low));
  const path = (line: [number, number][]) => line.map(([m, v], n) => `${n ? "L" : "M"}${x(m).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const now = (side: Side) => drawn[side].at(-1)?.[1];
  const years = Array.from({ length: Math.floor(last / 12) + 1 }, (_, k) => k).filter((k) => 12 * k <= last - 5 && (last <= 36 || k % 2 === 0));
  const text = (side: Side) => {
    const value = now(side);
    return shown(data, what, value === undefined ? undefined : value / (share ? 100 : 1));
  };
  return (
    <section class="tile chart">
      <label class="sr" for={`s-${what}`}>{pick("What is drawn", "画什么")}</label>
      <select id={`s-${what}`} value={what} title={told(series.about)} onChange={(event) => onWhat((event.target as HTMLSelectElement).value)}>
        {Object.entries(data.series).map(([name, each]) => <option key={name} value={name}>{told(each.label)}</option>)}
      </select>
      <p class="figures"><b class="a"><small>A</small> {text("a")}</b> <b class="b"><small>B</small> {text("b")}</b>{series.unit && <small class="unit">{told(series.unit)}</small>}</p>
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`${told(series.label)}: A ${text("a")}, B ${text("b")}`}>
        {ticks(low, high).map((v) => <g key={v}><line x1={LEFT} x2={W - 4} y1={y(v)} y2={y(v)} class="grid" />
          <text x={LEFT - 5} y={y(v) + 4} class="tick end">{plain(v, high - low < 3 ? 1 : 0)}</text></g>)}
        {years.map((k) => <text key={k} x={x(12 * k)} y={H - 4} class="tick mid">{data.start[0] + k}</text>)}
        {marks.filter((mark) => mark.month <= month).map((mark) => <line key={`${mark.side}${mark.month}`} x1={x(mark.month)} x2={x(mark.month)} y1={TOP} y2={H - BOTTOM} stroke={COLOURS[mark.side]} stroke-opacity=".5" stroke-dasharray="5 4" />)}
        <path d={path(drawn.a)} fill="none" stroke={COLOURS.a} stroke-width="2" stroke-linejoin="round" />
        <path d={path(drawn.b)} fill="none" stroke={COLOURS.b} stroke-width="2.2" stroke-dasharray="5 3" stroke-linejoin="round" />
      </svg>
    </section>
  );
}
