// The county as a fan: the city hospital on top and outside, the county hospital, townships around, villages behind.
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Edge, Frame, Place, Side } from "./types";
import { pick, say } from "./words";

const W = 616, H = 284, CITY = [308, 33], COUNTY = [308, 122];
export type Spot = { x: number; y: number; r: number };

/** Where every facility is drawn. */
export function layout(place: Place): Spot[] {
  const spots: Spot[] = place.tier.map(() => ({ x: 0, y: 0, r: 0 }));
  const byPeople = place.tier.flatMap((tier, row) => (tier === 1 ? [row] : [])).sort((a, b) => place.people[b] - place.people[a]);
  const centres: number[] = []; // the county town, which is the largest, in the middle
  byPeople.forEach((row, n) => (n % 2 ? centres.push(row) : centres.unshift(row)));
  const most = Math.max(...centres.map((row) => place.people[row]));
  const arc: [number, number, number][] = [];
  for (let k = 0; k <= 400; k++) {
    const angle = Math.PI * (1.03 - (1.06 * k) / 400);
    arc.push([308 + 246 * Math.cos(angle), 80 + 140 * Math.sin(angle), 0]);
    if (k) arc[k][2] = arc[k - 1][2] + Math.hypot(arc[k][0] - arc[k - 1][0], arc[k][1] - arc[k - 1][1]);
  }
  const long = arc[400][2];
  centres.forEach((row, n) => {
    const at = (long * n) / (centres.length - 1);
    const [x, y] = arc.find((point) => point[2] >= at - 0.01)!;
    const r = 8 + 5 * Math.sqrt(place.people[row] / most);
    spots[row] = { x, y, r };
    const villages = place.tier.flatMap((tier, other) => (tier === 0 && place.centre[other] === row ? [other] : []));
    const angle = Math.atan2((y - 76) * 1.35, x - 308), out = r + 8.5;
    const ux = Math.cos(angle), uy = Math.sin(angle);
    villages.forEach((village, k) => {
      const line = Math.floor(k / 4), inLine = Math.min(4, villages.length - 4 * line);
      const side = ((k % 4) - (inLine - 1) / 2) * 8.4, away = out + line * 8.4;
      spots[village] = { x: x + ux * away - uy * side, y: y + uy * away + ux * side, r: 3.1 };
    });
  });
  place.tier.forEach((tier, row) => {
    if (tier === 3) spots[row] = { x: CITY[0], y: CITY[1], r: 29 };
    if (tier === 2) spots[row] = { x: COUNTY[0], y: COUNTY[1], r: 33 };
  });
  return spots;
}

export const water = (load: number): string =>
  load < 70 ? "#c9d4dc" : load < 90 ? "#9db0c0" : load < 100 ? "#71889d" : load <= 110 ? "#43576b" : "#25303c";
const COLOURS = { walk: "#8793a0", up: "#7a3f9d", down: "#0f7d63" };
type Kind = keyof typeof COLOURS;
const KINDS: Kind[] = ["walk", "up", "down"];

export const nameOf = (place: Place, row: number): string => {
  const tier = place.tier[row];
  if (tier === 3) return say("city");
  if (tier === 2) return say("hospital");
  const rank = place.tier.slice(0, row + 1).filter((each) => each === tier).length;
  return tier === 1 ? pick(`Township centre ${rank}`, `第${rank}乡镇卫生院`) : pick(`Village clinic ${rank}`, `第${rank}村卫生室`);
};

export function sentence(place: Place, frame: Frame, row: number): string {
  const load = frame.load[row], ring = frame.ring[row];
  const fill = pick(`${load} % full`, `负荷${load} %`);
  const money = ring >= 0 ? pick(`keeps ${ring} of 100 yuan earned`, `每百元收入结余${ring}元`) : pick(`loses ${-ring} of 100 yuan earned`, `每百元收入亏损${-ring}元`);
  return `${nameOf(place, row)}: ${fill}${pick(", ", "，")}${money}`;
}

const curve = (from: Spot, to: Spot, kind: Kind): [number, number] => {
  const bend = kind === "walk" ? 0.06 : kind === "up" ? -0.1 : 0.16;
  return [(from.x + to.x) / 2 + (to.y - from.y) * bend, (from.y + to.y) / 2 - (to.x - from.x) * bend];
};

/** Flows as a mean of some months: few people are sent in one. */
export function mixed(frames: Frame[], kind: Kind): Edge[] {
  const sums = new Map<string, number>();
  for (const frame of frames) for (const [a, b, n] of frame.flows[kind]) sums.set(`${a} ${b}`, (sums.get(`${a} ${b}`) ?? 0) + n / frames.length);
  return [...sums].map(([key, n]) => [...key.split(" ").map(Number), n] as Edge);
}

type Props = {
  side: Side; place: Place; spots: Spot[]; frame: Frame; recent: Frame[]; moving: boolean; chosen: number | undefined;
  held: Set<number>; colour: string; onPick: (row: number) => void; onHover: (text: string) => void;
};

