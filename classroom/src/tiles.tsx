// Who gains and who loses; and the sentence that says the answer.
import { gap, lately, level, type Frames } from "./model";
import type { Place } from "./types";
import { pick, plain, say, signed, type Key } from "./words";

const ROWS: [Key, string][] = [
  ["families", "money.families"], ["poorest", "fifth_1"], ["richest", "fifth_5"], ["stations", "money.stations"], ["centres", "money.centres"],
  ["county", "money.county"], ["city", "money.city"], ["insurance", "money.insurance"], ["public", "money.public"], ["suppliers", "money.suppliers"],
];

/** The months that a comparison may use: those since the sides first differed, at most the last twelve. */
export function compared(frames: Frames, month: number, since: number | undefined) {
  return since === undefined || month < since ? [] : lately(frames, month, since);
}

type Props = { frames: Frames; month: number; place: Place; since: number | undefined };

export function GainLoss({ frames, month, place, since }: Props) {
  const pairs = compared(frames, month, since);
  const values = ROWS.map(([, what]) => {
    const value = pairs.length ? gap(pairs, what, place.population) : undefined;
    return value === undefined ? undefined : what.startsWith("fifth") ? -value : value;
  });
  const most = Math.max(20, ...values.map((v) => Math.abs(v ?? 0)));
  return (
    <section class="tile gains" aria-label={say("who")}>
      <h2>{say("who")}</h2>
      <p class="soft">{say("who_unit")}</p>
      {pairs.length === 0 ? <p class="empty">{say("who_none")}</p> : (
        <table><tbody>
          {ROWS.map(([key, what], n) => {
            const value = values[n] ?? 0, share = (Math.abs(value) / most) * 50;
            return (
              <tr key={key} class={what.startsWith("fifth") ? "part" : ""}>
                <th scope="row">{say(key)}</th>
                <td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect x={value >= 0 ? 50 : 50 - share} y={what.startsWith("fifth") ? 2.5 : 0.5} width={share} height={what.startsWith("fifth") ? 5 : 9} fill={value >= 0 ? "#0f7d63" : "#c2341d"} />
                  <rect x="49.6" y="0" width="0.8" height="10" fill="#8793a0" />
                </svg></td>
                <td class="n">{signed(value)}</td>
              </tr>
            );
          })}
        </tbody></table>
      )}
    </section>
  );
}

/** One sentence with numbers: what B did, and whether somebody games. */
export function answer(frames: Frames, month: number, place: Place, since: number | undefined): string {
  if (since === undefined) return say("same");
  const pairs = compared(frames, month, since);
  if (month - since < 2 || !pairs.length) return say("soon");
  const delta = (what: string) => gap(pairs, what, place.population) ?? 0;
  const found: [number, string][] = [];
  const add = (what: string, least: number, en: (n: string, up: boolean) => string, zh: (n: string, up: boolean) => string, times = 1, digits = 0) => {
    const value = delta(what) * times;
    if (Math.abs(value) >= least) {
      const n = plain(Math.abs(value), digits);
      found.push([Math.abs(value) / least, pick(en(n, value > 0), zh(n, value > 0))]);
    }
  };
  add("near", 1, (n, up) => `${n} in 100 visits move ${up ? "closer to home" : "away from home"}`, (n, up) => `每100次就诊有${n}次${up ? "回到" : "离开"}基层`, 100);
  add("inside", 1.5, (n, up) => `${n} in 100 stays ${up ? "come back to" : "leave"} the county`, (n, up) => `每100次住院有${n}次${up ? "回到" : "流出"}县内`, 100);
  add("wait", 0.2, (n, up) => `the city wait ${up ? "grows" : "falls"} by ${n} h`, (n, up) => `市级医院候诊${up ? "延长" : "缩短"}${n}小时`, 1, 1);
  add("pays", 1, (n, up) => `families pay ${n} points ${up ? "more" : "less"} of their bills`, (n, up) => `个人自付比例${up ? "上升" : "下降"}${n}个百分点`, 100);
  add("down", 1, (n, up) => `${n} in 100 stable patients ${up ? "more" : "fewer"} are sent down`, (n, up) => `稳定患者每100人${up ? "多" : "少"}下转${n}人`, 100);
  add("served", 5, (n, up) => `of 100 signed, ${n} ${up ? "more" : "fewer"} are really served`, (n, up) => `每100名签约者真正得到服务的${up ? "多" : "少"}${n}人`, 100);
  add("reserve", 1, (n, up) => `the reserve ${up ? "gains" : "loses"} ${n} months`, (n, up) => `医保结余${up ? "多" : "少"}付${n}个月`, 1, 1);
  found.sort((one, other) => other[0] - one[0]);
  let text = found.length ? (pick("B: ", "B规则下，") + found.slice(0, 2).map(([, clause]) => clause).join(pick(", ", "，"))) : say("nothing");
  const coded = level(pairs, "b", "coded", place.population) ?? 0, split = level(pairs, "b", "split", place.population) ?? 0;
  const fake = level(pairs, "b", "fake", place.population) ?? 0;
  if (coded > 0.06 && delta("coded") > 0.02) text += pick(`; hospitals code ${plain(100 * coded)} in 100 cases too high`, `；医院把每100例中的${plain(100 * coded)}例编高一级`);
  else if (split > 0.02 && delta("split") > 0.01) text += pick(`; ${plain(100 * split)} in 100 stays are billed as two`, `；每100次住院有${plain(100 * split)}次被拆成两次收费`);
  else if (fake > 0.05) text += pick(`; ${plain(100 * fake)} in 100 patients are sent down on paper only`, `；每100例下转有${plain(100 * fake)}例只在账上`);
  return text + pick(".", "。");
}

