export type Lang = "en" | "zh";
export type Side = "a" | "b";
export const SIDES: Side[] = ["a", "b"];
export type Both = { en: string; zh: string };
export type History = [number, [string, string | number | null][]][];
export type Edge = [number, number, number];

export type Frame = {
  load: number[];
  ring: number[];
  flows: { walk: Edge[]; up: Edge[]; down: Edge[] };
  values: Record<string, number>;
  money: Record<string, number>;
  fifths: number[];
  team: number | null;
};
export type Pair = { a: Frame; b: Frame };

export type Option = Both & { key: string };
export type Control = {
  group: string; label: Both; about: Both; options: Option[]; needs?: Both & { control: string; without: string[] };
};
export type Series = { kind: "share" | "number"; unit?: Both; better: number; label: Both; about: Both };
export type Act = { tiers: number[]; label: Both; options: (Both & { value: number })[] };
export type Goal = Both & { what: string; at_least?: number; at_most?: number };
export type Lesson = {
  title: Both; task: Both; hint: Both; explain: Both; goals: Goal[]; months: number;
  setup?: { a?: Record<string, string>; b?: Record<string, string> }; solution: Record<string, string>;
};
export type Door = { inside: boolean; class: boolean; teacher: boolean; code?: string; addresses?: string[] };
export type Data = {
  controls: { groups: Record<string, Both>; controls: Record<string, Control> };
  series: Record<string, Series>;
  households: Record<string, { label: Both }>;
  hands: Record<string, Act>;
  lessons: Record<string, Lesson>;
  programmes: Record<string, { title: Both }>;
  horizon: number;
  start: [number, number];
  door?: Door;
};
export type Place = {
  tier: number[]; centre: number[]; people: number[]; population: number; families: number; seed: number;
  households: Record<string, number>; groups: Record<string, Both>;
};
export type Sides = Record<Side, History>;
export type Changes = { sides: Sides; code: string; back: number; together: boolean; wrong?: string };

export type Choice = {
  place: number; minutes: number; wait: number; price: number; chance: number | null; utility: number; drawn: number;
};
export type Episode = {
  age: number; sex: number; kind: number; group: string; severity: number; options: Choice[]; first: number;
  why: { rival: number; for: string[]; against: string[] } | null; seen: number; cured: boolean; referred: number;
  needs_bed: boolean; admitted: number; days: number; moved_to: number; tail: number; paid: number; fund: number;
  others: number;
};
export type Story = {
  family: number; urban: boolean; poor: boolean; income: number; home: number;
  members: { age: number; sex: number; pressure: number; sugar: number; signed: number; served: number; plan: string }[];
  months: { month: string; paid_year: number; trust: number; episodes: Episode[] }[];
};
export type At = {
  row: number; visits: number; stays: number; income: number; margin: number; year: number;
  shown: (Both & { name: string; value: number; kind: string })[];
};
export type AtBoth = { a: At; b: At; own: { a: At | null; b: At | null } };
export type County = { month: number; holders: Record<string, string>; code: string; name?: string; got?: boolean };
export type Results = Record<string, Record<string, { values: Record<string, number>; code: string }>>;