export function CountyMap(props: Props) {
  const { side, place, spots, frame, recent, chosen, held, colour, onPick, onHover } = props;
  const edges = useMemo(() => Object.fromEntries(KINDS.map((kind) => [kind, mixed(recent, kind)])) as Record<Kind, Edge[]>, [recent]);
  const canvas = useRef<HTMLCanvasElement>(null);
  useDots(canvas, edges, spots, props.moving);
  const rows = place.tier.map((_, row) => row);
  const tell = (row: number) => onHover(sentence(place, frame, row));
  const events = (row: number) => ({
    onClick: () => onPick(row), onMouseEnter: () => tell(row), onMouseLeave: () => onHover(""),
    onFocus: () => tell(row), onBlur: () => onHover(""),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onPick(row); }
    },
  });
  return (
    <div class="map">
      <svg viewBox={`0 0 ${W} ${H}`} aria-hidden="true">
        <path d="M20 66 C20 52 44 51 62 55 C190 76 426 76 554 55 C572 51 596 52 596 66 C604 186 470 264 308 264 C146 264 12 186 20 66Z"
          fill="#f3efe4" stroke={frame.team === null ? "#ddd7ca" : colour} stroke-width={frame.team === null ? 1 : 1.5 + 3.2 * frame.team}
          stroke-dasharray={frame.team === 0 ? "6 5" : undefined} />
        {KINDS.map((kind) => edges[kind].map(([a, b, n]) => {
          const [x, y] = curve(spots[a], spots[b], kind);
          return <path key={`${kind}${a} ${b}`} d={`M${spots[a].x} ${spots[a].y}Q${x} ${y} ${spots[b].x} ${spots[b].y}`} fill="none"
            stroke={COLOURS[kind]} stroke-opacity={kind === "walk" ? 0.34 : 0.75} stroke-width={Math.max(0.6, 0.52 * Math.sqrt(n / 100))} />;
        }))}
      </svg>
      <canvas ref={canvas} width={W * 2} height={H * 2} aria-hidden="true" />
      <svg viewBox={`0 0 ${W} ${H}`} role="group" aria-label={pick(`Map of county ${side.toUpperCase()}`, `${side.toUpperCase()}县地图`)}>
        {rows.filter((row) => place.tier[row] === 0).map((row) => (
          <circle key={row} class={`village${chosen === row ? " chosen" : ""}`} cx={spots[row].x} cy={spots[row].y} r={spots[row].r + (held.has(row) ? 1.5 : 0)}
            fill={held.has(row) ? "#f2a900" : water(frame.load[row])} onClick={() => onPick(row)} onMouseEnter={() => tell(row)} onMouseLeave={() => onHover("")} />
        ))}
        {rows.filter((row) => place.tier[row] > 0).map((row) => {
          const { x, y, r } = spots[row], load = frame.load[row], ring = frame.ring[row];
          const level = Math.min(1, load / 115), big = place.tier[row] > 1;
          const clip = `${side}${row}`;
          return (
            <g key={row} class={`node${chosen === row ? " chosen" : ""}`} role="button" tabIndex={0} aria-label={sentence(place, frame, row)} {...events(row)}>
              {chosen === row && <circle cx={x} cy={y} r={r + 6.5} fill="none" stroke="#f2a900" stroke-width="2.5" />}
              <clipPath id={clip}><circle cx={x} cy={y} r={r} /></clipPath>
              <circle cx={x} cy={y} r={r} fill="#fffefb" />
              <rect clip-path={`url(#${clip})`} x={x - r} y={y + r - 2 * r * level} width={2 * r} height={2 * r * level} fill={water(load)} />
              <circle cx={x} cy={y} r={r + 0.4} fill="none" stroke={ring >= 0 ? "#0f7d63" : "#c2341d"} stroke-dasharray={ring < 0 ? "4 3" : undefined}
                stroke-width={(big ? 2.2 : 1.3) + (big ? 0.14 : 0.07) * Math.min(30, Math.abs(ring))} />
              {held.has(row) && <circle cx={x + r * 0.75} cy={y - r * 0.75} r="5" fill="#f2a900" stroke="#fffefb" />}
              {big && <text x={x} y={y + 5.5} class={load >= 90 ? "load light" : "load"}>{load} %</text>}
            </g>
          );
        })}
        <text x={CITY[0] + 42} y={CITY[1] - 6} class="place">{say("city")}</text>
        <text x={CITY[0] + 42} y={CITY[1] + 11} class="soft">{say("outside")}</text>
        <text x={COUNTY[0] + 46} y={COUNTY[1] + 4} class="place">{say("hospital")}</text>
        {[...held].filter((row) => place.tier[row] === 2).map((row) => <text key={row} x={COUNTY[0] + 46} y={COUNTY[1] + 20} class="soft">{say("you")}</text>)}
      </svg>
    </div>
  );
}

/** People as dots that move along the edges; none for those who asked for less motion. */
function useDots(canvas: { current: HTMLCanvasElement | null }, edges: Record<Kind, Edge[]>, spots: Spot[], moving: boolean) {
  const kept = useRef({ edges, spots, moving });
  kept.current = { edges, spots, moving };
  useEffect(() => {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    let asked = 0, clock = 0, before = performance.now();
    const draw = (now: number) => {
      asked = requestAnimationFrame(draw);
      const { edges, spots, moving } = kept.current, element = canvas.current;
      const passed = Math.min(60, now - before);
      before = now;
      if (!element || !moving || document.hidden) return;
      clock += passed / 2600;
      const pen = element.getContext("2d")!;
      pen.setTransform(2, 0, 0, 2, 0, 0);
      pen.clearRect(0, 0, W, H);
      for (const kind of KINDS) {
        pen.fillStyle = COLOURS[kind];
        for (const [a, b, n] of edges[kind]) {
          const count = Math.max(kind === "walk" ? 0 : 1, Math.round(n / 700));
          const from = spots[a], to = spots[b], [cx, cy] = curve(from, to, kind);
          for (let k = 0; k < count; k++) {
            const t = (clock + k / count + ((a * 37 + b * 11) % 29) / 29) % 1, u = 1 - t;
            pen.beginPath();
            pen.arc(u * u * from.x + 2 * u * t * cx + t * t * to.x, u * u * from.y + 2 * u * t * cy + t * t * to.y, kind === "walk" ? 1.7 : 2.7, 0, 7);
            pen.fill();
          }
        }
      }
    };
    asked = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(asked);
  }, []);
}

