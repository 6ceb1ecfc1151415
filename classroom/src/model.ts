// What can be said of months: which histories hold when, means over a year, who gains, goals.
import type { Data, Frame, Goal, History, Pair, Side } from "./types";

/** The option of every control in a month; those that lack what they need are off. */
export function options(data: Data, history: History, month: number): Record<string, string> {
  const controls = data.controls.controls;
  const found: Record<string, string> = {};
  for (const [name, control] of Object.entries(controls)) found[name] = control.options[0].key;
  for (const [when, what] of history) if (when <= month)
    for (const [name, option] of what) if (name in found) found[name] = String(option);
  for (const [name, control] of Object.entries(controls))
    if (control.needs && control.needs.without.includes(found[control.needs.control])) found[name] = control.options[0].key;
  return found;
}

export const acts = (history: History, row: number, month: number): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const [when, what] of history) if (when <= month) for (const [name, value] of what) {
    const [kind, at, act] = name.split(".");
    if (kind !== "act" || Number(at) !== row) continue;
    if (value === null) delete found[act];
    else found[act] = Number(value);
  }
  return found;
};

export const heldRows = (history: History, month: number): Set<number> => {
  const rows = new Map<string, number>();
  for (const [when, what] of history) if (when <= month) for (const [name, value] of what) {
    if (!name.startsWith("act.")) continue;
    if (value === null) rows.delete(name);
    else rows.set(name, Number(name.split(".")[1]));
  }
  return new Set(rows.values());
};

/** The first month in which two histories differ, or nothing. */
export function parted(a: History, b: History): number | undefined {
  for (let n = 0; n < Math.max(a.length, b.length); n++) {
    const one = a[n], other = b[n];
    if (JSON.stringify(one) !== JSON.stringify(other)) return Math.min(one?.[0] ?? Infinity, other?.[0] ?? Infinity);
  }
  return undefined;
}

export type Frames = Map<number, Pair>;
export const lastChange = (...histories: History[]): number => Math.max(0, ...histories.flatMap((h) => h.map(([m]) => m)));

/** Frames of up to a year before and in a month, but none before ``from``. */
export function lately(frames: Frames, month: number, from = 0, most = 12): Pair[] {
  const found: Pair[] = [];
  for (let m = Math.max(from, month - most + 1); m <= month; m++) {
    const pair = frames.get(m);
    if (pair) found.push(pair);
  }
  return found;
}

const mean = (values: number[]): number | undefined =>
  values.length ? values.reduce((sum, v) => sum + v, 0) / values.length : undefined;

/** A series, ``fifth_1`` or ``money.insurance`` over some months of one side. */
export function level(pairs: Pair[], side: Side, what: string, people: number): number | undefined {
  const frames = pairs.map((pair) => pair[side]);
  if (what === "reserve") return frames.at(-1)?.values.reserve;
  const of = (frame: Frame): number | undefined => {
    if (what.startsWith("fifth_")) return (frame.fifths[Number(what.slice(6)) - 1] * 60) / people;
    if (what.startsWith("money.")) return (frame.money[what.slice(6)] * 12) / people;
    return frame.values[what];
  };
  return mean(frames.map(of).filter((v): v is number => v !== undefined));
}

export function gap(pairs: Pair[], what: string, people: number): number | undefined {
  const a = level(pairs, "a", what, people), b = level(pairs, "b", what, people);
  return a === undefined || b === undefined ? undefined : b - a;
}

export const reached = (goal: Goal, value: number | undefined): boolean =>
  value !== undefined && (goal.at_least === undefined || value >= goal.at_least) && (goal.at_most === undefined || value <= goal.at_most);
