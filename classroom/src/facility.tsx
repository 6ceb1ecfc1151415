// A facility: what one more patient brings it under A and B, what it therefore does, and the hands of a student on it.
import { acts } from "./model";
import { nameOf } from "./map";
import type { At, AtBoth, Data, Place, Sides } from "./types";
import { pick, plain, say, signed, told } from "./words";

const cell = (each: { value: number; kind: string }): string =>
  each.kind === "share" ? `${plain(100 * each.value)} %` : each.kind === "money" ? signed(each.value) : plain(each.value, 2);

const EARNS = ["margin_admission", "margin_down", "margin_day", "margin_coding", "margin_take", "margin_up", "margin_managed"];
const DOES = ["send", "stay", "upcode", "accept", "manage", "serve"];

type Props = {
  data: Data; place: Place; row: number; at: AtBoth | undefined; sides: Sides; month: number; live: boolean; mayHold: boolean; mayAct: boolean;
  holder: string | undefined; onAct: (act: string, option: number | null) => void; onFamily: () => void; onHold: (() => void) | undefined;
};

export function Facility(props: Props) {
  const { data, place, row, at, sides, month, live, mayHold, mayAct, holder, onAct, onFamily, onHold } = props;
  const mine = acts(sides.b, row, month + 1), tier = place.tier[row];
  const held = Object.keys(mine).length > 0;
  const hands = Object.entries(data.hands).filter(([, act]) => act.tiers.includes(tier));
  const own = at?.own.b ?? null;
  return (
    <div class="facility">
      <h2>{nameOf(place, row)} {held && <span class="badge">{say("you")}</span>}</h2>
      {holder && <p class="soft">{pick(`${say("held_by")} ${holder}`, `${say("held_by")}${holder}`)}</p>}
      {!live && <p class="soft">{say("needs_program")}</p>}
      {at && !held && <Earns a={at.a} b={at.b} />}
      {mayAct && <p class="soft">{say("be")}</p>}
      {(mayAct || held) && (
        <div class="hands">
          {hands.map(([name, act]) => (
            <div class="control" key={name} role="group" aria-label={told(act.label)}>
              <span class="label">{told(act.label)}</span>
              <span class="buttons">
                {act.options.map((option, n) => (
                  <button key={n} class="b" aria-pressed={mine[name] === n} onClick={() => onAct(name, mine[name] === n ? null : n)} disabled={!mayAct}>{told(option)}</button>
                ))}
              </span>
            </div>
          ))}
        </div>
      )}
      {at && held && <Compared at={at} own={own} />}
      <p class="row">
        {onHold && <button class="small" onClick={onHold}>{say("hold")}</button>}
        {mayHold && held && <button class="small" onClick={() => Object.keys(mine).forEach((act) => onAct(act, null))}>{say("let_go")}</button>}
        {tier < 2 && live && <button class="small" onClick={onFamily}>{say("families_here")}</button>}
      </p>
    </div>
  );
}

/** What one more of each brings, and so what is done. */
function Earns({ a, b }: { a: At; b: At }) {
  const rows = (earns: boolean) => b.shown.flatMap((each, n) => ((earns ? EARNS : DOES).includes(each.name) ? [[each, a.shown[n]] as const] : []));
  return (
    <table class="earns">
      <thead><tr><th scope="col">{say("one_more")}</th><th scope="col" class="a">A</th><th scope="col" class="b">B</th></tr></thead>
      <tbody>
        {rows(true).map(([to, from]) => <tr key={to.en}><th scope="row">{told(to)}</th><td class="a">{cell(from)}</td><td class="b">{cell(to)}</td></tr>)}
        <tr class="head"><th scope="row">{say("so_it")}</th><td></td><td></td></tr>
        {rows(false).map(([to, from]) => <tr key={to.en}><th scope="row">{told(to)}</th><td class="a">{cell(from)}</td><td class="b">{cell(to)}</td></tr>)}
        <tr><th scope="row">{say("visits")}</th><td class="a">{plain(a.visits)}</td><td class="b">{plain(b.visits)}</td></tr>
        {b.stays > 0 && <tr><th scope="row">{say("stays")}</th><td class="a">{plain(a.stays)}</td><td class="b">{plain(b.stays)}</td></tr>}
        <tr><th scope="row">{say("year")}</th><td class="a">{signed(a.year / 1e4)}</td><td class="b">{signed(b.year / 1e4)}</td></tr>
      </tbody>
    </table>
  );
}

/** The student beside what the model's own facility would have come to under the same rules. */
function Compared({ at, own }: { at: AtBoth; own: At | null }) {
  const rows: [string, (each: At) => string][] = [
    [say("margin"), (each) => signed(each.margin / 1e4, Math.abs(each.margin) < 1e5 ? 1 : 0)],
    [say("year"), (each) => signed(each.year / 1e4)],
    [say("visits"), (each) => plain(each.visits)],
    [say("stays"), (each) => plain(each.stays)],
  ];
  return (
    <table class="earns">
      <thead><tr><td></td><th scope="col" class="b">{say("compare")}</th><th scope="col">{say("your_model")}</th></tr></thead>
      <tbody>{rows.map(([head, value]) => <tr key={head}><th scope="row">{head}</th><td class="b">{value(at.b)}</td><td>{own ? value(own) : "–"}</td></tr>)}</tbody>
    </table>
  );
}

