// The lessons: a list, and the one that is on, with goals that the page checks as months pass.
import { useState } from "preact/hooks";
import { gap, lately, reached, type Frames } from "./model";
import type { Data, Goal, Place, Sides } from "./types";
import { lastChange } from "./model";
import { pick, plain, say, signed, told } from "./words";

export const YEAR = 12;

/** Every goal of a lesson: what it compares, once twelve months have passed since the last change. */
export function checked(data: Data, id: string, sides: Sides, frames: Frames, month: number, place: Place) {
  const since = lastChange(sides.a, sides.b), pairs = lately(frames, month, since);
  const ready = pairs.length >= YEAR && lastChange(sides.b) > 1;
  return data.lessons[id].goals.map((goal) => {
    const value = ready ? gap(pairs, goal.what, place.population) : undefined;
    return { goal, value, reached: reached(goal, value) };
  });
}

const shownGap = (data: Data, goal: Goal, value: number): string => {
  const share = data.series[goal.what]?.kind === "share";
  return share ? signed(100 * value, 1) + pick(" points", "个百分点") : signed(value, Math.abs(value) < 20 ? 1 : 0);
};

type Props = {
  data: Data; sides: Sides; frames: Frames; month: number; place: Place; lesson: string | undefined; done: Set<string>; live: boolean;
  onBegin: (id: string) => void; onLeave: () => void;
};

export function Lessons({ data, sides, frames, month, place, lesson, done, live, onBegin, onLeave }: Props) {
  const [hint, setHint] = useState("");
  const ids = Object.keys(data.lessons);
  if (!lesson) {
    return (
      <div class="lessons">
        <p class="soft">{live ? say("pick_lesson") : say("needs_program")}</p>
        <ol>
          {ids.map((id) => (
            <li key={id}><button class="link" onClick={() => onBegin(id)} disabled={!live}>{told(data.lessons[id].title)}</button>{done.has(id) && <span class="badge">✓<span class="sr">{say("solved")}</span></span>}</li>
          ))}
        </ol>
      </div>
    );
  }
  const each = data.lessons[lesson], goals = checked(data, lesson, sides, frames, month, place);
  const solved = done.has(lesson), next = ids[ids.indexOf(lesson) + 1];
  const passed = Math.min(YEAR, Math.max(0, month - lastChange(sides.a, sides.b) + 1));
  return (
    <div class="lessons">
      <h2>{ids.indexOf(lesson) + 1}. {told(each.title)}</h2>
      {!solved && <p>{told(each.task)}</p>}
      <ul class="goals">
        {goals.map(({ goal, value, reached: there }) => (
          <li key={goal.en} class={value === undefined ? "" : there ? "yes" : "no"}>
            <span aria-hidden="true">{value === undefined ? "○" : there ? "●" : "◐"}</span> {told(goal)}
            {value !== undefined && <b> {shownGap(data, goal, value)}</b>}
          </li>
        ))}
      </ul>
      {solved ? <p class="explain" role="status"><b>{say("solved")}{pick(". ", "。")}</b>{told(each.explain)}</p>
        : goals.some(({ value }) => value === undefined) && <p class="soft">{say("goal_wait")} {passed > 0 && passed < YEAR ? `${plain(passed)} / ${YEAR}` : ""}</p>}
      {hint === lesson && !solved && <p class="hint">{told(each.hint)}</p>}
      <p class="row">
        {!solved && hint !== lesson && <button class="small" onClick={() => setHint(lesson)}>{say("hint")}</button>}
        {solved && next && <button class="small strong" onClick={() => onBegin(next)}>{say("next")}</button>}
        <button class="small" onClick={onLeave}>{say("all_lessons")}</button>
      </p>
    </div>
  );
}
